import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openInNode } from '../../../src/audio/decode/decode.node.ts';
import { decodeWhole } from '../../../src/audio/decode/decode-whole.ts';
import { openSong } from '../../../src/audio/decode/open-song.ts';
import type { OpenSongOptions } from '../../../src/audio/decode/song-stream.ts';
import { type ByteSource, bytesSource } from '../../../src/audio/decode/sources.ts';
import { message } from '../../../src/core/message.ts';
import { measureSine } from '../../fixtures/audio/index.ts';
import { compiledDecoder } from '../../fuzz/decode-outcome.ts';

const read = (file: string): Promise<Buffer> => readFile(new URL(`../../fixtures/${file}`, import.meta.url));
const decode = async (bytes: Uint8Array, name = 'song', options: OpenSongOptions = {}) =>
  decodeWhole(await openInNode(bytes, name, options));

const u16 = (value: number) => [value & 255, (value >> 8) & 255];
const u32 = (value: number) => [...u16(value), ...u16(value >>> 16)];
const text = (value: string) => [...value].map((letter) => letter.charCodeAt(0));
const chunk = (id: string, bytes: readonly number[], size = bytes.length) => [
  ...text(id),
  ...u32(size),
  ...bytes,
  ...(bytes.length % 2 ? [0] : []),
];

interface Format {
  readonly tag?: number;
  readonly rate?: number;
  readonly channels?: number;
  readonly bytes?: number;
  readonly rest?: readonly number[];
}

/** A fmt chunk. */
function format({ tag = 1, rate = 8000, channels = 1, bytes = 2, rest = [] }: Format = {}): number[] {
  const frame = channels * bytes;
  const values = [...u16(tag), ...u16(channels), ...u32(rate), ...u32(rate * frame), ...u16(frame), ...u16(8 * bytes)];
  return chunk('fmt ', [...values, ...rest]);
}

const riff = (...chunks: readonly (readonly number[])[]): Uint8Array => {
  const all = chunks.flat();
  return Uint8Array.from([...text('RIFF'), ...u32(4 + all.length), ...text('WAVE'), ...all]);
};

/** 16-bit samples of all kinds, the extremes among them. */
const SAMPLES = [0, 1, -1, 32767, -32768, 12345, -12345, 256, 4095, -4096];
const DATA = SAMPLES.flatMap((value) => u16(value & 0xffff));
const EXACT = Float32Array.from(SAMPLES, (value) => value / 32768);

describe('WAV', () => {
  test.each([
    [
      'a chunk of odd length and its pad byte before the data',
      riff(format(), chunk('odd ', [1, 2, 3, 4, 5, 6, 7]), chunk('data', DATA)),
    ],
    ['a data chunk of size 0, from a recorder that was cut off', riff(format(), chunk('data', DATA, 0))],
    ['a data chunk of size 0xFFFFFFFF, from a pipe', riff(format(), chunk('data', DATA, 0xffffffff))],
    ['a RIFF of size 0', riff(format(), chunk('data', DATA)).fill(0, 4, 8)],
  ])('with %s is decoded exactly: 16-bit samples are divided by 32768', async (_, bytes) => {
    const { channels, notes } = await decode(bytes);
    expect(channels).toEqual([EXACT]);
    expect(notes).toEqual([]);
  });

  test.each([
    [24, 4, [0x00, 0x56, 0x34, 0x12], 0x123456 / 2 ** 23],
    [20, 3, [0x50, 0x34, 0x12], 0x12345 / 2 ** 19],
    [16, 4, [0x00, 0x00, 0x34, 0x92], (0x9234 - 0x10000) / 2 ** 15],
  ])('of %i valid bits in %i bytes has them at the top', async (valid, bytes, sample, value) => {
    const guid = [...u16(1), 0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113];
    const rest = [...u16(22), ...u16(valid), ...u32(4), ...guid];
    const { channels } = await decode(
      riff(format({ tag: 0xfffe, bytes, rest }), chunk('data', [...sample, ...sample])),
    );
    expect(channels).toEqual([Float32Array.of(value, value)]);
  });

  test('with samples that are no numbers, or infinite, has zeros there, and a note', async () => {
    const values = new Float32Array([0.5, Number.NaN, -0.25, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2]);
    const data = chunk('data', [...new Uint8Array(values.buffer)]);
    const { channels, notes } = await decode(riff(format({ tag: 3, bytes: 4 }), data), 'odd.wav');
    expect(channels).toEqual([Float32Array.of(0.5, 0, -0.25, 0, 0, 2)]);
    expect(notes).toEqual([message('decode.invalid-samples', { name: 'odd.wav', count: 3 })]);
  });

  test('that ends early says where, and where it should', async () => {
    const second = new Array<number>(16000).fill(0);
    const { channels, notes } = await decode(riff(format(), chunk('data', second, 236 * 16000)), 'cut.wav');
    expect(channels[0]).toHaveLength(8000);
    expect(notes).toEqual([message('decode.broke-off', { name: 'cut.wav', done: '0:01', stated: '3:56' })]);
  });
});

