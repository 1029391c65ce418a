import { describe, expect, it } from 'vitest';
import { MaskCrossFader } from '../../src/separation/mask-cross-fade.ts';
import { firstFrameOf, patchGrid } from '../../src/separation/patch-grid.ts';
import { separate } from '../../src/separation/separate.ts';
import { fakeModel, manifest, noise } from './fake-model.ts';

describe('the grid of patches', () => {
  it.each([
    [1, 128, 0.25],
    [128, 128, 0.25],
    [129, 128, 0.25],
    [224, 128, 0.25],
    [225, 128, 0],
    [1000, 128, 0.75],
    [605, 128, 0.25],
  ])(
    'covers %i frames by patches of %i that overlap by %f, and the last ends with the song',
    (frames, patchFrames, overlap) => {
      const grid = patchGrid(frames, patchFrames, overlap);
      const starts = Array.from({ length: grid.patches }, (_, patch) => firstFrameOf(grid, patch));
      expect(starts[0]).toBe(0);
      expect(starts.at(-1)).toBe(Math.max(0, frames - patchFrames));
      for (const [n, start] of starts.slice(1).entries()) {
        expect(start).toBeGreaterThan(starts[n]);
        expect(start - starts[n]).toBeLessThanOrEqual(patchFrames * (1 - overlap));
      }
    },
  );

  it.each([0, 0.25, 0.5, 0.75])('returns each frame’s mask once: overlap %f', (overlap) => {
    const frames = 301;
    const grid = patchGrid(frames, 64, overlap);
    const crossFader = new MaskCrossFader(grid, 2);
    const joined: number[] = [];
    for (let patch = 0; patch < grid.patches; patch++) {
      const first = firstFrameOf(grid, patch);
      const masks = Float32Array.from({ length: 128 }, (_, i) => first + (i >> 1) + (i % 2) * 1000);
      joined.push(...crossFader.add(masks, 0, patch === grid.patches - 1));
    }
    expect(joined.length).toBe(2 * frames);
    joined.forEach((value, i) => {
      expect(value).toBeCloseTo((i >> 1) + (i % 2) * 1000, 3);
    });
  });
});

describe('the last patch of a song', () => {
  // Two patches that overlap by a quarter, and 43 frames more.
  const song = { sampleRate: 8192, channels: [noise((128 + 96 + 42) * 768)] };

  it('is full of sound, whatever the song’s length', async () => {
    const empty: number[] = [];
    const { bins, frames } = manifest.patch;
    const model = fakeModel((patch, frame, bin, magnitude) => {
      if (bin === 0) empty[patch] ??= 0;
      if (bin === 100 && magnitude === 0) empty[patch]++;
      return frame / frames;
    });
    let heard = 0;
    for await (const { spectrogram } of separate(song, model)) heard += spectrogram.mask.length / bins;
    expect(empty).toEqual([0, 0, 0]);
    expect(heard).toBe(128 + 96 + 43);
  });

  it.each([1, 4])('applies its mask to its own frames, in batches of %i', async (batchSize) => {
    // A sine of amplitude 1 has the magnitude of half the Hann window's sum: 256.
    const model = fakeModel((_patch, _frame, _bin, magnitude) => magnitude / (magnitude + 10));
    let worst = 0;
    for await (const { spectrogram } of separate(song, model, { batchSize })) {
      spectrogram.mask.forEach((value, i) => {
        const magnitude = spectrogram.mixture[i] * 256;
        worst = Math.max(worst, Math.abs(value - magnitude / (magnitude + 10)));
      });
    }
    expect(worst).toBeLessThan(1e-5);
  });
});
