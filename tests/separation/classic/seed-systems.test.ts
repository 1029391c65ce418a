import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AudioData } from '../../../src/audio/audio-data.ts';
import { importCheckpoint } from '../../../src/model/import/import-checkpoint.ts';
import type { Json } from '../../../src/model/import/preset.ts';
import { loadModel } from '../../../src/model/load.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import { MaskModel } from '../../../src/model/runtime/mask-model.ts';
import { readSong } from '../../../tools/lib/read-song.ts';
import { classic } from './whole.ts';

const IMPORT = join(import.meta.dirname, '../../fixtures/import');

/** training/reference/classic.py */
interface Reference {
  readonly samples: number;
  readonly excerptSamples: number;
  readonly chainer: SystemReference;
  readonly tensorflow: SystemReference;
}

interface SystemReference {
  readonly starts: readonly number[];
  readonly steps: Readonly<Record<string, number>>;
}

const REFERENCE: Reference = JSON.parse(readFileSync(join(IMPORT, 'classic/values.json'), 'utf8'));

const SYSTEMS = {
  chainer: { preset: 'chainer-unet', files: ['unet.model'] },
  tensorflow: { preset: 'tf-unet', files: ['model.ckpt-400.index', 'model.ckpt-400.data-00000-of-00001'] },
} as const;
type System = keyof typeof SYSTEMS;

async function importFixture(system: System, config?: Json): Promise<MaskModel> {
  const { preset, files } = SYSTEMS[system];
  const named = files.map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(IMPORT, system, name))) }));
  const built = await importCheckpoint(named, preset, { id: system, dtype: 'float32', config });
  const reader = { where: `${system}/`, read: async (path: string) => built.files.get(path)!.slice() };
  return MaskModel.create(await loadModel(reader), 'wasm');
}

/** The difference from Python's excerpts, in decibels relative to them. */
function relativeDifference(system: System, name: string, stem: Float32Array): number {
  const { starts, steps } = REFERENCE[system];
  const { buffer } = Uint8Array.from(readFileSync(join(IMPORT, 'classic', `${system}-${name}.i16`)));
  const excerpts = new Int16Array(buffer);
  let signal = 0;
  let difference = 0;
  excerpts.forEach((value, n) => {
    const start = starts[Math.floor(n / REFERENCE.excerptSamples)];
    const expected = value * steps[name];
    signal += expected ** 2;
    difference += (expected - stem[start + (n % REFERENCE.excerptSamples)]) ** 2;
  });
  return 10 * Math.log10(difference / signal);
}

describe('classic separation of the demo song with a checkpoint of', () => {
  let song: AudioData;
  beforeAll(async () => {
    prepareBackends();
    await tf.setBackend('wasm');
    song = await readSong(join(import.meta.dirname, '../../../public/demo/mixture.mp3'));
  });

  it.each(['chainer', 'tensorflow'] as const)(
    '%s matches the system’s own processing by patches, to −60 dB',
    async (system) => {
      const { numTensors } = tf.memory();
      const model = await importFixture(system);
      const soft = await classic(song, model, { batchSize: 2 });
      expect(soft.vocals[0]).toHaveLength(REFERENCE.samples);
      expect(relativeDifference(system, 'soft-vocals', soft.vocals[0])).toBeLessThan(-60);
      expect(relativeDifference(system, 'soft-accompaniment', soft.accompaniment[0])).toBeLessThan(-60);
      const hard = await classic(song, model, { mask: { kind: 'hard' } });
      expect(relativeDifference(system, 'hard-vocals', hard.vocals[0])).toBeLessThan(-60);
      await model.dispose();
      expect(tf.memory().numTensors).toBe(numTensors);
    },
  );

  it('chainer matches its example, which runs the network once on all frames, to −60 dB', async () => {
    const model = await importFixture('chainer');
    const { vocals } = await classic(song, model, { frames: 'whole' });
    expect(relativeDifference('chainer', 'whole-vocals', vocals[0])).toBeLessThan(-60);
    await model.dispose();
  });

  it('tensorflow matches its Test.py without normalisation, when the manifest has none either, to −60 dB', async () => {
    const model = await importFixture('tensorflow', { normalisation: { kind: 'none' } });
    const { vocals } = await classic(song, model);
    expect(relativeDifference('tensorflow', 'plain-vocals', vocals[0])).toBeLessThan(-60);
    await model.dispose();
  });
});