test('a damaged header takes no more memory than the file could need', async () => {
  const bytes = riff(format(), chunk('data', DATA, 0x7ffe0000));
  const stream = await openInNode(bytes, 'header.wav');
  expect(stream.expectedSamples).toBe(0x7ffe0000 / 2);
  const allocated: number[] = [];
  const { channels } = await decodeWhole(stream, (length) => {
    allocated.push(length);
    return new Float32Array(length);
  });
  expect(channels).toEqual([EXACT]);
  expect(Math.max(...allocated)).toBeLessThanOrEqual(100 * bytes.length);
});

describe('a file that is moved', () => {
  /** Its first bytes can be read. */
  const failing = (bytes: Uint8Array, readable: number): ByteSource => ({
    ...bytesSource(bytes),
    read(position, to) {
      if (position + to.length > readable) throw new Error('It is gone.');
      return bytesSource(bytes).read(position, to);
    },
  });
  const unreadable = { code: 'audio.unreadable', values: { name: 'moved.wav' } };

  test.each([
    ['before it is opened', 0],
    ['while it is opened', 20],
  ])('%s can no longer be read', async (_, readable) => {
    const compiled = await compiledDecoder();
    const bytes = riff(format(), chunk('data', DATA));
    await expect(openSong(compiled, failing(bytes, readable), 'moved.wav')).rejects.toMatchObject(unreadable);
  });

  test('while it is decoded gives what was read, and then an error', async () => {
    const bytes = riff(format(), chunk('data', new Array<number>(1_000_000).fill(1)));
    const stream = await openSong(await compiledDecoder(), failing(bytes, 400_000), 'moved.wav');
    let samples = 0;
    const decoding = (async () => {
      for await (const [piece] of stream.pieces()) samples += piece.length;
    })();
    await expect(decoding).rejects.toMatchObject(unreadable);
    expect(samples).toBeGreaterThan(100_000);
    stream.dispose();
  });
});

describe('MP3', () => {
  test('that ends within its first frame is refused where no sound has a rate', async () => {
    const bytes = (await read('formats/ac3.ac3')).subarray(0, 156);
    await expect(decode(bytes, 'cut.ac3')).rejects.toMatchObject({ code: 'audio.not-audio' });
  });

  test('after 5000 zeros, or half a frame, or several ID3 tags, is the same song', async () => {
    const file = await read('audio/truncated.mp3');
    // Its first frame holds no sound; what follows is found again in each.
    const frames = file.subarray(file.indexOf('ID3') === 0 ? 10 + (file[8] << 7) + file[9] : 0);
    const tag = [...text('ID3'), 4, 0, 0, 0, 0, 1, 0, ...new Array<number>(128).fill(0)];
    const { channels } = await decode(frames);
    for (const before of [new Uint8Array(5000), frames.subarray(300, 417), Uint8Array.from([...tag, ...tag, ...tag])]) {
      const odd = await decode(Buffer.concat([before, frames]), 'odd.mp3');
      expect(odd.sampleRate).toBe(44100);
      // Found by content alone, the information frame may count as sound.
      const shift = odd.channels[0].length - channels[0].length;
      expect(Math.abs(shift)).toBeLessThan(3 * 1152);
      const [from, to] = [8000, 16000];
      const late = bestShift(odd.channels[0], channels[0], from, to);
      expect(late).toBeLessThan(1e-4);
    }
  });

  test('files joined end to end are decoded to the end of the last one', async () => {
    const file = await read('audio/cbr.mp3');
    const alone = (await decode(file)).channels[0].length;
    const { channels, notes } = await decode(Buffer.concat([file, file, file]));
    // The joints keep the padding of the files.
    expect(channels[0].length).toBeGreaterThanOrEqual(3 * alone);
    expect(channels[0].length).toBeLessThan(3 * (alone + 4 * 1152));
    expect(notes).toEqual([]);
  });

  test('that ends early says so', async () => {
    const file = await readFile(new URL('../../../public/demo/mixture.mp3', import.meta.url));
    const { channels, notes } = await decode(file.subarray(0, 200_000), 'cut.mp3');
    expect(channels[0].length / 44100).toBeCloseTo(10, 0);
    expect(notes).toEqual([message('decode.broke-off', { name: 'cut.mp3', done: '0:09', stated: '0:43' })]);
  });
});

