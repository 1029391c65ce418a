import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildGraph } from '../../../src/model/graph/build-graph.ts';
import { createFusedNetwork } from '../../../src/model/graph/compile-fused.ts';
import { buildModel } from '../../../src/model/import/build-model.ts';
import { importCheckpoint } from '../../../src/model/import/import-checkpoint.ts';
import { readSafetensors } from '../../../src/model/import/read-safetensors.ts';
import { spleeter } from '../../../src/model/import/spleeter.ts';
import type { BuildOptions, BuiltModel, NamedFile } from '../../../src/model/import/types.ts';
import type { LoadedModel } from '../../../src/model/load.ts';
import { networksOf, type Stem } from '../../../src/model/manifest.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import { probeBackend } from '../../../src/model/runtime/backend.ts';
import { MaskModel } from '../../../src/model/runtime/mask-model.ts';
import { maxDifference } from '../fixtures.ts';
import { loadBuilt } from '../spleeter-fixtures.ts';
import { faultOf, fixtureBytes, fixtureFile, fixtureFloats, fixtureJson, safetensorsOf } from './files.ts';

beforeAll(prepareBackends);

/** Written by TensorFlow and by PyTorch: training/reference/import_spleeter.py and import_spleeter_torch.py. */
const FACTS = fixtureJson<{ frames: number; bins: number; shown: number[]; filters: Record<string, number[]> }>(
  'spleeter/values.json',
);
const { frames, bins, shown } = FACTS;
const SMALL: BuildOptions = {
  dtype: 'float32',
  config: {
    patch: { frames, bins },
    qualities: { best: { bins }, fast: { bins: 64 } },
  },
};

const tensorFlow = (name: string) =>
  ['model.index', 'model.data-00000-of-00001'].map((file) => fixtureFile(`spleeter/${name}/${file}`));

const CASES: Readonly<Record<string, { readonly files: () => readonly NamedFile[]; readonly stems: readonly Stem[] }>> =
  {
    '2stems': { files: () => tensorFlow('2stems'), stems: ['vocals', 'accompaniment'] },
    '4stems': { files: () => tensorFlow('4stems'), stems: ['vocals', 'drums', 'bass', 'other'] },
    '5stems': { files: () => tensorFlow('5stems'), stems: ['vocals', 'piano', 'drums', 'bass', 'other'] },
    torch: { files: () => [fixtureFile('spleeter/torch/stems.safetensors')], stems: ['vocals', 'accompaniment'] },
  };

/** The frameworks' results, (stored frames, bins, channels). */
function valuesOf(name: string): ReadonlyMap<string, Float32Array> {
  const { tensors } = readSafetensors(fixtureBytes(`spleeter/${name}/values.safetensors`), name);
  return new Map(tensors.map((tensor) => [tensor.name, tensor.data]));
}

/** (frames, bins, channels) to (bins, frames, channels) and to (channels, frames, bins). */
const input = fixtureFloats('spleeter/input.f32');
const magnitude = (frame: number, bin: number, channel: number) => input[(frame * bins + bin) * 2 + channel];
const forNetwork = Float32Array.from(input, (_, at) =>
  magnitude(Math.floor(at / 2) % frames, Math.floor(at / 2 / frames), at % 2),
);
const forModel = Float32Array.from(input, (_, at) =>
  magnitude(Math.floor(at / bins) % frames, at % bins, Math.floor(at / bins / frames)),
);

/** The stored frames of a network's output. */
const shownOf = (output: ArrayLike<number>) =>
  shown.flatMap((frame) =>
    Array.from({ length: bins * 2 }, (_, n) => output[(Math.floor(n / 2) * frames + frame) * 2 + (n % 2)]),
  );

async function networkOutput({ manifest, readWeights }: LoadedModel, stem: Stem): Promise<Float32Array> {
  await tf.setBackend('wasm');
  const network = createFusedNetwork(buildGraph(manifest.networks[stem]!), await readWeights(stem));
  const output = tf.tidy(() => network.predict(tf.tensor4d(forNetwork, [1, bins, frames, 2])).dataSync());
  network.dispose();
  return output as Float32Array;
}

async function expectParity(built: BuiltModel, name: string): Promise<void> {
  const loaded = await loadBuilt(built);
  const values = valuesOf(name);
  for (const [stem] of networksOf(loaded.manifest)) {
    const expected = values.get(`output/${stem}`)!;
    expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(0.1);
    expect(maxDifference(shownOf(await networkOutput(loaded, stem)), expected)).toBeLessThan(1e-4);
  }
  const model = await MaskModel.create(loaded, 'wasm');
  const mask = await model.predict(forModel, 1, 1);
  await model.dispose();
  const shownMask = shown.flatMap((frame) =>
    Array.from({ length: bins * 2 }, (_, n) => mask[((n % 2) * frames + frame) * bins + Math.floor(n / 2)]),
  );
  expect(maxDifference(shownMask, values.get('mask')!)).toBeLessThan(1e-4);
}

