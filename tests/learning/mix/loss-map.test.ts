import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { lossMap } from '../../../src/learning/mix/loss-map.ts';
import { folderReader } from '../../../src/model/load.node.ts';
import { loadManifest } from '../../../src/model/load.ts';

test('the loss is 0 where the mask gives the truth, and the truth itself where it gives nothing', async () => {
  const manifest = await loadManifest(folderReader('models/paper'));
  expect(JSON.parse(await readFile('models/paper/manifest.json', 'utf8')).id).toBe(manifest.id);
  const { sampleRate, patch } = manifest;
  const vocals = [Float32Array.from({ length: sampleRate }, (_, n) => 0.5 * Math.sin(0.4 * n))];
  const silence = [new Float32Array(sampleRate)];
  const song = { sampleRate, vocals, accompaniment: silence, mixture: vocals };
  const frames = 12;
  const of = (value: number) =>
    lossMap({ song, manifest, mask: new Float32Array(frames * patch.bins).fill(value), frames });
  const [right, wrong, half] = [await of(1), await of(0), await of(0.5)];
  expect(right.mean).toBe(0);
  expect(Math.max(...wrong.loss)).toBeGreaterThan(0.4);
  expect(wrong.mean).toBeCloseTo(wrong.meanOfSilence, 12);
  expect(half.mean).toBeCloseTo(wrong.mean / 2, 8);
  expect(half.meanOfMixture).toBe(0);
});
