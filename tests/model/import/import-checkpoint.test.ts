import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { importCheckpoint, presetList } from '../../../src/model/import/import-checkpoint.ts';
import type { BuildOptions, BuiltModel, NamedFile } from '../../../src/model/import/types.ts';
import { loadModel } from '../../../src/model/load.ts';
import { filesOf } from '../../../src/model/manifest.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import { sha256 } from '../../../src/model/sha256.ts';
import { faultOf, fixtureFile, npy, safetensors, text, zipOf } from './files.ts';
import { dict, str, tensor, torchZip } from './pickles.ts';

beforeAll(prepareBackends);

const SMALL: BuildOptions = { config: { patch: { bins: 64, frames: 64 } } };
const chainer = () => fixtureFile('chainer/unet.model');

function convert(files: readonly NamedFile[], preset?: string, options: BuildOptions = SMALL): Promise<BuiltModel> {
  return importCheckpoint(files, preset, options);
}

/** Tensors for a Chainer .npz with one layer in each part. `change` makes it invalid. */
function tinyChainer(change: (arrays: Map<string, Uint8Array>) => void = () => {}): NamedFile {
  const filled = (...shape: number[]) => npy(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5));
  const arrays = new Map<string, Uint8Array>([
    ['conv1/W', filled(3, 1, 4, 4)],
    ['conv1/b', filled(3)],
    ['norm1/gamma', filled(3)],
    ['norm1/beta', filled(3)],
    ['norm1/avg_mean', filled(3)],
    ['norm1/avg_var', filled(3)],
    ['norm1/N', npy([1], Float32Array.of(9))],
    ['deconv1/W', filled(3, 1, 4, 4)],
    ['deconv1/b', filled(1)],
  ]);
  change(arrays);
  return { name: 'Tiny model.npz', bytes: zipOf(Object.fromEntries([...arrays].map(([k, v]) => [`${k}.npy`, v]))) };
}

