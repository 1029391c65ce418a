import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/core/errors.ts';
import { folderReader } from '../../src/model/load.node.ts';
import { loadModel } from '../../src/model/load.ts';
import { convertModel } from '../../tools/lib/convert-model.ts';
import {
  convertFixture,
  fixturePath,
  maxDifference,
  NETWORKS,
  readFixture,
  serve,
  temporaryFolder,
} from '../model/fixtures.ts';

/** A safetensors file from tensors of single precision, format as in its specification. */
function safetensors(
  tensors: Record<string, { shape: number[]; values: number[] }>,
  metadata: object = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const values: number[] = [];
  for (const [name, tensor] of Object.entries(tensors)) {
    const begin = values.length * 4;
    values.push(...tensor.values);
    header[name] = { dtype: 'F32', shape: tensor.shape, data_offsets: [begin, values.length * 4] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(new BigUint64Array([BigInt(json.length)]).buffer);
  return Buffer.concat([length, json, new Uint8Array(Float32Array.from(values).buffer)]);
}

async function layersOutput(
  folder: string,
  { input, shape }: { input: Float32Array; shape: [number, number, number, number] },
) {
  const { url } = await serve(folder);
  await tf.setBackend('cpu');
  const model = await loadLayersModel(`${url}model.json`);
  const output = tf.tidy(() => (model.predict(tf.tensor4d(input, shape)) as tf.Tensor).dataSync());
  model.dispose();
  return output;
}

/** Converts a changed copy of the small network; the error it ends with. */
async function faultOf(change: (bytes: Uint8Array) => Uint8Array): Promise<ModelError> {
  const out = await temporaryFolder();
  const path = join(out, 'weights.safetensors');
  await writeFile(path, change(await readFile(fixturePath('paper.safetensors'))));
  const error = await convertModel(path, { out, dtype: 'float32' }).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ModelError);
  expect(await readdir(out)).toEqual(['weights.safetensors']);
  return error as ModelError;
}

describe.each(NETWORKS)('convert, with %s,', (name) => {
  it('writes a model that tf.loadLayersModel opens and that gives what PyTorch gives', async () => {
    const fixture = await readFixture(name);
    expect(maxDifference(await layersOutput(await convertFixture(name), fixture), fixture.output)).toBeLessThan(1e-4);
  });

  it('writes float16 shards of half the size that tf.loadLayersModel opens', async () => {
    const fixture = await readFixture(name);
    const folder = await convertFixture(name, 'float16');
    expect(maxDifference(await layersOutput(folder, fixture), fixture.output)).toBeLessThan(0.01);
    const full = await readFile(join(await convertFixture(name), 'group1-shard1of1.bin'));
    expect((await readFile(join(folder, 'group1-shard1of1.bin'))).length * 2).toBe(full.length);
  });
});

describe('convert', () => {
  it('lists its files with their true lengths and hashes', async () => {
    const folder = await convertFixture('paper', 'float16');
    const { networks } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    const { files } = networks.vocals;
    expect(files.map((file: { path: string }) => file.path)).toEqual(['model.json', 'group1-shard1of1.bin']);
    for (const { path, bytes, sha256 } of files) {
      const content = await readFile(join(folder, path));
      expect(content.length).toBe(bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    }
  });

  it('keeps batch norm as layers of the model, and states the network in the manifest', async () => {
    const folder = await convertFixture('kernel-4');
    const { modelTopology } = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
    const classes = modelTopology.config.layers.map((layer: { class_name: string }) => layer.class_name);
    expect(classes.filter((name: string) => name === 'BatchNormalization')).toHaveLength(5);
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ version: 2, id: 'kernel-4', channels: 1, patch: { firstBin: 1 } });
    const { files, ...network } = manifest.networks.vocals;
    expect(files).toHaveLength(2);
    expect(network).toEqual((await readFixture('kernel-4')).description.networks.vocals);
    expect(network).toMatchObject({ family: 'unet', kernel: 4, output: 'mask' });
  });

  it('writes a card with licence, data, figures and limits', async () => {
    const card = await readFile(join(await convertFixture('paper'), 'MODEL_CARD.md'), 'utf8');
    for (const line of ['# Test network paper', '- licence: MIT', '- data: nothing', '| first | 1.5 | 2 |']) {
      expect(card.split('\n')).toContain(line);
    }
    expect(card).toMatch(/Random weights: of no use but for tests/);
  });

  it('names the model by --id, and overrides single fields by --config', async () => {
    const out = await temporaryFolder();
    const config = { title: 'Another', stft: { hop: 16 } };
    const { manifest } = await convertModel(fixturePath('paper.safetensors'), {
      out,
      dtype: 'float16',
      id: 'mine',
      config,
    });
    expect(manifest).toMatchObject({ id: 'mine', title: { en: 'Another' }, stft: { hop: 16, fftSize: 64 } });
    expect(await readdir(out)).toEqual(['index.json', 'mine']);
  });

  it.each([
    ['chainer/unet.model', 'chainer-unet', { kernel: 4, order: 'norm-activation' }],
    ['tensorflow/model.ckpt-400', 'tf-unet', { kernel: 5, order: 'activation-norm' }],
    ['torch/unet.safetensors', 'jansson', { kernel: 5, order: 'norm-activation' }],
  ])('converts %s by the preset %s, in eight bits, and converts the folder again', async (path, preset, network) => {
    const out = await temporaryFolder();
    const options = { out, preset, dtype: 'uint8', id: 'mine', config: { patch: { bins: 64, frames: 64 } } } as const;
    const { folder } = await convertModel(join(fixturePath('../import'), path), options);
    const { manifest, readWeights } = await loadModel(folderReader(folder));
    expect(manifest.networks.vocals).toMatchObject(network);
    const again = await temporaryFolder();
    const copy = await loadModel(folderReader((await convertModel(folder, { out: again })).folder));
    expect(copy.manifest).toEqual(manifest);
    expect(await copy.readWeights('vocals')).toEqual(await readWeights('vocals'));
  });

  it('tells where there is no file', async () => {
    await expect(convertModel('/nowhere/model.ckpt-1', { out: '/nowhere' })).rejects.toThrow(/There is no \/nowhere/);
  });

  it('adds to the list of models; the first stays the default, and one converted again keeps its place', async () => {
    const out = await temporaryFolder();
    for (const name of ['paper', 'kernel-4', 'paper']) {
      await convertModel(fixturePath(`${name}.safetensors`), { out, dtype: 'float16' });
    }
    expect(JSON.parse(await readFile(join(out, 'index.json'), 'utf8'))).toEqual([
      { id: 'paper', default: true },
      { id: 'kernel-4' },
    ]);
  });

  it('lists every tensor that is missing, surplus, of the wrong shape or not finite', async () => {
    const { description } = await readFixture('paper');
    const error = await faultOf(() =>
      safetensors(
        {
          'encoder.0.conv.weight': { shape: [4, 1, 3, 3], values: Array(36).fill(0) },
          'encoder.0.conv.bias': { shape: [4], values: [0, 0, Number.NaN, 0] },
          'classifier.weight': { shape: [1], values: [1] },
        },
        { unsung: JSON.stringify({ ...description }) },
      ),
    );
    expect(error.message).toContain('encoder.0.conv.weight is 4×1×3×3, not 4×1×5×5');
    expect(error.message).toContain('encoder.0.conv.bias has values that are not finite');
    expect(error.message).toContain('decoder.2.conv.weight is missing');
    expect(error.message).toContain('classifier.weight belongs to no layer');
  });

  it('names what the description lacks', async () => {
    const kernel = { shape: [4, 1, 5, 5], values: Array(100).fill(0) };
    const error = await faultOf(() => safetensors({ 'encoder.0.conv.weight': kernel }, { unsung: '{}' }));
    for (const field of ['id', 'licence', 'stft', 'networks']) expect(error.message).toContain(`${field} is missing`);
    expect(error.hint).toMatch(/--config/);
  });

  it('refuses a file without tensors', async () => {
    const error = await faultOf(() => safetensors({}, { unsung: '{}' }));
    expect(error.message).toMatch(/it has neither encoder\.0\.conv\.weight nor any other tensor/);
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['is empty', () => new Uint8Array(0)],
    ['is cut short in its header', (bytes) => bytes.subarray(0, 100)],
    ['is cut short in its tensors', (bytes) => bytes.subarray(0, bytes.length - 100)],
    ['is another kind of file', () => new TextEncoder().encode('{"not": "a safetensors file"}')],
    ['claims a header of 2^60 bytes', (bytes) => bytes.map((byte, n) => (n === 7 ? 16 : byte))],
  ])('refuses a file that %s', async (_, change) => {
    expect((await faultOf(change)).message).toMatch(/is not a complete safetensors file/);
  });
});
