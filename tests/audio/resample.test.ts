import { describe, expect, test } from 'vitest';
import { createResampler, outputLength, resample } from '../../src/audio/resample.ts';
import { ParameterError } from '../../src/core/errors.ts';

const sine = (hertz: number, rate: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate));

/** Level in decibels of the middle half against a full-scale sine. */
function level(signal: Float32Array): number {
  const middle = signal.subarray(signal.length / 4, (3 * signal.length) / 4);
  return 10 * Math.log10((2 * middle.reduce((sum, value) => sum + value * value, 0)) / middle.length);
}

const PAIRS: readonly (readonly [number, number])[] = [
  [44100, 8192],
  [48000, 8192],
  [192000, 8192],
  [96000, 16000],
  [44100, 16000],
  [22050, 8192],
  [8000, 8192],
  [11025, 44100],
];

describe('resample', () => {
  test.each(PAIRS)(
    'from %d to %d Hz keeps a sine below Nyquist: level and time, sample by sample',
    async (from, to) => {
      const nyquist = Math.min(from, to) / 2;
      for (const share of [0.02, 0.3, 0.6, 0.89]) {
        const out = await resample(sine(share * nyquist, from, from), from, to);
        expect(out.length).toBe(to);
        expect(Math.abs(level(out))).toBeLessThan(0.01);
        const wanted = sine(share * nyquist, to, to);
        let error = 0;
        for (let i = to / 4; i < to / 2; i++) error = Math.max(error, Math.abs(out[i] - wanted[i]));
        expect(error).toBeLessThan(1e-4);
      }
    },
  );

  test.each(PAIRS.filter(([from, to]) => from > to))(
    'from %d to %d Hz takes out all above the new Nyquist frequency by 90 dB',
    async (from, to) => {
      const frequencies = [1, 1.01, 1.05, 1.2, 1.5, 1.97, 2, 2.37].map((share) => (share * to) / 2);
      for (const hertz of frequencies.filter((value) => value < from / 2)) {
        expect(level(await resample(sine(hertz, from, from), from, to))).toBeLessThan(-90);
      }
    },
  );

  test('puts an impulse at the time where it was', async () => {
    // 11025 samples of input are 2048 of output: input sample 11025 lies exactly at output sample 2048.
    const impulse = new Float32Array(22050);
    impulse[11025] = 1;
    const out = await resample(impulse, 44100, 8192);
    expect(out.indexOf(Math.max(...out))).toBe(2048);
    for (let i = 1; i < 40; i++) expect(out[2048 + i]).toBeCloseTo(out[2048 - i], 5);
  });

  test('keeps the level of a constant, 0 Hz, away from its ends', async () => {
    const out = await resample(new Float32Array(44100).fill(0.25), 44100, 8192);
    for (let i = 500; i < out.length - 500; i++) expect(out[i]).toBeCloseTo(0.25, 5);
  });

  test.each([0, 1, 2, 5, 6, 1000, 44101])('gives ceil(length · to / from) samples for %d', async (length) => {
    const wanted = Math.ceil((length * 8192) / 44100);
    expect(outputLength(length, 44100, 8192)).toBe(wanted);
    expect((await resample(new Float32Array(length).fill(1), 44100, 8192)).length).toBe(wanted);
  });

  test('gives the same in pieces of any size as at once', async () => {
    const noise = Float32Array.from({ length: 50000 }, (_, i) => Math.sin(i * i * 0.37));
    const whole = await resample(noise, 44100, 8192);
    const resampler = await createResampler(44100, 8192);
    const pieces: number[] = [];
    for (let start = 0, size = 1; start < noise.length; start += size, size = (size * 7) % 9973) {
      pieces.push(...resampler.process(noise.subarray(start, start + size)));
    }
    pieces.push(...resampler.finish());
    resampler.dispose();
    expect(pieces.length).toBe(whole.length);
    let difference = 0;
    pieces.forEach((value, i) => {
      difference = Math.max(difference, Math.abs(value - whole[i]));
    });
    expect(difference).toBeLessThan(1e-6);
  });

  test('two resamplers at work at one time do not disturb each other', async () => {
    const signals = [sine(440, 44100, 30000), sine(1500, 44100, 30000)];
    const alone = [await resample(signals[0], 44100, 8192), await resample(signals[1], 44100, 8192)];
    expect(await Promise.all(signals.map((signal) => resample(signal, 44100, 8192)))).toEqual(alone);
  });

  test('at one and the same rate copies', async () => {
    const signal = Float32Array.of(1, 2, 3);
    const out = await resample(signal, 44100, 44100);
    expect(out).toEqual(signal);
    expect(out).not.toBe(signal);
  });

  test('takes a signal in shared memory', async () => {
    const shared = new Float32Array(new SharedArrayBuffer(4 * 4410));
    shared.set(sine(440, 44100, 4410));
    expect(await resample(shared, 44100, 8192)).toEqual(await resample(sine(440, 44100, 4410), 44100, 8192));
  });

  test.each([
    [0, 8192],
    [44100, 0],
    [44100.5, 8192],
    [Number.NaN, 8192],
  ])('refuses %d to %d Hz', async (from, to) => {
    await expect(resample(new Float32Array(10), from, to)).rejects.toThrow(ParameterError);
  });
});
