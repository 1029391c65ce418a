import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/import/preset.ts';
import { readModelFolder } from '../../../src/model/import/read-model-folder.ts';
import type { BuildOptions, BuiltModel, NamedFile } from '../../../src/model/import/types.ts';
import { filesOf, type ModelManifest, type Normalisation } from '../../../src/model/manifest.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import { probeBackend } from '../../../src/model/runtime/backend.ts';
import { MaskModel } from '../../../src/model/runtime/mask-model.ts';
import { builtFixture } from '../built-fixture.ts';
import { maxDifference, readFixture } from '../fixtures.ts';
import { buildSpleeterFolder, loadBuilt, readSpleeter } from '../spleeter-fixtures.ts';
import { faultOf } from './files.ts';

beforeAll(prepareBackends);

const filesIn = ({ files }: BuiltModel): NamedFile[] => [...files].map(([name, bytes]) => ({ name, bytes }));
const again = (built: BuiltModel, options: BuildOptions) => readModelFolder(filesIn(built), options);

async function expectProbePasses(built: BuiltModel): Promise<void> {
  const loaded = await loadBuilt(built);
  expect(loaded.manifest).toEqual(built.manifest);
  for (const backend of ['cpu', 'wasm']) {
    const report = await probeBackend(loaded, backend);
    expect(report).toMatchObject({ ok: true });
    expect(report.maxError).toBeLessThan(1e-4);
  }
}

