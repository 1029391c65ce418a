import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PcmSource, Song } from '../../../src/audio/pcm-source.ts';
import { separate } from '../../../src/separation/separate.ts';
import type { SeparationChunk, SeparationOptions } from '../../../src/separation/types.ts';
import { fakeModel, noise } from '../../separation/fake-model.ts';

const RATE = 44100;

interface Watched extends PcmSource {
  readonly longest: () => number;
  readonly total: () => number;
}

/** Reads like a disk: into memory that is valid until the next call, which overwrites it. */
function onDisk(channels: readonly Float32Array[]): Watched {
  let lent: Float32Array[] = [];
  let longest = 0;
  let total = 0;
  return {
    sampleRate: RATE,
    channelCount: channels.length,
    samples: channels[0].length,
    async read(start, end) {
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(channels[0].length);
      for (const channel of lent) channel.fill(Number.NaN);
      await Promise.resolve();
      longest = Math.max(longest, end - start);
      total += end - start;
      lent = channels.map((channel) => channel.slice(start, end));
      return lent;
    },
    longest: () => longest,
    total: () => total,
  };
}

async function chunksOf(song: Song, options: SeparationOptions = {}, changes = {}): Promise<SeparationChunk[]> {
  const lively = (_: number, frame: number, bin: number, magnitude: number) =>
    0.5 + 0.5 * Math.sin(magnitude * 3 + bin * 0.1 + frame * 0.05);
  const chunks: SeparationChunk[] = [];
  for await (const chunk of separate(song, fakeModel(lively, changes), options)) chunks.push(chunk);
  return chunks;
}

/** All that a chunk holds; its numbers as their bits, which are compared faster. */
function facts({ vocals, accompaniment, spectrogram, ...rest }: SeparationChunk) {
  const bits = ({ buffer, byteOffset, byteLength }: Float32Array) =>
    createHash('sha256')
      .update(new Uint8Array(buffer, byteOffset, byteLength))
      .digest('hex');
  const { mixture, mask, ...columns } = spectrogram;
  return { ...rest, columns, numbers: [...vocals, ...accompaniment, mixture, mask].map(bits) };
}

describe('separate, of a song that is not in memory', () => {
  const stereo = [noise(RATE * 31, 1), noise(RATE * 31, 2)];

  it.each([
    ['stereo', stereo, {}, {}],
    ['mono', [stereo[0]], { batchSize: 3 }, {}],
    ['a mask for each channel', stereo, {}, { channels: 2 }],
    ['a model that asks for the song’s maximum', stereo, {}, { normalisation: { kind: 'song-maximum' } }],
    ['a model that asks for the song’s level', stereo, {}, { normalisation: { kind: 'song-level', level: 0.1 } }],
  ] as const)('gives what it gives of one that is: %s', async (_, channels, options, changes) => {
    const inMemory = await chunksOf({ sampleRate: RATE, channels }, options, changes);
    const streamed = await chunksOf(onDisk(channels), options, changes);
    expect(streamed.length).toBeGreaterThan(0);
    expect(streamed.map(facts)).toEqual(inMemory.map(facts));
  });

  it('reads it once for the network and once for the filter, some seconds at a time, however long it is', async () => {
    const lengths = [30, 90].map((seconds) => onDisk([noise(RATE * seconds)]));
    for (const song of lengths) {
      await chunksOf(song);
      expect(song.total()).toBeLessThan(2.2 * song.samples);
    }
    for (const song of lengths) expect(song.longest()).toBeLessThan(15 * RATE);
  });
});
