import { expect, test } from 'vitest';
import { compareResults } from '../../src/songs/compare-results.ts';
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
