import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/core/errors.ts';
import { HighBandGains, type LearntHighBand } from '../../src/dsp/high-band.ts';

/** Bins of 100 Hz up to 16 kHz; the model's band ends at 4 kHz. */
const stft = { fftSize: 320, sampleRate: 32000, topHz: 4000 };
const BINS = 161;

/** One low band of 1 to 4 kHz, and two high bands with gains sigmoid(tanh(one feature)) and sigmoid(bias). */
function rule(feature: number, bias = 0): LearntHighBand {
  const weights = [0, 0, 0, 0].map((_, n) => (n === feature ? 1 : 0));
  return {
    rule: 'learnt',
    lowEdges: [1000, 4000],
    highEdges: [4000, 8000, 16000],
    hidden: { weights: [weights], bias: [0] },
    output: { weights: [[1], [0]], bias: [0, bias] },
  };
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const mask = (value: number) => new Float32Array(BINS).fill(value);

describe('HighBandGains', () => {
  it('uses the mean of the low band’s mask, weighted by power', () => {
    const row = mask(0);
    const power = new Float32Array(BINS);
    [row[20], power[20]] = [1, 3];
    [row[30], power[30]] = [0.5, 1];
    new HighBandGains(rule(0), stft).fill(row, power);
    // At the centre of the first high band, √(4000 · 8000) Hz = 5657 Hz, between bins 56 and 57.
    const expected = sigmoid(Math.tanh((3 * 1 + 1 * 0.5) / 4));
    expect(row[56]).toBeLessThan(expected);
    expect(row[57]).toBeLessThan(expected + 0.01);
    expect((row[56] + row[57]) / 2).toBeCloseTo(expected, 1);
  });

  it.each([
    [1, 10],
    [2, 60],
    [3, 100],
  ])('uses the band’s share of the power as feature %i', (feature, bin) => {
    const power = new Float32Array(BINS);
    power[5] = 9;
    power[bin] = 1;
    const row = mask(0);
    new HighBandGains(rule(feature), stft).fill(row, power);
    // A tenth: log10 is −1. Beyond the second centre, 11.3 kHz, the second gain stays.
    const gain = sigmoid(Math.tanh(-1));
    expect(row[113]).toBeCloseTo(0.5, 2);
    expect(row[160]).toBeCloseTo(0.5, 6);
    const at = (hz: number) => Math.log(hz / Math.sqrt(4000 * 8000)) / Math.log(2);
    expect(row[80]).toBeCloseTo(gain + at(8000) * (0.5 - gain), 5);
  });

  it('begins at the mask’s value at the top of the band, and does not change the band', () => {
    const row = mask(0.9);
    new HighBandGains(rule(0, 3), stft).fill(row, mask(1));
    expect([...row.subarray(0, 41)]).toEqual([...mask(0.9).subarray(0, 41)]);
    expect(Math.abs(row[41] - 0.9)).toBeLessThan(0.03);
    expect(row[160]).toBeCloseTo(sigmoid(3), 6);
  });

  it('returns finite values for silence', () => {
    const row = mask(1);
    new HighBandGains(rule(3), stft).fill(row, mask(0));
    expect(row.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('does nothing when there is no band above', () => {
    const row = mask(0.7);
    new HighBandGains(rule(0), { fftSize: 320, sampleRate: 8000, topHz: 4000 }).fill(row, mask(1));
    expect(row).toEqual(mask(0.7));
  });

  it('rejects inconsistent sizes', () => {
    const wrong = { ...rule(0), hidden: { weights: [[1, 2]], bias: [0] } };
    expect(() => new HighBandGains(wrong, stft)).toThrow(ParameterError);
    expect(() => new HighBandGains({ ...rule(0), lowEdges: [4000, 1000] }, stft)).toThrow(ParameterError);
  });
});