describe('importCheckpoint', () => {
  it('builds a complete model from a checkpoint: manifest, hashes, card, and files that load', async () => {
    const { manifest, files } = await convert([chainer()], 'chainer-unet', { ...SMALL, id: 'mine' });
    expect(manifest).toMatchObject({
      id: 'mine',
      sampleRate: 16000,
      normalisation: { kind: 'song-maximum' },
      combine: { kind: 'single' },
      stft: { fftSize: 1024, hop: 512 },
      patch: { firstBin: 1 },
      networks: {
        vocals: {
          family: 'unet',
          kernel: 4,
          epsilon: 2e-5,
          encoderFilters: [2, 3, 4, 5, 6, 7],
          decoderFilters: [6, 5, 4, 3, 2, 1],
          output: 'mask',
        },
      },
    });
    expect([...files.keys()].sort()).toEqual(['MODEL_CARD.md', 'group1-shard1of1.bin', 'manifest.json', 'model.json']);
    for (const file of filesOf(manifest)) expect(await sha256(files.get(file.path)!)).toBe(file.sha256);
    const read = async (path: string) => files.get(path)!;
    expect((await loadModel({ where: 'memory/', read })).manifest).toEqual(manifest);
  });

  it('uses the file’s name when there is no id', async () => {
    expect((await convert([tinyChainer()], 'chainer-unet')).manifest.id).toBe('tiny-model');
  });

  it('restores the current backend, and leaves no tensor behind', async () => {
    await tf.setBackend('wasm');
    const { numTensors } = tf.memory();
    await convert([tinyChainer()], 'chainer-unet');
    expect(tf.getBackend()).toBe('wasm');
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('detects the system from the names of the tensors', async () => {
    expect((await convert([tinyChainer()])).manifest.networks.vocals).toMatchObject({ kernel: 4 });
  });

  it('asks for a preset when the names are unspecific', async () => {
    const file = { name: 'weights.npz', bytes: zipOf({ 'arr_0.npy': npy([1], new Float32Array(1)) }) };
    expect(await faultOf(() => convert([file]))).toMatch(/weights\.npz does not say which system/);
    expect(await faultOf(() => convert([file], 'unet'))).toMatch(/no preset “unet”/);
    expect(await faultOf(() => convert([file], 'chainer-unet'))).toMatch(/it has no conv1\/W, but arr_0/);
  });

  it('ignores a common prefix and PyTorch’s counters, and accepts a state dict without biases', async () => {
    const tensors: Record<string, object> = {};
    let end = 0;
    const add = (name: string, shape: number[], dtype = 'F32') => {
      const begin = end;
      end += shape.reduce((product, side) => product * side, dtype === 'F32' ? 4 : 8);
      tensors[`module.${name}`] = { dtype, shape, data_offsets: [begin, end] };
    };
    add('encoder.0.conv.weight', [2, 1, 5, 5]);
    for (const part of ['weight', 'bias', 'running_mean', 'running_var']) add(`encoder.0.norm.${part}`, [2]);
    add('encoder.0.norm.num_batches_tracked', [], 'I64');
    add('decoder.0.conv.weight', [2, 1, 5, 5]);
    const { manifest } = await convert([{ name: 'net.safetensors', bytes: safetensors(tensors, new Uint8Array(end)) }]);
    expect(manifest.networks.vocals).toMatchObject({ encoderFilters: [2], decoderFilters: [1], bias: false });
  });

  it('builds the same model from torch.save and .safetensors files with the same tensors', async () => {
    const theirs = await convert([fixtureFile('torch/unet.safetensors')]);
    expect(await convert([fixtureFile('torch/unet.pt')])).toEqual(theirs);
  });

  it('finds the network in a training checkpoint', async () => {
    const layer = (part: string) => [
      [str(`module.${part}.0.conv.weight`), tensor([2, 1, 5, 5], [0, 0, 0, 0])] as const,
      ...['weight', 'bias', 'running_mean', 'running_var'].map(
        (name) => [str(`module.${part}.0.norm.${name}`), tensor([2], [1])] as const,
      ),
    ];
    const state = dict(...layer('encoder'), layer('decoder')[0]);
    const average = dict(...layer('encoder'));
    const file = { name: 'epoch 7.ckpt', bytes: torchZip(dict([str('ema'), average], [str('state_dict'), state])) };
    const { manifest } = await convert([file]);
    expect(manifest).toMatchObject({
      id: 'epoch-7',
      networks: { vocals: { encoderFilters: [2], decoderFilters: [1], bias: false } },
    });
  });

  it('lists all faults: missing, surplus, of the wrong shape, not finite, a variance below 0', async () => {
    const file = tinyChainer((arrays) => {
      arrays.delete('norm1/beta');
      arrays.set('classifier/W', npy([1], Float32Array.of(1)));
      arrays.set('conv1/b', npy([4], new Float32Array(4)));
      arrays.set('norm1/gamma', npy([3], Float32Array.of(1, Number.NaN, 1)));
      arrays.set('deconv1/b', npy([1], Float32Array.of(Number.POSITIVE_INFINITY)));
      arrays.set('norm1/avg_var', npy([3], Float32Array.of(1, 1, -1)));
    });
    expect(await faultOf(() => convert([file], 'chainer-unet'))).toBe(
      'The tensors of Tiny model.npz do not fit the network: conv1/b is 4, not 3; ' +
        'norm1/gamma has values that are not finite; norm1/beta is missing; ' +
        'norm1/avg_var, a variance, has values below 0; ' +
        'deconv1/b has values that are not finite; classifier/W belongs to no layer.',
    );
  });

  it('reports a preset of another system', async () => {
    const message = await faultOf(() => convert([chainer()], 'tf-unet'));
    expect(message).toMatch(/unet\.model is not a checkpoint of Singing-Voice-Separation.* it has no conv2d\/kernel/);
  });

  it('rejects weights so large that the network overflows', async () => {
    const file = tinyChainer((arrays) => {
      arrays.set('conv1/W', npy([3, 1, 4, 4], new Float32Array(48).fill(3e38)));
      arrays.set('deconv1/W', npy([3, 1, 4, 4], new Float32Array(48).fill(1, 0, 16).fill(-1, 16)));
    });
    expect(await faultOf(() => convert([file], 'chainer-unet'))).toMatch(/produces invalid values/);
  });

  it('keeps numbers beyond half precision’s range with float16', async () => {
    const file = tinyChainer((arrays) => arrays.set('norm1/avg_var', npy([3], Float32Array.of(1e6, 1, 1))));
    const { files } = await convert([file], 'chainer-unet');
    const loaded = await loadModel({ where: 'memory/', read: async (path) => files.get(path)! });
    expect([...(await loaded.readWeights('vocals')).get('encoder_0_norm/moving_variance')!.values]).toEqual([
      1e6, 1, 1,
    ]);
  });

  it.each<[string, NamedFile[], RegExp]>([
    ['nothing', [], /No file was chosen/],
    ['two files that do not belong together', [tinyChainer(), chainer()], /2 files are not a model/],
    ['a song', [{ name: 'a.mp3', bytes: text('ID3 and so on') }], /a\.mp3 cannot be imported/],
    ['an .npz that is none', [{ name: 'a.npz', bytes: text('hello') }], /does not start like a zip/],
    ['an empty file', [{ name: 'a.model', bytes: new Uint8Array(0) }], /cannot be imported/],
    ['a zip of songs', [{ name: 'a.zip', bytes: zipOf({ 'a.mp3': text('ID3') }) }], /manifest\.json is missing/],
    [
      'a zip of two models',
      [{ name: 'a.zip', bytes: zipOf({ 'a/manifest.json': text('{}'), 'b/manifest.json': text('{}') }) }],
      /several models/,
    ],
    [
      'an invalid pickle',
      [{ name: 'net.pt', bytes: zipOf({ 'net/data.pkl': text('x') }) }],
      /net\.pt cannot be read as a PyTorch checkpoint/,
    ],
    [
      'two files of torch.save with other tensors',
      [fixtureFile('pytorch-1/state.pt'), fixtureFile('pytorch-1/views-old.pth')],
      /state\.pt, views-old\.pth is not a checkpoint of/,
    ],
    [
      'a pickle of another program',
      [{ name: 'a.pkl', bytes: Uint8Array.of(0x80, 4, 0x2e) }],
      /a\.pkl cannot be imported/,
    ],
    [
      'a file of torch.save and a song',
      [fixtureFile('pytorch-1/state.pt'), { name: 'a.mp3', bytes: text('ID3') }],
      /These 2 files are not a model/,
    ],
    ['an index alone', [{ name: 'm.index', bytes: text('x') }], /m\.index is only a part/],
    ['a data file alone', [{ name: 'm.data-00000-of-00001', bytes: text('x') }], /only a part/],
    [
      'one data file of two',
      [
        { name: 'm.index', bytes: text('x') },
        { name: 'm.data-00001-of-00002', bytes: text('x') },
      ],
      /only a part/,
    ],
    [
      'two indices',
      [
        { name: 'm.index', bytes: text('x') },
        { name: 'n.index', bytes: text('x') },
      ],
      /several checkpoints: m\.index, n\.index/,
    ],
  ])('rejects %s', async (_, files, fault) => {
    expect(await faultOf(() => convert(files, 'chainer-unet'))).toMatch(fault);
  });
});

describe('presetList', () => {
  it('lists every system with a description of its files', () => {
    expect(presetList().map(({ id }) => id)).toEqual(['spleeter', 'chainer-unet', 'tf-unet', 'jansson']);
    for (const { title, accepts } of presetList()) {
      expect(title).not.toBe('');
      expect(accepts.endings.every((ending) => ending.startsWith('.'))).toBe(true);
    }
  });
});
