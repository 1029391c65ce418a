import { describe, expect, it } from 'vitest';
import { nonLocalMedian } from '../../src/dsp/non-local-median.ts';
import { repetSim } from '../../src/dsp/repet-sim.ts';
import { ParameterError } from '../../src/errors.ts';
import { sdr } from '../../src/metrics/sdr.ts';
import fixture from '../fixtures/repet.json' with { type: 'json' };
import { greatestDifference, noise } from './noise.ts';

/** A bar of noise that comes again each second, and a tone that moves: see training/reference/repet_reference.py. */
function song(): { voice: Float32Array; mixture: Float32Array } {
  const { rate, seconds } = fixture.repetSim;
  const bar = noise(11, rate);
  const voice = Float32Array.from(
    { length: rate * seconds },
    (_, n) => 0.3 * Math.sin((2 * Math.PI * (500 + 90 * Math.floor(n / rate)) * (n % rate)) / rate),
  );
  return { voice, mixture: voice.map((value, n) => value + 0.3 * bar[n % rate]) };
}

describe('nonLocalMedian', () => {
  it('equals librosa’s nn_filter', () => {
    const { seed, frames, bins, width, values } = fixture.median;
    const features = noise(seed, frames * bins).map((value) => (value + 1) / 2);
    const [out] = nonLocalMedian(features, [features], frames, width);
    expect(greatestDifference(out, values)).toBeLessThan(1e-6);
  });

  it('leaves frames without neighbours as they are', () => {
    const features = noise(1, 12).map(Math.abs);
    const [out] = nonLocalMedian(features, [features], 4, 4);
    expect(out).toEqual(features);
  });

  it('refuses channels of another shape', () => {
    expect(() => nonLocalMedian(new Float32Array(12), [new Float32Array(9), new Float32Array(6)], 3, 1)).toThrow(
      ParameterError,
    );
    expect(() => nonLocalMedian(new Float32Array(13), [new Float32Array(12)], 3, 1)).toThrow(ParameterError);
  });
});

describe('repetSim', () => {
  const { rate, fftSize, hop, apartSeconds, every, vocals, sdrVocals, sdrMixture } = fixture.repetSim;
  const options = { fftSize, hop, apartSeconds, highPassHz: 0, group: 1 };

  it('equals librosa’s recipe with margins of 1', () => {
    const { voice, mixture } = song();
    const separated = repetSim([mixture], rate, options);
    const some = separated.vocals[0].filter((_, n) => n % every === 0);
    // A few frames may have another neighbour where two are as like as rounding can tell.
    expect(sdr([Float32Array.from(vocals)], [some])).toBeGreaterThan(40);
    expect(sdr([voice], separated.vocals)).toBeCloseTo(sdrVocals, 1);
    expect(sdrVocals).toBeGreaterThan(sdrMixture + 5);
  });

  it('gives stems that add up, of both channels', () => {
    const { mixture } = song();
    const other = mixture.map((value, n) => 0.5 * value + 0.1 * Math.sin(n));
    const { vocals: v, accompaniment: a } = repetSim([mixture, other], rate, options);
    const sum = v[1].map((value, n) => value + a[1][n]);
    expect(greatestDifference(sum, other)).toBeLessThan(1e-6);
  });

  it('leaves to the accompaniment what lies below 100 Hz', () => {
    const hum = Float32Array.from({ length: 4 * rate }, (_, n) => 0.5 * Math.sin((2 * Math.PI * 31.25 * n) / rate));
    const { accompaniment } = repetSim([hum], rate, { fftSize, hop, apartSeconds });
    expect(sdr([hum], accompaniment)).toBeGreaterThan(30);
  });

  it('refuses more than two channels', () => {
    expect(() => repetSim([hum(), hum(), hum()], rate)).toThrow(ParameterError);
  });
});

const hum = () => new Float32Array(100);