describe('a converted model, converted again with other fields,', () => {
  it.each<[string, Json, Partial<ModelManifest>]>([
    ['fewer frames', { patch: { frames: 8 } }, { patch: { frames: 8, firstBin: 0, bins: 32 } }],
    ['more frames', { patch: { frames: 64 } }, { patch: { frames: 64, firstBin: 0, bins: 32 } }],
    ['fewer bins', { patch: { bins: 16 } }, { patch: { frames: 16, firstBin: 0, bins: 16 } }],
    [
      'other bins and frames',
      { patch: { firstBin: 8, bins: 24, frames: 40 } },
      { patch: { frames: 40, firstBin: 8, bins: 24 } },
    ],
    ['another slope', { networks: { vocals: { slope: 0.01 } } }, {}],
    ['another epsilon', { networks: { vocals: { epsilon: 0.1 } } }, {}],
    ['another licence', { licence: 'CC0-1.0' }, { licence: 'CC0-1.0' }],
  ])('has a probe of its own that backends pass: %s', async (_, config, expected) => {
    const built = await again(await builtFixture('paper'), { config });
    expect(built.manifest).toMatchObject(expected);
    const { probe, patch } = built.manifest;
    expect([probe.bins, probe.frames]).toEqual([patch.bins, patch.frames]);
    await expectProbePasses(built);
  });

  it('would not pass the previous probe', async () => {
    const before = await builtFixture('paper');
    const built = await again(before, { config: { networks: { vocals: { slope: 0.9 } } } });
    const { readWeights } = await loadBuilt(built);
    const manifest = { ...built.manifest, probe: before.manifest.probe };
    expect(await probeBackend({ manifest, readWeights }, 'wasm')).toMatchObject({
      ok: false,
      reason: { code: 'backend.wrong' },
    });
  });

  it.each<[Normalisation, Normalisation]>([
    [{ kind: 'patch-maximum' }, { kind: 'none' }],
    [{ kind: 'patch-maximum' }, { kind: 'song-maximum' }],
    [{ kind: 'patch-maximum' }, { kind: 'song-level', level: 0.2 }],
    [
      { kind: 'song-level', level: 0.2 },
      { kind: 'song-level', level: 0.05 },
    ],
    [{ kind: 'song-level', level: 0.2 }, { kind: 'none' }],
    [{ kind: 'song-level', level: 0.2 }, { kind: 'patch-maximum' }],
  ])('changes the normalisation from %j to %j', async (from, to) => {
    const before = await again(await builtFixture('paper'), { config: { normalisation: from } });
    const built = await again(before, { config: { normalisation: to } });
    expect(built.manifest.normalisation).toEqual(to);
    expect(built.manifest.probe).toEqual(before.manifest.probe);
    await expectProbePasses(built);
  });

  it('replaces the compression, or the rule for the high band', async () => {
    const config = { compression: { kind: 'none' }, highBand: { rule: 'mean', fromHz: 2000, gain: 1 } };
    const built = await again(await builtFixture('paper'), { config });
    expect(built.manifest).toMatchObject(config);
    const back = await again(built, {
      config: { compression: { kind: 'log', scale: 10 }, highBand: { rule: 'zero' } },
    });
    expect(back.manifest).toEqual((await builtFixture('paper')).manifest);
  });

  it('matches the network with the new normalisation and other frames', async () => {
    const { magnitudes, mask, songMaximum } = await readFixture('activation-norm');
    const built = await again(await builtFixture('activation-norm'), {
      config: { normalisation: { kind: 'song-level', level: 0.5 } },
    });
    const model = await MaskModel.create(await loadBuilt(built), 'wasm');
    expect(maxDifference(await model.predict(magnitudes, 2, songMaximum), mask)).toBeLessThan(1e-4);
    await model.dispose();
    const long = await again(built, { config: { patch: { frames: 32 } } });
    const longer = await MaskModel.create(await loadBuilt(long), 'wasm');
    const two = await longer.predict(magnitudes, 1, songMaximum);
    await longer.dispose();
    expect(two).toHaveLength(mask.length);
    expect(two.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('keeps its exact weights, and its card', async () => {
    const before = await builtFixture('paper');
    const built = await again(before, { config: { patch: { frames: 8 } } });
    expect([...built.files.keys()].sort()).toEqual([...before.files.keys()].sort());
    for (const [path, bytes] of before.files)
      if (path !== 'manifest.json') expect(built.files.get(path)).toEqual(bytes);
    expect(JSON.parse(new TextDecoder().decode(built.files.get('manifest.json')))).toEqual(built.manifest);
  });

  it('is unchanged without new fields, or with only a new name', async () => {
    const before = await builtFixture('paper');
    expect(Object.fromEntries((await again(before, {})).files)).toEqual(Object.fromEntries(before.files));
    const { manifest } = await again(before, { id: 'mine' });
    expect(manifest).toEqual({ ...before.manifest, id: 'mine' });
    expect((await again(before, { id: 'mine', config: { licence: 'MIT' } })).manifest.id).toBe('mine');
  });

  it.each<[string, Json, RegExp]>([
    [
      'filters that do not fit the weights',
      { networks: { vocals: { encoderFilters: [4, 6, 12] } } },
      /encoder_2_conv\/kernel is/,
    ],
    [
      'a kernel of another size',
      { networks: { vocals: { kernel: 4 } } },
      /encoder_0_conv\/kernel is 5×5×1×4, not 4×4×1×4/,
    ],
    ['frames that cannot be halved', { patch: { frames: 20 } }, /patch\.frames: expected a multiple of 8/],
    ['a field that there is not', { speeds: 3 }, /"speeds"/],
  ])('rejects %s', async (_, config, fault) => {
    const built = await builtFixture('paper');
    expect(await faultOf(() => again(built, { config }))).toMatch(fault);
  });

  it('restores the current backend, and leaves no tensor behind', async () => {
    const built = await builtFixture('paper');
    await tf.setBackend('wasm');
    const { numTensors } = tf.memory();
    await again(built, { config: { patch: { frames: 8 } } });
    expect(tf.getBackend()).toBe('wasm');
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

describe('a converted model with several networks, converted again,', () => {
  it('keeps the paths of all networks’ files, and the masks', async () => {
    const before = await buildSpleeterFolder('spleeter');
    const built = await again(before, {});
    expect(Object.fromEntries(built.files)).toEqual(Object.fromEntries(before.files));
    expect(filesOf(built.manifest)).toHaveLength(4);
  });

  it('has a probe that backends pass, and PyTorch’s masks, with other frames, normalisation or formula', async () => {
    const { qualities, divisor } = await readSpleeter('spleeter');
    const before = await buildSpleeterFolder('spleeter');
    await expectProbePasses(await again(before, { config: { patch: { frames: 64 } } }));
    const built = await again(before, { config: { normalisation: { kind: 'none' }, combine: { exponent: 1 } } });
    expect(built.manifest).toMatchObject({ normalisation: { kind: 'none' }, combine: { kind: 'ratio', exponent: 1 } });
    await expectProbePasses(built);
    const back = await again(built, {
      config: { normalisation: { kind: 'song-level', level: 0.15 }, combine: { exponent: 1.5 } },
    });
    const model = await MaskModel.create(await loadBuilt(back), 'wasm');
    const { magnitudes, mask } = qualities.best;
    expect(maxDifference(await model.predict(magnitudes, 2, divisor), mask)).toBeLessThan(1e-4);
    await model.dispose();
  });
});
