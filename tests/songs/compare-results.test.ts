import { expect, test } from 'vitest';
import { compareResults, vocalsDifference } from '../../src/songs/compare-results.ts';
import { MemorySongStorage } from '../../src/songs/storage/memory-song-storage.ts';

const RATE = 1000;
const SECONDS = 4;

/** A song that is separated whole, with one mask all over, on a grid of its own. */
function songOf(mask: number, binHz: number, frameSeconds: number, bins: number): MemorySongStorage {
  const silence = () => ({ sampleRate: RATE, channels: [new Float32Array(SECONDS * RATE)] });
  const frames = Math.floor(SECONDS / frameSeconds) + 1;
  return MemorySongStorage.restored({
    original: silence(),
    vocals: silence(),
    scale: { frames, bins, firstBinHz: 0, binHz, frameSeconds },
    mask: new Uint16Array(frames * bins).fill(Math.round(65_535 * mask)),
    levels: new Uint8Array(frames * bins).fill(200),
  });
}

test('two results of different grids are compared frame by frame, to the lower top, and what is painted counts', async () => {
  const a = songOf(0.75, 10, 0.01, 40);
  const b = songOf(0.5, 4, 0.03, 50);
  const seen: number[] = [];
  for await (const { firstFrame, frames, bins, mask } of compareResults(a, b)) {
    // 49 · 4 Hz = 196 Hz: bins 0 to 19 of the first one.
    expect(bins).toBe(20);
    for (let frame = 0; frame < frames; frame++) seen.push(firstFrame + frame);
    for (const value of mask) expect(Math.abs(value - 0.25)).toBeLessThan(1e-4);
  }
  expect(seen).toEqual(Array.from({ length: 401 }, (_, n) => n));
  b.edit?.fill(0);
  for await (const { mask } of compareResults(a, b)) {
    for (const value of mask) expect(Math.abs(value - 0.75)).toBeLessThan(1e-4);
  }
});

test('the difference of their vocals comes in order, every sample once, and both songs stay as they are', async () => {
  const long = 300_001;
  const channel = (valueAt: (n: number) => number) => Float32Array.from({ length: long }, (_, n) => valueAt(n));
  const storageOf = (valueAt: (n: number) => number) => {
    const silence = { sampleRate: RATE, channels: [new Float32Array(long), new Float32Array(long)] };
    // Small whole numbers: their differences are exact.
    const vocals = { sampleRate: RATE, channels: [channel(valueAt), channel((n) => -valueAt(n))] };
    return new MemorySongStorage(silence, vocals);
  };
  const [a, b] = [storageOf((n) => n % 1000), storageOf((n) => n % 7)];
  const seen: (readonly Float32Array[])[] = [];
  let next = 0;
  for await (const { start, channels } of vocalsDifference(a, b)) {
    expect(start).toBe(next);
    next += channels[0].length;
    seen.push(channels);
  }
  for (const [c, sign] of [1, -1].entries()) {
    const all = seen.flatMap((channels) => [...channels[c]]);
    expect(all.length).toBe(long);
    expect(all.findIndex((value, n) => value !== sign * ((n % 1000) - (n % 7)))).toBe(-1);
  }
  expect(a.whole.vocals.channels[0][999]).toBe(999);
});