describe.each(Object.entries(CASES))('a Spleeter model, %s,', (name, { files, stems }) => {
  it('is detected from its tensors, and matches the framework: each network, and the mask of the vocals', async () => {
    const built = await importCheckpoint(files(), undefined, SMALL);
    expect(built.manifest).toMatchObject({ sampleRate: 44100, channels: 2, licence: 'MIT' });
    expect(Object.keys(built.manifest.networks).sort()).toEqual([...stems].sort());
    const elu = { encoder: { kind: 'elu' }, decoder: { kind: 'elu' } };
    const kind = stems.length > 2 ? elu : { encoder: { kind: 'leaky-relu', slope: 0.2 }, decoder: { kind: 'relu' } };
    for (const stem of stems) {
      expect(built.manifest.networks[stem]).toMatchObject({
        family: 'spleeter',
        filters: FACTS.filters[name] ?? FACTS.filters['2stems'],
        epsilon: 1e-3,
        output: stems.length === 5 ? 'logit' : 'mask',
        ...kind,
      });
    }
    await expectParity(built, name);
  });

  it('has files for each network, a licence notice, and a probe that backends pass', async () => {
    const built = await importCheckpoint(files(), 'spleeter', { ...SMALL, dtype: 'float16' });
    const paths = stems.flatMap((stem) => [`${stem}/model.json`, `${stem}/group1-shard1of1.bin`]);
    expect([...built.files.keys()].sort()).toEqual([...paths, 'manifest.json', 'MODEL_CARD.md', 'NOTICE.txt'].sort());
    expect(new TextDecoder().decode(built.files.get('NOTICE.txt'))).toMatch(/MIT License[\s\S]*Deezer/);
    const loaded = await loadBuilt(built);
    for (const backend of ['cpu', 'wasm']) expect(await probeBackend(loaded, backend)).toMatchObject({ ok: true });
  });
});

describe('a Spleeter model', () => {
  const tensors = () => readSafetensors(fixtureBytes('spleeter/torch/stems.safetensors'), 'stems').tensors;
  const network = (n: number) =>
    tensors().flatMap(({ name, ...tensor }) =>
      name.startsWith(`stems.${n}.`) ? [{ ...tensor, name: name.slice('stems.0.'.length) }] : [],
    );

  it('is the same from one file for each network as from a single file', async () => {
    await expectParity(await buildModel([network(0), network(1)], spleeter, SMALL), 'torch');
  });

  it.each([
    ['accompaniment.safetensors', 'vocals.safetensors'],
    ['net-2.safetensors', 'net-1.safetensors'],
  ])('is built from the files %s and %s in the order of their names', async (second, first) => {
    const files = [
      { name: second, bytes: safetensorsOf(network(1)) },
      { name: first, bytes: safetensorsOf(network(0)) },
    ];
    const built = await importCheckpoint(files, undefined, SMALL);
    expect(built.manifest.id).toBe('spleeter');
    await expectParity(built, 'torch');
  });

  it('uses the stems at the beginning of its tensors’ names', async () => {
    const named = (prefix: string, n: number) =>
      network(n).map((tensor) => ({ ...tensor, name: `${prefix}.${tensor.name}` }));
    const tensors = [...named('net.accompaniment', 1), ...named('net.vocals', 0)];
    await expectParity(await buildModel([tensors], spleeter, SMALL), 'torch');
  });

  it('predicts the mask of the vocals with one network', async () => {
    const config = { patch: { frames, bins } };
    const { manifest } = await buildModel([network(0)], spleeter, { ...SMALL, config });
    expect(Object.keys(manifest.networks)).toEqual(['vocals']);
    expect(manifest).toMatchObject({ combine: { kind: 'single' }, normalisation: { kind: 'song-level' } });
    expect(manifest.qualities).toBeUndefined();
  });

  it('is rejected with three networks', async () => {
    const three = [network(0), network(1), network(0)];
    expect(await faultOf(() => buildModel(three, spleeter, SMALL, 'three'))).toBe(
      'three has 3 networks; no model of Spleeter (Deezer, 2019) has that many.',
    );
  });

  it('lists missing and surplus tensors of each network, by the checkpoint’s names', async () => {
    const spoilt = tensors()
      .filter(({ name }) => name !== 'stems.1.up3.3.running_var' && name !== 'stems.0.up7.0.bias')
      .concat({ name: 'stems.0.extra.weight', shape: [1], data: Float32Array.of(1) });
    expect(await faultOf(() => buildModel([spoilt], spleeter, SMALL, 'x'))).toBe(
      'The tensors of x do not fit the network: stems.0.up7.0.bias is missing; stems.1.up3.3.running_var is missing; ' +
        'stems.0.extra.weight belongs to no layer.',
    );
  });

  it('is rejected with the preset of another system', async () => {
    const [index, data] = tensorFlow('2stems');
    const built = importCheckpoint([index, data], 'tf-unet', SMALL);
    expect(await faultOf(() => built)).toMatch(/do not fit the network|not valid/);
  });
});