/** Least, over all whole shifts, of the greatest difference of `odd` from samples [from, to) of `plain`. */
function bestShift(odd: Float32Array, plain: Float32Array, from: number, to: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let shift = -from; shift + to <= odd.length; shift++) {
    let worst = 0;
    for (let n = from; n < to && worst < best; n++) worst = Math.max(worst, Math.abs(odd[n + shift] - plain[n]));
    best = Math.min(best, worst);
  }
  return best;
}

describe('the length and the start', () => {
  test.each([
    ['chained.ogg', 44100, 4410],
    ['chained.opus', 48000, 4800],
  ])('of %s, two streams one after the other, are those of both', async (file, rate, each) => {
    const stream = await openInNode(await read(`formats/${file}`), file);
    expect(stream.expectedSamples).toBe(2 * each);
    expect(stream.track.seconds).toBe((2 * each) / rate);
    const { sampleRate, channels } = await decodeWhole(stream);
    expect(sampleRate).toBe(rate);
    expect(channels[0]).toHaveLength(2 * each);
    for (const [n, hertz] of [440, 660].entries()) {
      const { amplitude, delay } = measureSine(channels[0].subarray(n * each, (n + 1) * each), rate, hertz);
      expect(amplitude).toBeCloseTo(0.4, 1);
      expect(Math.abs(delay)).toBeLessThan(1);
    }
  });

  test('of a chained file whose last link is cut are not known beforehand', async () => {
    const file = await read('formats/chained.ogg');
    const stream = await openInNode(file.subarray(0, -100), 'cut.ogg');
    expect(stream.expectedSamples).toBeLessThanOrEqual(2 * 4410);
    stream.dispose();
  });

  // Muxers round the 0.25 s to milliseconds.
  test.each(['late.mp4', 'late.mkv'])(
    'of %s, whose sound starts 0.25 s after its picture, begin with silence',
    async (file) => {
      const { channels } = await decode(await read(`formats/${file}`), file);
      const start = 0.25 * 44100;
      expect(channels[0].subarray(0, start - 50).every((value) => value === 0)).toBe(true);
      const { amplitude, delay } = measureSine(channels[0].subarray(start, start + 4410), 44100, 440);
      expect(amplitude).toBeCloseTo(0.4, 1);
      expect(Math.abs(delay)).toBeLessThan(50);
    },
  );
});

describe('audio tracks', () => {
  const file = 'formats/second-is-default.mka';

  test('the one that the file names is decoded; all are listed', async () => {
    const stream = await openInNode(await read(file), file);
    stream.dispose();
    expect(stream.tracks.map(({ index, language, title, isDefault }) => [index, language, title, isDefault])).toEqual([
      [0, 'eng', undefined, false],
      [1, 'deu', 'Kommentar', true],
    ]);
    expect([stream.track.index, stream.channels, stream.track.codec]).toEqual([1, 1, 'flac']);
  });

  test('another one can be chosen; one that is not there is an error', async () => {
    expect((await decode(await read(file), file, { track: 0 })).channels).toHaveLength(2);
    await expect(decode(await read(file), 'two.mka', { track: 2 })).rejects.toMatchObject({
      code: 'audio.no-such-track',
      values: { name: 'two.mka', track: 3, tracks: 2 },
    });
  });
});

test('AIFF with an ID3 chunk is decoded exactly', async () => {
  const { sampleRate, channels } = await decode(await read('formats/tagged.aiff'), 'tagged.aiff');
  expect([sampleRate, channels[0].length]).toEqual([8000, 800]);
});
