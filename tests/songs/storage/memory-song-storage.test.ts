import { afterEach, describe, expect, test, vi } from 'vitest';
import { isShared, shareAudio } from '../../../src/audio/shared-audio.ts';
import type { SeparationChunk } from '../../../src/separation/types.ts';
import { MemorySongStorage } from '../../../src/songs/storage/memory-song-storage.ts';

afterEach(() => vi.unstubAllGlobals());

function chunk(start: number, vocals: readonly Float32Array[], doneSamples: number): SeparationChunk {
  const spectrogram = { firstFrame: 0, frames: 0, bins: 1, mixture: new Float32Array(0), mask: new Float32Array(0) };
  const scale = { frames: 0, bins: 1, firstBinHz: 0, binHz: 1, frameSeconds: 1 };
  return { start, vocals, accompaniment: vocals, spectrogram, scale, doneSamples, totalSamples: 10 };
}

describe('MemorySongStorage', () => {
  const original = { sampleRate: 10, channels: [new Float32Array(10).fill(1), new Float32Array(10).fill(2)] };

  test('stores each chunk at its place and reports the progress', async () => {
    const store = new MemorySongStorage(original);
    await store.write(chunk(0, [Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7, 8)], 4));
    expect([store.doneSamples, store.complete]).toEqual([4, false]);
    await store.write(chunk(4, [new Float32Array(6).fill(9), new Float32Array(6).fill(8)], 10));
    expect([...store.whole.vocals.channels[0]]).toEqual([1, 2, 3, 4, 9, 9, 9, 9, 9, 9]);
    expect([...store.whole.vocals.channels[1]]).toEqual([5, 6, 7, 8, 8, 8, 8, 8, 8, 8]);
    expect([store.doneSamples, store.complete]).toEqual([10, true]);
  });

  test('tracks separated ranges in any order of chunks', async () => {
    const store = new MemorySongStorage(original);
    const put = (start: number, samples: number) =>
      store.write(chunk(start, [new Float32Array(samples), new Float32Array(samples)], 0));
    await put(6, 2);
    expect([store.doneSamples, store.separatedSamples, store.isDone(6, 8), store.isDone(5, 8)]).toEqual([
      0,
      2,
      true,
      false,
    ]);
    await put(0, 3);
    expect([store.doneSamples, store.separatedSamples]).toEqual([3, 5]);
    await put(8, 2);
    await put(3, 3);
    expect([store.doneSamples, store.complete]).toEqual([10, true]);
    expect(store.doneRanges).toEqual([{ start: 0, end: 10 }]);
  });

  test('drops samples after the end of the song', async () => {
    const store = new MemorySongStorage(original);
    await store.write(chunk(8, [new Float32Array(5).fill(1), new Float32Array(5).fill(1)], 13));
    expect(store.doneRanges).toEqual([{ start: 8, end: 10 }]);
    expect([...store.whole.vocals.channels[0]].slice(7)).toEqual([0, 1, 1]);
  });

  test('keeps its ranges when the song is separated again', async () => {
    const store = new MemorySongStorage(original);
    await store.write(chunk(0, [new Float32Array(8), new Float32Array(8)], 8));
    await store.write(chunk(0, [new Float32Array(2), new Float32Array(2)], 2));
    expect(store.doneSamples).toBe(8);
  });

  test('uses shared memory only where the page is cross-origin isolated', async () => {
    expect(new MemorySongStorage(original).whole.vocals.channels.some(isShared)).toBe(false);
    vi.stubGlobal('crossOriginIsolated', true);
    expect(new MemorySongStorage(original).whole.vocals.channels.every(isShared)).toBe(true);
  });
});

describe('shareAudio', () => {
  const pause = () => Promise.resolve();

  test('copies every sample into shared memory, in pieces', async () => {
    vi.stubGlobal('crossOriginIsolated', true);
    const channel = Float32Array.from({ length: 4_194_304 + 5 }, (_, n) => n % 1000);
    const shared = await shareAudio({ sampleRate: 44_100, channels: [channel] }, pause);
    expect(isShared(shared.channels[0])).toBe(true);
    expect(Buffer.compare(Buffer.from(shared.channels[0].buffer), Buffer.from(channel.buffer))).toBe(0);
  });

  test('returns the sound unchanged if it cannot be shared', async () => {
    const audio = { sampleRate: 8000, channels: [new Float32Array(3)] };
    expect(await shareAudio(audio, pause)).toBe(audio);
    // As in WebKitGTK.
    vi.stubGlobal('crossOriginIsolated', true);
    vi.stubGlobal('SharedArrayBuffer', undefined);
    expect(await shareAudio(audio, pause)).toBe(audio);
  });
});
