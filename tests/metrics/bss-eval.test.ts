import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/core/errors.ts';
import { bssEval } from '../../src/metrics/bss-eval.ts';
import { noise } from '../dsp/noise.ts';
import fixture from '../fixtures/metrics.json' with { type: 'json' };
import { type Layout, makeSources, rate } from './sources.ts';

const measures = ['sdr', 'isr', 'sir', 'sar'] as const;

describe('bssEval', () => {
  it.each(fixture.bssEval)(
    'matches museval to 0.01 dB: $layout, window $window, hop $hop, $filterLength taps',
    (expected) => {
      const { references, estimates } = makeSources(expected.layout as Layout);
      const results = bssEval(references, estimates, rate, {
        window: expected.window ?? Number.POSITIVE_INFINITY,
        hop: expected.hop ?? Number.POSITIVE_INFINITY,
        filterLength: expected.filterLength,
      });
      expect(results.length).toBe(2);
      results.forEach((result, source) => {
        for (const measure of measures) {
          const values = expected[measure][source];
          expect(result[measure].length).toBe(values.length);
          values.forEach((value, frame) => {
            if (value === null) expect(result[measure][frame]).toBeNaN();
            else expect(Math.abs(result[measure][frame] - value)).toBeLessThan(0.01);
          });
        }
      });
    },
  );

  it('has frames of one second by default', () => {
    const { references, estimates } = makeSources('mono');
    const [vocals] = bssEval(references, estimates, rate, { filterLength: 32 });
    expect(vocals.sdr.length).toBe(4);
    expect(vocals.sdr[1]).toBeNaN();
  });

  it('is Infinity for a perfect estimate', () => {
    const { references } = makeSources('mono');
    const [vocals] = bssEval(references, references, rate, { filterLength: 32 });
    expect(vocals.sdr[0]).toBe(Number.POSITIVE_INFINITY);
    expect(vocals.isr[0]).toBeGreaterThan(100);
  });

  it('distinguishes a filtered source (ISR), a leaking source (SIR) and noise (SAR)', () => {
    const s = noise(1, 8000);
    const other = noise(2, 8000);
    const hiss = noise(3, 8000);
    const score = (estimate: Float32Array) => {
      const [result] = bssEval([[s], [other]], [[estimate], [other]], 8000, { filterLength: 8 });
      return { isr: result.isr[0], sir: result.sir[0], sar: result.sar[0] };
    };
    const filtered = score(s.map((value, n) => value + 0.1 * (s[n - 1] ?? 0)));
    expect(filtered.isr).toBeCloseTo(20, 0);
    expect(Math.min(filtered.sir, filtered.sar)).toBeGreaterThan(60);
    const leaking = score(s.map((value, n) => value + 0.1 * other[n]));
    expect(leaking.sir).toBeCloseTo(20, 0);
    expect(leaking.sar).toBeGreaterThan(60);
    const noisy = score(s.map((value, n) => value + 0.1 * hiss[n]));
    expect(noisy.sar).toBeCloseTo(20, 0);
    expect(noisy.sir).toBeGreaterThan(35);
  });

  it('is NaN throughout when a source is silent throughout, and empty for an empty sound', () => {
    const { references, estimates } = makeSources('mono');
    const silent = [new Float32Array(references[0][0].length)];
    const [vocals, accompaniment] = bssEval([silent, references[1]], estimates, rate);
    expect([...vocals.sdr, ...accompaniment.sar]).toEqual(new Array(8).fill(Number.NaN));
    expect(bssEval([[new Float32Array(0)]], [[new Float32Array(0)]], rate)[0].sdr.length).toBe(0);
  });

  it('is defined when a channel is silent', () => {
    const { references, estimates } = makeSources('mono');
    const half = (sources: Float32Array[][]) => sources.map(([left]) => [left, new Float32Array(left.length)]);
    const mono = bssEval(references, estimates, rate, { filterLength: 32 });
    const [vocals] = bssEval(half(references), half(estimates), rate, { filterLength: 32 });
    for (const measure of measures) expect(vocals[measure][0]).toBeCloseTo(mono[0][measure][0], 6);
  });

  it('rejects shapes that do not fit and invalid options', () => {
    const { references, estimates } = makeSources('mono');
    expect(() => bssEval(references, estimates.slice(1), rate)).toThrow(ParameterError);
    expect(() => bssEval([], [], rate)).toThrow(ParameterError);
    expect(() => bssEval(references, [estimates[0], [new Float32Array(5)]], rate)).toThrow(ParameterError);
    expect(() => bssEval(references, estimates, rate, { filterLength: 0 })).toThrow(ParameterError);
    expect(() => bssEval(references, estimates, rate, { hop: 0 })).toThrow(ParameterError);
  });
});
