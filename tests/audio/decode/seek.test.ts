import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { decodeInNode, openInNode } from '../../../src/audio/decode/decode.node.ts';
import { encodeWav } from '../../../src/audio/encode/encode-wav.ts';

const FOLDER = new URL('../../fixtures/seek/', import.meta.url);

/** Files that do not tell exactly which samples lie where: they are decoded from their start. */
const FROM_THE_START = new Set(['adpcm.wav', 'vorbis.webm', 'ac3.ac3', 'mp3.avi']);

/** Lossless codecs give the same samples, bit for bit. Opus adds up rounded energies from frame to frame. */
function toleranceOf(name: string): number {
  if (/^(pcm|adpcm|flac|alac|wavpack|tta)\./.test(name)) return 0;
  return name.startsWith('opus') ? 1e-5 : 1e-6;
}

const rate = 8000;
const chirp = Float32Array.from({ length: 6 * rate }, (_, n) => 0.4 * Math.sin((n / rate) ** 2 * 600));
const files = new Map<string, Uint8Array>([
  ['pcm.wav', Buffer.concat(encodeWav({ sampleRate: rate, channels: [chirp] }, '16') as Uint8Array[])],
  ...readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER))] as const),
]);

/** Samples that were decoded. */
let decoded = 0;
const { instantiate } = WebAssembly;

afterEach(() => vi.restoreAllMocks());

/** Counts the samples that decoders give. */
function countSamples(): void {
  const counting = async (module: WebAssembly.Module, imports?: WebAssembly.Imports) => {
    const { exports } = await instantiate(module, imports);
    const next = exports.song_next as (song: number) => number;
    const song_next = (song: number) => {
      const count = next(song);
      decoded += count;
      return count;
    };
    return { exports: { ...exports, song_next } };
  };
  vi.spyOn(WebAssembly, 'instantiate').mockImplementation(counting as unknown as typeof instantiate);
}

async function partOf(name: string, from: number): Promise<Float32Array> {
  const stream = await openInNode(files.get(name) as Uint8Array, name, { from });
  const pieces: number[] = [];
  for await (const [piece] of stream.pieces()) pieces.push(...piece);
  stream.dispose();
  return Float32Array.from(pieces);
}

describe('the part of a song from a time on', () => {
  test.each([...files.keys()])('%s: has the samples that decoding from the start gives', async (name) => {
    countSamples();
    const { sampleRate, channels } = await decodeInNode(files.get(name) as Uint8Array, name);
    for (const from of [3.1, 4.321]) {
      decoded = 0;
      const part = await partOf(name, from);
      const expected = channels[0].subarray(Math.round(from * sampleRate));
      expect(part.length).toBe(expected.length);
      const difference = part.reduce((most, value, n) => Math.max(most, Math.abs(value - expected[n])), 0);
      expect(difference).toBeLessThanOrEqual(toleranceOf(name));
    }
    // From a second before the part on, in whole packets, and the song's first packet.
    if (FROM_THE_START.has(name)) expect(decoded).toBeGreaterThanOrEqual(channels[0].length);
    else expect(decoded).toBeLessThan(0.8 * channels[0].length);
  });

  test('is empty after the end, whose place is known', async () => {
    for (const name of ['pcm.wav', 'cbr.mp3', 'vorbis.webm']) {
      const stream = await openInNode(files.get(name) as Uint8Array, name, { from: 60 });
      for await (const [piece] of stream.pieces()) expect(piece).toHaveLength(0);
      expect(stream.position / stream.sampleRate).toBeCloseTo(6, 1);
      stream.dispose();
    }
  });
});
