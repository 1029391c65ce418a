import { describe, expect, it } from 'vitest';
import { centreSubtraction } from '../../src/metrics/centre-subtraction.ts';
import { greatestDifference, noise } from '../dsp/noise.ts';

describe('centreSubtraction', () => {
  it('cancels sound that is equal in both channels', () => {
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

  it('returns a mono song as vocals', () => {
    const { vocals, accompaniment } = centreSubtraction([noise(1, 100)]);
    expect(vocals).toEqual([noise(1, 100)]);
    expect(accompaniment[0].every((value) => value === 0)).toBe(true);
  });
});
