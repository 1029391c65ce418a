import { expect, test } from 'vitest';
import { decodeWhole } from '../../../src/audio/decode/decode-whole.ts';
import type { SongStream } from '../../../src/audio/decode/song-stream.ts';

const SAMPLES = Float32Array.from({ length: 1000 }, (_, n) => Math.sin(n));

/** A mono song of 1000 samples whose header states another number. */
const songThatStates = (expectedSamples: number) =>
  ({
    sampleRate: 8000,
    channels: 1,
    bytes: 4000,
    expectedSamples,
    notes: [],
    tracks: [],
    track: {},
    async *pieces() {
      for (let at = 0; at < 1000; at += 100) yield [SAMPLES.subarray(at, at + 100)];
    },
    dispose() {},
  }) as unknown as SongStream;

test.each([
  ['what it has', 1000, [1000]],
  ['a little more: the samples are not copied', 1009, [1009]],
  ['twice as many: no memory is wasted', 2000, [2000, 1000]],
  ['fewer', 950, [950, 1500, 1000]],
])('a song that states %s', async (_, stated, allocated) => {
  const lengths: number[] = [];
  const { channels } = await decodeWhole(songThatStates(stated), (length) => {
    lengths.push(length);
    return new Float32Array(length);
  });
  expect(channels).toEqual([SAMPLES]);
  expect(lengths).toEqual(allocated);
});
