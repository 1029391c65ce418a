import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/core/errors.ts';
import { type ModelManifest, networksOf } from '../../src/model/manifest.ts';
import { needsWholeSong, type Predictor, predictorAt } from '../../src/model/predictor.ts';
import { atQuality } from '../../src/model/quality.ts';
import { loadFixture } from './fixtures.ts';
import { buildSpleeterFolder } from './spleeter-fixtures.ts';

const stemsOf = (manifest: ModelManifest) => networksOf(manifest).map(([stem]) => stem);

describe('atQuality', () => {
  it('sets the networks, their bins and how their masks are combined', async () => {
    const { manifest } = await buildSpleeterFolder('spleeter-elu');
    const [best, fast] = [atQuality(manifest, 'best'), atQuality(manifest, 'fast')];
    expect(stemsOf(best)).toEqual(['vocals', 'drums', 'other']);
    expect(best).toMatchObject({
      patch: { bins: 32, frames: 16, firstBin: 0 },
      combine: { kind: 'ratio', exponent: 2 },
    });
    expect(stemsOf(fast)).toEqual(['vocals']);
    expect(fast).toMatchObject({ patch: { bins: 16, frames: 16, firstBin: 0 }, combine: { kind: 'single' } });
    for (const one of [best, fast]) {
      expect(one).not.toHaveProperty('qualities');
      expect(one.highBand).toEqual({ rule: 'zero' });
      expect(one.networks.vocals).toBe(manifest.networks.vocals);
    }
    expect(atQuality(manifest)).toEqual(best);
  });

  it('keeps the combination when several networks run', async () => {
    const { manifest } = await buildSpleeterFolder('spleeter-logit');
    expect(atQuality(manifest, 'fast')).toMatchObject({ patch: { bins: 16 }, combine: manifest.combine });
    expect(stemsOf(atQuality(manifest, 'fast'))).toEqual(['vocals', 'bass', 'piano']);
  });

  it('uses a quality’s own rule for the high band', async () => {
    const { manifest } = await buildSpleeterFolder('spleeter');
    const qualities = manifest.qualities!;
    const highBand = { rule: 'mean', fromHz: 1000, gain: 0.5 } as const;
    const changed = { ...manifest, qualities: { ...qualities, fast: { ...qualities.fast, highBand } } };
    expect(atQuality(changed, 'fast').highBand).toEqual(highBand);
    expect(atQuality(changed, 'best').highBand).toEqual({ rule: 'zero' });
  });

  it('returns a model with one quality unchanged, and rejects any quality', async () => {
    const { manifest } = await loadFixture('paper');
    expect(atQuality(manifest)).toBe(manifest);
    expect(() => atQuality(manifest, 'fast')).toThrow(ParameterError);
    expect(() => atQuality(manifest, 'best')).toThrow(/“paper” has no quality “best”/);
  });
});

describe('predictorAt', () => {
  it('has the quality’s manifest, and passes the quality to the model', async () => {
    const { manifest } = await buildSpleeterFolder('spleeter');
    const asked: unknown[] = [];
    const model: Predictor = {
      manifest,
      async predict(...given) {
        asked.push(given);
        return new Float32Array(1);
      },
    };
    const fast = predictorAt(model, 'fast');
    expect(fast.manifest).toEqual(atQuality(manifest, 'fast'));
    const patches = new Float32Array(2);
    await fast.predict(patches, 1, 0.5, { raw: true });
    await predictorAt(model).predict(patches, 1);
    expect(asked).toEqual([
      [patches, 1, 0.5, { raw: true, quality: 'fast' }],
      [patches, 1, undefined, { quality: undefined }],
    ]);
  });
});

describe('needsWholeSong', () => {
  it.each([
    [{ kind: 'song-maximum' }, true],
    [{ kind: 'song-level', level: 0.15 }, true],
    [{ kind: 'patch-maximum' }, false],
    [{ kind: 'none' }, false],
  ] as const)('for %j is %s', (normalisation, expected) => {
    expect(needsWholeSong({ normalisation })).toBe(expected);
  });
});
