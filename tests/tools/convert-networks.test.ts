import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { folderReader } from '../../src/model/load.node.ts';
import { loadModel } from '../../src/model/load.ts';
import { networksOf } from '../../src/model/manifest.ts';
import { convertModel } from '../../tools/lib/convert-model.ts';
import { fixturePath, maxDifference, serve, temporaryFolder, writeFiles } from '../model/fixtures.ts';
import { buildSpleeterFolder, readSpleeter, SPLEETERS } from '../model/spleeter-fixtures.ts';

const CHECKPOINT = join(fixturePath('../import'), 'spleeter/2stems/model');
const config = { patch: { bins: 128, frames: 64 }, qualities: { best: { bins: 128 }, fast: { bins: 64 } } };

describe('convert, given one of Spleeter’s checkpoints,', () => {
  it('finds out what it is, and writes a folder for each network', async () => {
    const out = await temporaryFolder();
    const { folder, manifest } = await convertModel(CHECKPOINT, { out, config });
    expect(manifest).toMatchObject({ id: 'spleeter', title: { en: 'Spleeter (Deezer 2019)' } });
    expect((await readdir(folder)).sort()).toEqual(
      ['MODEL_CARD.md', 'NOTICE.txt', 'accompaniment', 'manifest.json', 'vocals'].sort(),
    );
    for (const stem of ['vocals', 'accompaniment']) {
      expect((await readdir(join(folder, stem))).sort()).toEqual(['group1-shard1of1.bin', 'model.json']);
    }
    expect(JSON.parse(await readFile(join(out, 'index.json'), 'utf8'))).toEqual([{ id: 'spleeter', default: true }]);
    const card = await readFile(join(folder, 'MODEL_CARD.md'), 'utf8');
    for (const line of [
      '- licence: MIT (NOTICE.txt)',
      '- quality best: vocals, accompaniment on 128 bins',
      '- quality fast: vocals on 64 bins',
    ]) {
      expect(card.split('\n')).toContain(line);
    }
  });

  it('converts the folder again, with its networks and their files as they are', async () => {
    const { folder, manifest } = await convertModel(CHECKPOINT, { out: await temporaryFolder(), config });
    const again = await convertModel(folder, { out: await temporaryFolder(), id: 'mine' });
    expect(again.manifest).toEqual({ ...manifest, id: 'mine' });
    const [one, two] = await Promise.all([folder, again.folder].map((path) => loadModel(folderReader(path))));
    for (const [stem] of networksOf(manifest)) expect(await two.readWeights(stem)).toEqual(await one.readWeights(stem));
  });
});

describe.each(SPLEETERS)('the folder of %s', (name) => {
  it('has networks that tf.loadLayersModel opens, and that give what PyTorch gives', async () => {
    const { files } = await buildSpleeterFolder(name);
    const { input, shape, outputs } = await readSpleeter(name);
    const { url } = await serve(await writeFiles(files));
    await tf.setBackend('cpu');
    for (const [stem, expected] of outputs) {
      const model = await loadLayersModel(`${url}${stem}/model.json`);
      const output = tf.tidy(() => (model.predict(tf.tensor4d(input, shape)) as tf.Tensor).dataSync());
      model.dispose();
      expect(maxDifference(output, expected)).toBeLessThan(1e-4);
    }
  });
});
