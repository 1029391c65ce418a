import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifest, type SpleeterDescription, type StoredNetwork } from '../../../src/model/manifest.ts';
import { defaultQuality, multiplyAdds, realTimeFactor } from '../../../src/model/runtime/speed.ts';
import { fixturePath, loadFixture } from '../fixtures.ts';
import { buildSpleeterFolder } from '../spleeter-fixtures.ts';

/** PyTorch's multiply-adds for one patch: training/reference/*_counts.py. */
const countedOf = (file: string, name: string): number =>
  JSON.parse(readFileSync(fixturePath(file), 'utf8'))[name].layers.reduce(
    (sum: number, layer: { multiplyAdds: number }) => sum + layer.multiplyAdds,
    0,
  );

/** Spleeter's two networks in full size, without files. */
async function fullSize() {
  const { manifest } = await buildSpleeterFolder('spleeter');
  const filters = [16, 32, 64, 128, 256, 512];
  const network = { ...(manifest.networks.vocals as StoredNetwork & SpleeterDescription), filters };
  return parseManifest(
    {
      ...manifest,
      sampleRate: 44100,
      stft: { fftSize: 4096, windowLength: 4096, hop: 1024, window: 'hann', centred: true },
      patch: { frames: 512, firstBin: 0, bins: 1024 },
      networks: { vocals: network, accompaniment: network },
      qualities: {
        best: { networks: ['vocals', 'accompaniment'], bins: 1024 },
        fast: { networks: ['vocals'], bins: 512 },
      },
      probe: { ...manifest.probe, bins: 512, frames: 128 },
    },
    'test',
  );
}

describe('multiplyAdds', () => {
  it('adds up the networks of the quality, on its bins', async () => {
    const one = countedOf('spleeter-counts.json', 'spleeter');
    const manifest = await fullSize();
    expect(multiplyAdds(manifest)).toBe(2 * one);
    expect(multiplyAdds(manifest, 'best')).toBe(2 * one);
    expect(multiplyAdds(manifest, 'fast')).toBe(one / 2);
  });

  it('is that of a U-Net’s only network', () => {
    const version1 = JSON.parse(readFileSync(fixturePath('manifest-version-1.json'), 'utf8'));
    expect(multiplyAdds(parseManifest(version1, 'test'))).toBe(countedOf('network-counts.json', 'paper'));
  });
});

describe('realTimeFactor', () => {
  it('is a patch’s duration divided by the computation time that follows from the probe', async () => {
    const manifest = await fullSize();
    // The probe is an eighth of a patch of one network and takes 20 ms, so a patch takes 160 ms for each network.
    const patchSeconds = (512 * 1024) / 44100;
    expect(realTimeFactor(manifest, { probeMs: 20 }, 'best')).toBeCloseTo(patchSeconds / 0.32, 6);
    expect(realTimeFactor(manifest, { probeMs: 20 }, 'fast')).toBeCloseTo(patchSeconds / 0.08, 6);
    expect(realTimeFactor(manifest, { probeMs: 20 })).toBeCloseTo(patchSeconds / 0.32, 6);
  });

  it('grows with the backend’s threads, by less than their number', async () => {
    const manifest = await fullSize();
    const one = realTimeFactor(manifest, { probeMs: 20 }, 'best');
    expect(realTimeFactor(manifest, { probeMs: 20, threads: 1 }, 'best')).toBe(one);
    for (const threads of [2, 4]) {
      const gain = realTimeFactor(manifest, { probeMs: 20, threads }, 'best') / one;
      expect(gain).toBeGreaterThan(threads / 2);
      expect(gain).toBeLessThan(threads);
    }
  });

  it('is 0 for a backend that was not timed', async () => {
    expect(realTimeFactor(await fullSize(), {}, 'fast')).toBe(0);
  });
});

describe('defaultQuality', () => {
  it('is “best” at four times real time or more, else “fast”', async () => {
    const manifest = await fullSize();
    const atFactor = (factor: number) => ({ probeMs: ((512 * 1024) / 44100 / factor / 16) * 1000 });
    expect(realTimeFactor(manifest, atFactor(4), 'best')).toBeCloseTo(4, 6);
    expect(defaultQuality(manifest, atFactor(4.01))).toBe('best');
    expect(defaultQuality(manifest, atFactor(3.99))).toBe('fast');
    expect(defaultQuality(manifest, {})).toBe('fast');
  });

  it('is undefined when the model has only one', async () => {
    expect(defaultQuality((await loadFixture('paper')).manifest, { probeMs: 1 })).toBeUndefined();
  });
});
