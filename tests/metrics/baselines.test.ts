import { describe, expect, it } from 'vitest';
import { centreSubtraction } from '../../src/metrics/centre-subtraction.ts';
import { leakage, logSpectralDistance } from '../../src/metrics/high-band.ts';
import { greatestDifference, noise } from '../dsp/noise.ts';

describe('centreSubtraction', () => {
  it('cancels what is the same in both channels', () => {
    const [voice, band] = [noise(1, 500), noise(2, 500)];
    const { vocals, accompaniment } = centreSubtraction([voice.map((v, n) => v + band[n]), voice]);
    for (const channel of accompaniment) {
      expect(
        greatestDifference(
          channel,
          band.map((value) => value / 2),
        ),
      ).toBeLessThan(1e-6);
    }
    expect(
      greatestDifference(
        vocals[1],
        voice.map((v, n) => v - band[n] / 2),
      ),
    ).toBeLessThan(1e-6);
  });

  it('takes a mono song for vocals', () => {
    const { vocals, accompaniment } = centreSubtraction([noise(1, 100)]);
    expect(vocals).toEqual([noise(1, 100)]);
    expect(accompaniment[0].every((value) => value === 0)).toBe(true);
  });
});

const RATE = 16000;
const sine = (hertz: number, amplitude: number) =>
  Float32Array.from({ length: RATE }, (_, n) => amplitude * Math.sin((2 * Math.PI * hertz * n) / RATE));

describe('logSpectralDistance', () => {
  it('is the change of level of a sound that is scaled', () => {
    const sound = noise(1, RATE);
    expect(logSpectralDistance([sound], [sound.map((value) => value / 10)], RATE, 4000)).toBeCloseTo(20, 1);
    expect(logSpectralDistance([sound], [sound], RATE, 4000)).toBe(0);
  });

  it('hears nothing below its frequency', () => {
    const high = noise(1, RATE);
    const low = sine(500, 10);
    const both = high.map((value, n) => value + low[n]);
    expect(logSpectralDistance([both], [high], RATE, 4000)).toBeLessThan(0.1);
  });

  it('is not defined where the reference is silent, and refuses a band that is not there', () => {
    expect(logSpectralDistance([new Float32Array(RATE)], [noise(1, RATE)], RATE, 4000)).toBeNaN();
    expect(() => logSpectralDistance([noise(1, 9)], [noise(1, 9)], 8000, 4096)).toThrow(/nothing lies above/);
  });
});

describe('leakage', () => {
  it('is the share of the source’s energy above the frequency that is found in the other estimate', () => {
    const [voice, band] = [noise(1, RATE), noise(2, RATE)];
    const estimate = band.map((value, n) => value + 0.3 * voice[n]);
    expect(leakage([voice], [band], [estimate], RATE, 4000)).toBeCloseTo(0.09, 4);
    expect(leakage([voice], [band], [band], RATE, 4000)).toBe(0);
  });

  it('leaves out what leaks below', () => {
    const [low, high] = [sine(1000, 1), sine(6000, 0.5)];
    const voice = low.map((value, n) => value + high[n]);
    const band = noise(3, RATE);
    const estimate = band.map((value, n) => value + low[n] + 0.5 * high[n]);
    expect(leakage([voice], [band], [estimate], RATE, 4000)).toBeCloseTo(0.25, 3);
  });
});
