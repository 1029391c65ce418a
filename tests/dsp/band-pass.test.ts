import { describe, expect, test } from 'vitest';
import { bandPass } from '../../src/dsp/band-pass.ts';

const RATE = 44_100;
const sine = (hz: number, length = RATE) =>
  Float32Array.from({ length }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hz * n) / RATE));
/** The level away from the ends, in decibels relative to a sine of amplitude 0.5. */
function level(signal: Float32Array): number {
  const middle = signal.subarray(8192, signal.length - 8192);
  const power = middle.reduce((sum, value) => sum + value * value, 0) / middle.length;
  return 10 * Math.log10(power / 0.125 + 1e-30);
}

describe('bandPass', () => {
  test('keeps a tone inside the band unchanged', () => {
    const tone = sine(440);
    const [kept] = bandPass([tone], RATE, { lowHz: 300, highHz: 600 });
    expect(kept.length).toBe(tone.length);
    let greatest = 0;
    for (let n = 8192; n < RATE - 8192; n++) greatest = Math.max(greatest, Math.abs(kept[n] - tone[n]));
    expect(greatest).toBeLessThan(1e-3);
  });

  test('attenuates tones a few bins outside the band by 60 dB or more', () => {
    for (const hz of [100, 220, 680, 1000, 5000, 15_000]) {
      const [kept] = bandPass([sine(hz)], RATE, { lowHz: 300, highHz: 600 });
      expect(level(kept)).toBeLessThan(-60);
    }
  });

  test('splits a sound into two bands that add up to it, up to its ends', () => {
    const noise = Float32Array.from({ length: 30_011 }, (_, n) => Math.sin(n * n * 0.37) * 0.7);
    const [below] = bandPass([noise], RATE, { lowHz: -100, highHz: 2000 });
    const [above] = bandPass([noise], RATE, { lowHz: 2000, highHz: RATE });
    for (let n = 0; n < noise.length; n++) expect(Math.abs(below[n] + above[n] - noise[n])).toBeLessThan(1e-5);
  });

  test('filters each channel separately', () => {
    const [left, right] = bandPass([sine(440), sine(2000)], RATE, { lowHz: 1000, highHz: 3000 });
    expect(level(left)).toBeLessThan(-60);
    expect(Math.abs(level(right))).toBeLessThan(0.1);
  });

  test('rejects a band without width', () => {
    expect(() => bandPass([sine(440)], RATE, { lowHz: 500, highHz: 500 })).toThrow('500 to 500 Hz is not a valid band');
  });
});
