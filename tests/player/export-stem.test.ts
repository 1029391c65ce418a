import { describe, expect, test } from 'vitest';
import { stemFileName, stemToWav } from '../../src/player/export-stem.ts';

const LENGTH = 150_001;
const original = {
  sampleRate: 44_100,
  channels: [0, 1].map((c) => Float32Array.from({ length: LENGTH }, (_, n) => Math.sin(n / (11 + c)) / 2)),
};
const vocals = {
  sampleRate: 44_100,
  channels: [0, 1].map((c) => Float32Array.from({ length: LENGTH }, (_, n) => Math.sin(n / (5 + c)) / 4)),
};

async function samplesOf(blob: Blob): Promise<Float32Array> {
  const bytes = await blob.arrayBuffer();
  // RIFF, fmt, fact and data of a floating-point file are 56 bytes; see the specification named in encode-wav.ts.
  return new Float32Array(bytes.slice(56));
}

describe('stemToWav', () => {
  test('writes the vocals as they are', async () => {
    const blob = await stemToWav('vocals', original, vocals, '32f', () => Promise.resolve());
    const samples = await samplesOf(blob);
    expect(blob.type).toBe('audio/wav');
    expect(samples.length).toBe(2 * LENGTH);
    for (let n = 0; n < LENGTH; n += 97) {
      expect(samples[2 * n]).toBe(vocals.channels[0][n]);
      expect(samples[2 * n + 1]).toBe(vocals.channels[1][n]);
    }
  });

  test('writes the accompaniment as the original less the vocals, to its last sample', async () => {
    const samples = await samplesOf(await stemToWav('accompaniment', original, vocals, '32f', () => Promise.resolve()));
    for (const n of [0, 1, 65_535, 65_536, 131_072, LENGTH - 1]) {
      expect(samples[2 * n]).toBeCloseTo(original.channels[0][n] - vocals.channels[0][n], 7);
      expect(samples[2 * n + 1]).toBeCloseTo(original.channels[1][n] - vocals.channels[1][n], 7);
    }
  });

  test('is 3 bytes a sample at 24 bits, with the header of 44 bytes', async () => {
    const blob = await stemToWav('vocals', original, vocals, '24', () => Promise.resolve());
    expect(blob.size).toBe(44 + 6 * LENGTH);
  });

  test('lets the page breathe between slices and tells how far it is', async () => {
    let pauses = 0;
    const parts: number[] = [];
    const pause = () => {
      pauses++;
      return Promise.resolve();
    };
    await stemToWav('vocals', original, vocals, '16', pause, (part) => parts.push(part));
    expect(pauses).toBe(3);
    expect(parts.at(-1)).toBe(1);
    expect([...parts].sort((a, b) => a - b)).toEqual(parts);
  });
});

describe('stemFileName', () => {
  test('names the song and the stem', () => {
    expect(stemFileName('My song', 'vocals')).toBe('My song.vocals.wav');
  });
});
