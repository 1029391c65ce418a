import { describe, expect, test } from 'vitest';
import { spectrogram } from '../../../src/learning/sound/spectrogram.ts';

describe('spectrogram', () => {
  const windowLength = 512;
  const hop = 128;
  const bin = 40;
  const sine = (amplitude: number) =>
    Float32Array.from({ length: 4096 }, (_, n) => amplitude * Math.sin((2 * Math.PI * bin * n) / windowLength));

  test('puts a full-scale sine at 0 dB, in its bin', () => {
    const { frames, bins, levels } = spectrogram({ samples: sine(1), windowLength, hop });
    expect([frames, bins]).toEqual([33, 257]);
    const column = levels.subarray(16 * bins, 17 * bins);
    expect(column.indexOf(Math.max(...column))).toBe(bin);
    expect(column[bin]).toBe(255);
    // A Hann window spreads a sine over its two neighbours, at half its height: −6.02 dB.
    expect(column[bin + 1]).toBe(Math.round(255 * (1 - (20 * Math.log10(2)) / 80)));
    expect(column[bin + 5]).toBe(0);
  });

  test('is linear in decibels: 20 dB less is a quarter of the 80 dB shown', () => {
    const { bins, levels } = spectrogram({ samples: sine(0.1), windowLength, hop });
    expect(levels[16 * bins + bin]).toBe(Math.round((255 * 3) / 4));
  });
});
