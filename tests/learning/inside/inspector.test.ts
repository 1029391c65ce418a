import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Inspector, sortMaps } from '../../../src/learning/inside/inspector.ts';
import { buildGraph } from '../../../src/model/graph/build-graph.ts';
import { networkLayers } from '../../../src/model/graph/summary.ts';
import { folderReader } from '../../../src/model/load.node.ts';
import { type LoadedModel, loadModel } from '../../../src/model/load.ts';
import { mainNetwork } from '../../../src/model/manifest.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import { noise } from '../../separation/fake-model.ts';

const sampleRate = 8192;

describe('looking into the paper’s network', () => {
  let inspector: Inspector;
  let manifest: LoadedModel['manifest'];

  beforeAll(async () => {
    await prepareBackends();
    await tf.setBackend('wasm');
    const loaded = await loadModel(folderReader('models/paper'));
    manifest = loaded.manifest;
    inspector = await Inspector.create(loaded);
    await inspector.take({ sampleRate, channels: [noise(13 * sampleRate)] });
  }, 60_000);

  afterAll(() => inspector.dispose());

  test('each layer’s maps have the shape in the manifest, the strongest first', async () => {
    for (const { name, output } of networkLayers(buildGraph(mainNetwork(manifest)[1]), manifest.patch)) {
      const { frames, bins, maps } = await inspector.featureMaps(name, new Set());
      expect([bins, frames, maps.length]).toEqual([output.bins, output.frames, output.channels]);
      const strengths = maps.map(({ strength }) => strength);
      expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
      expect(maps[0].bytes.length).toBe(frames * bins);
    }
  });

  test('the last layer’s only map is the mask', async () => {
    const mask = await inspector.mask(new Set());
    const { maps } = await inspector.featureMaps('decoder_5', new Set());
    const worst = maps[0].bytes.reduce(
      (most, byte, n) =>
        Math.max(most, Math.abs(((byte - 128) / 127) * maps[0].scale - Math.min(maps[0].scale, mask[n]))),
      0,
    );
    expect(worst).toBeLessThan(0.005);
  });

  test('a cell of the mask looks at cells round it, and most at its own place', async () => {
    const { gradient, strong, any } = await inspector.field(64, 200, new Set());
    const { frames, bins } = manifest.patch;
    const at = gradient.indexOf(gradient.reduce((a, b) => Math.max(a, b), 0));
    expect(Math.abs(Math.floor(at / bins) - 64)).toBeLessThan(16);
    expect(Math.abs((at % bins) - 200)).toBeLessThan(40);
    expect(any.frames).toBe(frames);
    expect(strong.frames).toBeLessThanOrEqual(any.frames);
    expect(strong.bins).toBeGreaterThan(1);
    expect(gradient.length).toBe(frames * bins);
  }, 60_000);
});

test('maps are sorted by their mean activation, and scaled each so that a twentieth of its cells is at an end', () => {
  // The second map is 20 times louder, and has one cell far beyond the others.
  const soft = Float32Array.from({ length: 41 }, (_, n) => n - 20);
  const loud = soft.map((value) => (value === 20 ? 8000 : 20 * value));
  const { maps } = sortMaps(Float32Array.of(...soft, ...loud), 2, 1, 41);
  expect(maps.map(({ channel, greatest }) => [channel, greatest])).toEqual([
    [1, 8000],
    [0, 20],
  ]);
  // Of 0, 1, 1, 2, 2 … 20, 20, the 39th of 41 is 19.
  expect(maps.map(({ scale }) => scale)).toEqual([380, 19]);
  const byte = (value: number) => 128 + Math.round((127 * value) / 19);
  const expected = [1, ...Array.from({ length: 39 }, (_, n) => byte(n - 19)), 255];
  for (const { bytes } of maps) expect([...bytes]).toEqual(expected);
  expect(maps[0].strength).toBeCloseTo((20 * 2 * 190 + 400 + 8000) / 41, 2);
});

test('a map that is 0 almost everywhere is scaled by its greatest, and one that is 0 everywhere is black', () => {
  const sparse = new Float32Array(100);
  sparse[7] = -3;
  const { maps } = sortMaps(Float32Array.of(...sparse, ...new Float32Array(100)), 2, 1, 100);
  expect([maps[0].scale, maps[0].bytes[7], maps[0].bytes[8]]).toEqual([3, 1, 128]);
  expect(new Set(maps[1].bytes)).toEqual(new Set([128]));
});
