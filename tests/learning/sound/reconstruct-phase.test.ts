import { describe, expect, test } from 'vitest';
import { reconstruct } from '../../../src/learning/sound/reconstruct-phase.ts';

const LENGTH = 8192;
/** A gliding tone and a steady one: where both sound, neither has the phase of the mixture. */
const sound = Float32Array.from({ length: LENGTH }, (_, n) => 0.4 * Math.sin(0.1 * n + 2e-5 * n * n));
const other = Float32Array.from({ length: LENGTH }, (_, n) => 0.3 * Math.sin(0.2 * n));
const mixture = sound.map((value, n) => value + other[n]);
const request = { sound, mixture, windowLength: 512, hop: 128, iterations: 10 };

describe('reconstruct', () => {
  test('gives the sound back with its own phase', async () => {
    const own = await reconstruct('own', request);
    expect(own?.sdr).toBeGreaterThan(100);
    expect(own?.spectralError).toBeLessThan(-100);
  });

  test('gives the sound back with the mixture’s phase where there is nothing else in the mixture', async () => {
    expect((await reconstruct('mixture', { ...request, mixture: sound }))?.sdr).toBeGreaterThan(100);
    expect((await reconstruct('mixture', { ...request, mixture: sound.map((v) => -v) }))?.sdr).toBeCloseTo(-6.02, 1);
  });

  test('loses less with the mixture’s phase than with none', async () => {
    const [borrowed, zero] = [await reconstruct('mixture', request), await reconstruct('zero', request)];
    expect(borrowed?.sdr).toBeGreaterThan((zero?.sdr ?? 0) + 6);
  });

  test('comes nearer to the magnitude with each iteration of Griffin-Lim, from noise', async () => {
    const errors: number[] = [];
    for (const iterations of [0, 1, 4, 16, 64]) {
      const { spectralError = Number.NaN } = (await reconstruct('griffinLim', { ...request, iterations })) ?? {};
      errors.push(spectralError);
    }
    for (let i = 1; i < errors.length; i++) expect(errors[i]).toBeLessThan(errors[i - 1]);
    expect(errors[4]).toBeLessThan(errors[0] - 6);
  });

  test('ends when it is told to', async () => {
    const iterations: number[] = [];
    const result = await reconstruct('griffinLim', request, async (iteration) => {
      iterations.push(iteration);
      return iteration < 3;
    });
    expect(result).toBeUndefined();
    expect(iterations).toEqual([1, 2, 3]);
  });
});
