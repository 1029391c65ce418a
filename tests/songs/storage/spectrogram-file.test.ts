import { describe, expect, test } from 'vitest';
import type { AccessHandle } from '../../../src/core/access-handle.ts';
import { SpectrogramFile } from '../../../src/songs/storage/spectrogram-file.ts';
import { memoryFile } from './memory-file.ts';

const SONG = { frames: 40, bins: 8 };

const columns = (firstFrame: number, frames: number) => ({
  firstFrame,
  frames,
  bins: SONG.bins,
  songFrames: SONG.frames,
  mask: Float32Array.from({ length: frames * SONG.bins }, (_, n) => ((firstFrame * SONG.bins + n) % 97) / 96),
  mixture: Float32Array.from({ length: frames * SONG.bins }, (_, n) => 10 ** (-((firstFrame + n) % 60) / 20)),
});

const files = (space = 1e6): [AccessHandle, AccessHandle] => [memoryFile(space), memoryFile(space)];

describe('SpectrogramFile', () => {
  test('returns columns written in any order: masks to 16 bits, levels to 0.2 dB', () => {
    const spectrograms = new SpectrogramFile(...files());
    for (const [first, count] of [
      [25, 15],
      [0, 10],
      [10, 15],
    ])
      spectrograms.write(columns(first, count));
    const whole = columns(5, 30);
    const got = spectrograms.read(5, 35, SONG.bins);
    expect([got.firstFrame, got.frames, got.bins]).toEqual([5, 30, 8]);
    for (const frame of [0, 5, 19, 20, 29]) {
      const source = columns(5 + frame, 1);
      for (let bin = 0; bin < SONG.bins; bin++) {
        const cell = frame * SONG.bins + bin;
        // Written in one piece with others: its magnitudes are those of that piece.
        expect(Math.abs(got.mask[cell] - source.mask[bin])).toBeLessThan(1e-5);
      }
    }
    const decibels = (value: number) => 20 * Math.log10(value);
    spectrograms.write(whole);
    for (const [cell, value] of spectrograms.read(5, 35, SONG.bins).mixture.entries()) {
      expect(Math.abs(decibels(value) - decibels(whole.mixture[cell]))).toBeLessThan(0.2);
    }
  });

  test('allocates space for the whole song with the first columns, and drops columns after its end', () => {
    const [mask, levels] = [memoryFile(1e6), memoryFile(1e6)];
    const spectrograms = new SpectrogramFile(mask, levels);
    spectrograms.write(columns(38, 6));
    expect([mask.getSize(), levels.getSize()]).toEqual([2 * 320, 320]);
    expect(spectrograms.read(38, 40, SONG.bins).mask[0]).toBeGreaterThan(0);
    expect(spectrograms.read(0, 1, SONG.bins).mixture).toEqual(new Float32Array(SONG.bins));
  });

  test('throws if there is no space, before anything is written', () => {
    const [mask, levels] = files(319);
    expect(() => new SpectrogramFile(mask, levels).write(columns(0, 1))).toThrow('Full.');
  });
});
