import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SongStream } from '../../src/audio/decode/song-stream.ts';
import { decodePart } from '../../tools/lib/decode-part.ts';

const RATE = 1000;
const PIECE = 700;

const TRACK = {
  index: 0,
  codec: 'flac',
  depth: 16,
  sampleRate: RATE,
  channels: 2,
  seconds: undefined,
  language: undefined,
  title: undefined,
  isDefault: true,
};

/** A song of two channels whose samples tell where they lie: n and −n. */
class CountingStream implements SongStream {
  readonly sampleRate = RATE;
  readonly channels = 2;
  readonly container = 'matroska';
  readonly tracks = [TRACK];
  readonly track = TRACK;
  readonly brokeOff = false;
  readonly notes = [];
  readonly expectedSamples: number;
  readonly bytes = 1000;
  readonly #first: number;
  /** Samples that were asked for. */
  decoded = 0;

  /** @param from seconds, as in OpenSongOptions */
  constructor(samples: number, from = 0) {
    this.expectedSamples = samples;
    this.#first = Math.min(samples, RATE * from);
  }

  get position(): number {
    return this.#first + this.decoded;
  }

  async *pieces(): AsyncGenerator<readonly Float32Array[], void, undefined> {
    // One piece of memory for all, as decoders do.
    const [left, right] = [new Float32Array(PIECE), new Float32Array(PIECE)];
    while (this.position < this.expectedSamples) {
      const count = Math.min(PIECE, this.expectedSamples - this.position);
      for (let n = 0; n < count; n++) left[n] = this.position + n;
      for (let n = 0; n < count; n++) right[n] = -left[n];
      this.decoded += count;
      yield [left.subarray(0, count), right.subarray(0, count)];
    }
  }

  dispose(): void {}
}

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('decodePart', () => {
  test.each([
    ['the whole song', { from: 0, to: Number.POSITIVE_INFINITY }, 0, 10_000],
    ['a part inside of pieces', { from: 1.5, to: 3.25 }, 1500, 3250],
    ['a part from the start to a piece’s end', { from: 0, to: 0.7 }, 0, 700],
    ['a part that goes on after the end', { from: 9.999, to: 60 }, 9999, 10_000],
  ])('keeps %s, sample by sample', async (_, range, first, end) => {
    const pcm = await decodePart(new CountingStream(10_000, range.from), { folder, range });
    expect([pcm.sampleRate, pcm.channelCount, pcm.samples]).toEqual([RATE, 2, end - first]);
    const [left, right] = await pcm.read(0, pcm.samples);
    expect(left.every((value, n) => value === first + n)).toBe(true);
    expect(right.every((value, n) => value === -(first + n))).toBe(true);
    const middle = Math.floor(pcm.samples / 2);
    expect((await pcm.read(middle, middle + 1)).map(([value]) => value)).toEqual([first + middle, -first - middle]);
    await pcm.dispose();
  });

  test('decodes no further than the part', async () => {
    const stream = new CountingStream(1_000_000);
    const pcm = await decodePart(stream, { folder, range: { from: 0, to: 2 } });
    await pcm.dispose();
    expect(stream.decoded).toBeLessThan(2000 + PIECE);
  });

  test('says when the song ends before the part begins', async () => {
    const range = { from: 65, to: 70 };
    await expect(decodePart(new CountingStream(61_000, 65), { folder, range })).rejects.toThrow(
      'The song ends at 1:01, before the part begins at 1:05.',
    );
  });

  test('its file has no name, not even while it is in use', async () => {
    const range = { from: 0, to: 5 };
    const pcm = await decodePart(new CountingStream(10_000), { folder, range });
    expect(await readdir(folder)).toEqual([]);
    await pcm.dispose();
  });

  test('ends when its signal fires', async () => {
    const stop = new AbortController();
    stop.abort(new Error('Enough.'));
    const range = { from: 0, to: 5 };
    const stream = new CountingStream(1_000_000);
    await expect(decodePart(stream, { folder, range, signal: stop.signal })).rejects.toThrow('Enough.');
    expect(stream.decoded).toBeLessThanOrEqual(PIECE);
  });
});
