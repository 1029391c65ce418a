import { describe, expect, test } from 'vitest';
import { fadeSteps } from '../../../src/songs/storage/fade-steps.ts';

const from = [Float32Array.of(0, 1, -1), Float32Array.of(0.5, 0, 0)];
const to = [Float32Array.of(1, 1, 1), Float32Array.of(0.5, -2, 4)];

describe('a fade from samples to others', () => {
  test('goes there in a line, as fast as time passes, and leaves the last step out', async () => {
    let now = 0;
    const seen: number[][] = [];
    for await (const step of fadeSteps(from, to, () => (now += 15))) seen.push([...step[0]]);
    expect(seen).toEqual([
      [0.25, 1, -0.5],
      [0.5, 1, 0],
      [0.75, 1, 0.5],
    ]);
  });

  test('is over at once where the page is not given time', async () => {
    let now = 0;
    for await (const _ of fadeSteps(from, to, () => (now += 1000))) expect.unreachable();
    expect(now).toBe(2000);
  });

  test('changes neither side, and all channels alike', async () => {
    let now = 0;
    const seen: number[][] = [];
    for await (const step of fadeSteps(from, to, () => (now += 30))) seen.push([...step[1]]);
    expect(seen).toEqual([[0.5, -1, 2]]);
    expect(from[0][0]).toBe(0);
    expect([...to[1]]).toEqual([0.5, -2, 4]);
  });
});
