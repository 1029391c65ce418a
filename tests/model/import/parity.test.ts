import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildGraph } from '../../../src/model/graph/build-graph.ts';
import { createFusedNetwork } from '../../../src/model/graph/compile-fused.ts';
import { buildLayersModel } from '../../../src/model/graph/compile-layers.ts';
import { importCheckpoint } from '../../../src/model/import/import-checkpoint.ts';
import type { BuiltModel } from '../../../src/model/import/types.ts';
import { loadModel } from '../../../src/model/load.ts';
import { mainNetwork } from '../../../src/model/manifest.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import { maxDifference } from '../fixtures.ts';
import { fixtureFile, fixtureFloats, fixtureJson } from './files.ts';

beforeAll(prepareBackends);

interface Values {
  readonly shape: [number, number, number];
  readonly encoderFilters: number[];
  readonly decoderFilters: number[];
}

interface Case {
  readonly folder: string;
  readonly files: readonly string[];
  readonly preset?: string;
  readonly output?: string;
  /** Fields that the checkpoint does not determine, and that differ from the preset's. */
  readonly network?: object;
}

// Checkpoints that the frameworks wrote, and their results: training/reference/import_*.py.
const CASES: Readonly<Record<string, Case>> = {
  'Chainer’s save_npz': { folder: 'chainer', files: ['unet.model'], preset: 'chainer-unet' },
  'Chainer in float16 and Fortran order': {
    folder: 'chainer',
    files: ['unet-float16-fortran.model'],
    preset: 'chainer-unet',
    output: 'output-float16.f32',
  },
  'a TensorFlow checkpoint': {
    folder: 'tensorflow',
    files: ['model.ckpt-400.index', 'model.ckpt-400.data-00000-of-00001', 'checkpoint'],
    preset: 'tf-unet',
  },
  'a PyTorch state dict': { folder: 'torch', files: ['unet.safetensors'], network: { epsilon: 1e-3 } },
  'a file of torch.save': { folder: 'torch', files: ['unet.pt'], network: { epsilon: 1e-3 } },
};

async function convert({ folder, files, preset, network }: Case): Promise<BuiltModel> {
  const { shape } = fixtureJson<Values>(`${folder}/values.json`);
  const [, bins, frames] = shape;
  return importCheckpoint(
    files.map((file) => fixtureFile(`${folder}/${file}`)),
    preset,
    // The fixtures' patches are smaller than the systems'.
    { dtype: 'float32', config: { patch: { bins, frames }, networks: { vocals: network } } },
  );
}

describe.each(Object.keys(CASES))('a model converted from %s', (name) => {
  it('matches the framework to 1e-4, as a layers model and as a fused network', async () => {
    const chosen = CASES[name];
    const { folder, output = 'output.f32' } = chosen;
    const { shape, encoderFilters, decoderFilters } = fixtureJson<Values>(`${folder}/values.json`);
    const built = await convert(chosen);
    expect(built.manifest.networks.vocals).toMatchObject({ encoderFilters, decoderFilters });

    const read = async (path: string) => built.files.get(path)!;
    const { manifest, readWeights } = await loadModel({ where: 'memory/', read });
    const weights = await readWeights('vocals');
    const graph = buildGraph(mainNetwork(manifest)[1]);
    const input = fixtureFloats(`${folder}/input.f32`);
    const expected = fixtureFloats(`${folder}/${output}`);
    await tf.setBackend('cpu');
    const model = buildLayersModel(graph, manifest.patch, weights);
    const layers = tf.tidy(() => (model.predict(tf.tensor4d(input, [...shape, 1])) as tf.Tensor).dataSync());
    model.dispose();
    expect(maxDifference(layers as Float32Array, expected)).toBeLessThan(1e-4);
    // A constant would not pass this.
    expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(0.1);

    for (const backend of ['cpu', 'wasm']) {
      await tf.setBackend(backend);
      const network = createFusedNetwork(graph, weights);
      const fast = tf.tidy(() => network.predict(tf.tensor4d(input, [...shape, 1])).dataSync());
      network.dispose();
      expect(maxDifference(fast as Float32Array, expected)).toBeLessThan(1e-4);
    }
  });
});
