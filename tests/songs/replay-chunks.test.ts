import { expect, test } from 'vitest';
import type { SeparationChunk } from '../../src/separation/types.ts';
import { replay } from '../../src/songs/replay-chunks.ts';
import { MemorySongStorage } from '../../src/songs/storage/memory-song-storage.ts';
import type { SongStorage } from '../../src/songs/storage/song-storage.ts';

const RATE = 100;
const SAMPLES = 2550;
/** 10 frames a second. */
const SCALE = { frames: 256, bins: 2, firstBinHz: 1, binHz: 1, frameSeconds: 0.1 };

const original = () => ({ sampleRate: RATE, channels: [Float32Array.from({ length: SAMPLES }, (_, n) => n)] });

/** Samples [start, end) and the frames that begin in them, all with the mask 0.25 and the level 0.5. */
function chunk(start: number, end: number): SeparationChunk {
  const [first, last] = [Math.round(start / 10), end >= SAMPLES ? SCALE.frames : Math.round(end / 10)];
  const frames = last - first;
  return {
    start,
    vocals: [Float32Array.from({ length: end - start }, (_, n) => 0.25 * (start + n))],
    accompaniment: [],
    spectrogram: {
      firstFrame: first,
      frames,
      bins: 2,
      mixture: new Float32Array(2 * frames).fill(0.5),
      mask: new Float32Array(2 * frames).fill(0.25),
    },
    scale: SCALE,
    doneSamples: end,
    totalSamples: SAMPLES,
  };
}

async function all(store: SongStorage): Promise<readonly SeparationChunk[]> {
  const pieces: SeparationChunk[] = [];
  for await (const piece of replay(store)) pieces.push(piece);
  return pieces;
}

function expectRight(pieces: readonly SeparationChunk[]): void {
  for (const { start, vocals, accompaniment, spectrogram } of pieces) {
    vocals[0].forEach((value, n) => {
      expect(value).toBeCloseTo(0.25 * (start + n), 3);
      expect(value + accompaniment[0][n]).toBeCloseTo(start + n, 3);
    });
    for (const value of spectrogram.mask) expect(value).toBeCloseTo(0.25, 4);
    // To 0.4 dB.
    for (const value of spectrogram.mixture) expect(Math.abs(20 * Math.log10(value / 0.5))).toBeLessThan(0.21);
  }
}

const samples = (pieces: readonly SeparationChunk[]) =>
  pieces.map(({ start, vocals }) => [start, start + vocals[0].length]);
const frames = (pieces: readonly SeparationChunk[]) =>
  pieces.map(({ spectrogram }) => [spectrogram.firstFrame, spectrogram.firstFrame + spectrogram.frames]);

test('a complete song is replayed from beginning to end, every sample and every frame once', async () => {
  const before = new MemorySongStorage(original());
  await before.write(chunk(0, SAMPLES));
  const { cells, levels } = before.mask!.numbers;
  // As from the archive.
  const store = MemorySongStorage.restored({
    original: original(),
    vocals: before.whole.vocals,
    scale: SCALE,
    mask: cells,
    levels,
  });
  expect(store.complete).toBe(true);
  const pieces = await all(store);
  expect(samples(pieces)).toEqual([
    [0, 1000],
    [1000, 2000],
    [2000, SAMPLES],
  ]);
  expect(frames(pieces)).toEqual([
    [0, 100],
    [100, 200],
    [200, 256],
  ]);
  expectRight(pieces);
});

test('only the separated parts of an unfinished song are replayed', async () => {
  const store = new MemorySongStorage(original());
  await store.write(chunk(0, 300));
  await store.write(chunk(1500, 1800));
  const pieces = await all(store);
  expect(samples(pieces)).toEqual([
    [0, 300],
    [1500, 1800],
  ]);
  expect(frames(pieces)).toEqual([
    [0, 30],
    [150, 180],
  ]);
  expectRight(pieces);
});

test('columns beside the samples of a separated range are replayed: later chunks do not bring them again', async () => {
  const store = new MemorySongStorage(original());
  // The filter needs masks on both sides of a sample.
  for (const [start, end] of [
    [0, 300],
    [1500, 1800],
  ]) {
    const wide = chunk(Math.max(0, start - 20), end + 20).spectrogram;
    await store.write({ ...chunk(start, end), spectrogram: wide });
  }
  const pieces = await all(store);
  expect(frames(pieces)).toEqual([
    [0, 32],
    [148, 182],
  ]);
  expectRight(pieces);
});

test('nothing is replayed of a song without separated parts', async () => {
  expect(await all(new MemorySongStorage(original()))).toEqual([]);
});
