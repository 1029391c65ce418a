import { describe, expect, test } from 'vitest';
import { decodeInNode } from '../../../src/audio/decode/decode.node.ts';
import { createAudioFile } from '../../../src/audio/encode/audio-file.ts';
import { type ByteSink, memorySink } from '../../../src/audio/encode/byte-sink.ts';
import { encodeSamples } from '../../../src/audio/encode/encode-wav.ts';
import type { ExportFormat } from '../../../src/audio/encode/formats.ts';
import { ExportError } from '../../../src/core/errors.ts';

const SAMPLES = 20_001;
const RATE = 44_100;
const left = Float32Array.from({ length: SAMPLES }, (_, i) => 0.8 * Math.sin((2 * Math.PI * 440 * i) / RATE));
const right = Float32Array.from({ length: SAMPLES }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 523 * i) / RATE + 1));

async function encode(format: ExportFormat, channels: readonly Float32Array[], sink = memorySink()): Promise<Buffer> {
  const shape = { sampleRate: RATE, channels: channels.length, samples: SAMPLES };
  const file = await createAudioFile(sink, format, shape, { title: 'A song (Vocals)' });
  // In pieces of no particular length.
  for (let at = 0; at < SAMPLES; at += 7777)
    await file.write(channels.map((channel) => channel.subarray(at, at + 7777)));
  await file.finish();
  return Buffer.concat(sink.pieces());
}

describe('createAudioFile', () => {
  test.each([
    ['wav16', '16'],
    ['wav24', '24'],
    ['wav32f', '32f'],
  ] as const)('%s holds the samples, rounded to its bits', async (format, bits) => {
    const file = await encode(format, [left, right]);
    const data = file.indexOf('data') + 8;
    const wanted = Buffer.from(encodeSamples([left, right], 0, SAMPLES, bits));
    expect(file.subarray(data, data + wanted.length).equals(wanted)).toBe(true);
    expect((await decodeInNode(file, 'file.wav')).channels.map(({ length }) => length)).toEqual([SAMPLES, SAMPLES]);
  });

  test('flac decodes to the samples, rounded to 24 bits', async () => {
    const { sampleRate, channels } = await decodeInNode(await encode('flac', [left, right]), 'file.flac');
    expect(sampleRate).toBe(RATE);
    [left, right].forEach((wanted, c) => {
      expect(channels[c].length).toBe(SAMPLES);
      // Half a step of rounding, and up to one where the decoder takes 2^23 − 1 for full scale.
      const steps = channels[c].map((value, i) => Math.abs(value - wanted[i]) * 2 ** 23);
      expect(Math.max(...steps)).toBeLessThan(1.51);
    });
  });

  test('a WAV file of an odd number of bytes is padded, and its length counts that', async () => {
    const file = await encode('wav24', [left]);
    expect(file.length % 2).toBe(0);
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    expect(file.readUInt32LE(file.indexOf('data') + 4)).toBe(3 * SAMPLES);
  });

  test('a WAV file over 4 GB states its length in its chunk ds64, with the padding', async () => {
    const sink = memorySink();
    const shape = { sampleRate: RATE, channels: 1, samples: 2 ** 31 - 1 };
    const file = await createAudioFile(sink, 'wav24', shape, {});
    // As many as its parity needs: the whole sound would be 6 GB.
    await file.write([left.subarray(0, 9)]);
    await file.finish();
    const bytes = Buffer.concat(sink.pieces());
    expect(bytes.toString('latin1', 0, 4)).toBe('RF64');
    expect(bytes.readUInt32LE(4)).toBe(0xffffffff);
    expect(bytes.length % 2).toBe(0);
    expect(Number(bytes.readBigUInt64LE(20))).toBe(bytes.length - 8);
  });

  test('an MP3 file decodes from the first sample to the last: the Info tag tells what the encoder added', async () => {
    const file = await encode('mp3', [left, right]);
    const info = file.indexOf('Info');
    const delays = file.readUIntBE(info + 16 + 100 + 21, 3);
    const frames = file.readUInt32BE(info + 8);
    expect(delays >> 12).toBe(576);
    expect(frames * 1152 - (delays >> 12) - (delays & 0xfff)).toBe(SAMPLES);
    expect(file.length - file.readUInt32BE(info + 12)).toBe(info - 36);
  });

  test.each([
    ['ENOSPC', 'export.disk-full'],
    ['EACCES', 'export.denied'],
    ['EIO', 'export.interrupted'],
  ] as const)('says what %s means, and takes the file away', async (code, expected) => {
    const done: string[] = [];
    const broken: ByteSink = {
      write: async () => {
        throw Object.assign(new Error('no'), { code });
      },
      close: async () => void done.push('closed'),
      abort: async () => void done.push('aborted'),
    };
    const shape = { sampleRate: RATE, channels: 1, samples: SAMPLES };
    const file = await createAudioFile(broken, 'wav16', shape, {});
    const work = async () => {
      await file.write([left]);
      await file.finish();
    };
    const error = await work().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ExportError);
    expect((error as ExportError).code).toBe(expected);
    expect((error as ExportError).hint).toMatch(/^[A-Z].+\.( \(no\))?$/);
    await file.cancel();
    expect(done).toEqual(['aborted']);
  });
});
