import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/core/errors.ts';
import type { ModelManifest, Quality } from '../../src/model/manifest.ts';
import type { Predictor } from '../../src/model/predictor.ts';
import { separate } from '../../src/separation/separate.ts';
import type { SeparationChunk, SeparationOptions } from '../../src/separation/types.ts';
import { fakeModel, greatestDifference, manifest, network, noise, rms } from './fake-model.ts';

const RATE = 8192;
const SONG = { sampleRate: RATE, channels: [noise(RATE * 30)] };

const QUALITIES: ModelManifest['qualities'] = {
  best: { networks: ['vocals', 'drums'], bins: 512 },
  fast: { networks: ['vocals'], bins: 256, highBand: { rule: 'zero' } },
};

const TWO: ModelManifest = {
  ...manifest,
  networks: { vocals: network, drums: network },
  combine: { kind: 'ratio', exponent: 2, epsilon: 1e-10 },
  qualities: QUALITIES,
};

/** A model of two qualities with a mask of 1 everywhere. Records its calls. */
function model() {
  const asked: (Quality | undefined)[] = [];
  const predictor: Predictor = {
    manifest: TWO,
    async predict(patches, count, _divisor, { quality } = {}) {
      asked.push(quality);
      expect(patches.length).toBe(count * 128 * QUALITIES![quality ?? 'best'].bins);
      return patches.map(() => 1);
    },
  };
  return { predictor, asked };
}

async function run(predictor: Predictor, options: SeparationOptions = {}) {
  const chunks: SeparationChunk[] = [];
  for await (const chunk of separate(SONG, predictor, options)) chunks.push(chunk);
  return { chunks, vocals: Float32Array.from(chunks.flatMap(({ vocals }) => [...vocals[0]])) };
}

describe('separate with a model of several qualities', () => {
  it.each([
    [undefined, 512],
    ['best', 512],
    ['fast', 256],
  ] as const)('runs the network on the bins of the quality %s, and returns %i of them', async (quality, bins) => {
    const { predictor, asked } = model();
    const { chunks } = await run(predictor, { quality, batchSize: 2 });
    expect(new Set(asked)).toEqual(new Set([quality]));
    for (const { spectrogram, scale } of chunks) {
      expect([spectrogram.bins, scale.bins]).toEqual([bins, bins]);
      expect(spectrogram.mask).toHaveLength(spectrogram.frames * bins);
    }
  });

  it('uses the quality’s rule for the band above those bins', async () => {
    const whole = rms(SONG.channels[0]);
    const best = await run(model().predictor, { quality: 'best' });
    const fast = await run(model().predictor, { quality: 'fast' });
    // All but the band below the first bin; half of the noise's power lies below 2 kHz.
    expect(rms(best.vocals) / whole).toBeGreaterThan(0.99);
    expect((rms(fast.vocals) / whole) ** 2).toBeCloseTo(0.5, 1);
  });

  it('rejects an unknown quality', async () => {
    const one = fakeModel(() => 1);
    await expect(run(one, { quality: 'fast' })).rejects.toThrow(ParameterError);
    const alike = await run(one);
    expect(greatestDifference(alike.vocals, (await run(model().predictor)).vocals)).toBeLessThan(1e-6);
  });
});
