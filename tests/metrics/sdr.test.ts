import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/core/errors.ts';
import { framewiseMedianSdr, sdr } from '../../src/metrics/sdr.ts';
import { noise } from '../dsp/noise.ts';
import fixture from '../fixtures/metrics.json' with { type: 'json' };
import { type Layout, makeSources, rate } from './sources.ts';

describe('sdr', () => {
  it.each(fixture.sdr)('matches numpy for a whole sound and for the median of its frames: $layout', (expected) => {
    const { references, estimates } = makeSources(expected.layout as Layout);
    expect(sdr(references[0], estimates[0])).toBeCloseTo(expected.sdr, 5);
    expect(framewiseMedianSdr(references[0], estimates[0], rate)).toBeCloseTo(expected.median, 5);
  });

  it('is 20 dB for an estimate that is a tenth too loud, at any level', () => {
    for (const level of [1e-3, 1, 100]) {
      const s = noise(1, 1000).map((value) => level * value);
      expect(sdr([s], [s.map((value) => 1.1 * value)])).toBeCloseTo(20, 3);
    }
  });

  it('is 0 dB for silence and −6 dB for the wrong sign', () => {
    const s = noise(2, 1000);
    expect(sdr([s, s], [new Float32Array(1000), new Float32Array(1000)])).toBe(0);
    expect(sdr([s], [s.map((value) => -value)])).toBeCloseTo(-6.0206, 3);
  });

  it('is NaN for a silent reference and Infinity for a perfect estimate', () => {
    const s = noise(3, 100);
    expect(sdr([new Float32Array(100)], [s])).toBeNaN();
    expect(sdr([new Float32Array(100)], [new Float32Array(100)])).toBeNaN();
    expect(sdr([s], [s])).toBe(Number.POSITIVE_INFINITY);
    expect(sdr([], [])).toBeNaN();
  });

  it('rejects sounds of different shapes', () => {
    expect(() => sdr([noise(1, 10)], [noise(1, 11)])).toThrow(ParameterError);
    expect(() => sdr([noise(1, 10)], [noise(1, 10), noise(2, 10)])).toThrow(ParameterError);
    expect(() => sdr([noise(1, 10), noise(1, 9)], [noise(1, 10), noise(2, 10)])).toThrow(ParameterError);
  });
});

describe('framewiseMedianSdr', () => {
  const frame = 100;
  /** Frames with an error of `errors[i]` times the reference. */
  const withErrors = (errors: readonly number[]) => {
    const reference = noise(4, frame * errors.length);
    return { reference, estimate: reference.map((value, n) => value * (1 + errors[Math.floor(n / frame)])) };
  };

  it('is the median, not the mean, of the frames', () => {
    const { reference, estimate } = withErrors([0.1, 0.01, 1]);
    expect(framewiseMedianSdr([reference], [estimate], frame)).toBeCloseTo(20, 3);
  });

  it('is the mean of the middle two for an even number of frames', () => {
    const { reference, estimate } = withErrors([0.1, 0.01, 1, 0.01]);
    expect(framewiseMedianSdr([reference], [estimate], frame)).toBeCloseTo(30, 2);
  });

  it('skips silent frames, and a partial frame at the end', () => {
    const { reference, estimate } = withErrors([0.1, 1, 0.1, 1]);
    reference.fill(0, frame, 2 * frame);
    const end = 3 * frame + 50;
    expect(framewiseMedianSdr([reference.slice(0, end)], [estimate.slice(0, end)], frame)).toBeCloseTo(20, 3);
  });

  it('uses a sound of less than a second as one frame, and is NaN for silence', () => {
    const { reference, estimate } = withErrors([0.1]);
    expect(framewiseMedianSdr([reference], [estimate], 44100)).toBeCloseTo(20, 3);
    expect(framewiseMedianSdr([new Float32Array(300)], [noise(1, 300)], frame)).toBeNaN();
  });

  it('rejects an invalid sample rate', () => {
    expect(() => framewiseMedianSdr([noise(1, 10)], [noise(1, 10)], 0)).toThrow(ParameterError);
  });
});
