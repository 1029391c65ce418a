import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import listed from '../../models/index.json' with { type: 'json' };
import { sdr } from '../../src/metrics/sdr.ts';
import { folderReader } from '../../src/model/load.node.ts';
import { loadModel } from '../../src/model/load.ts';
import { prepareBackends } from '../../src/model/runtime/backend.node.ts';
import { MaskModel } from '../../src/model/runtime/mask-model.ts';
import { separateClassic } from '../../src/separation/classic/separate-classic.ts';
import { MODELS } from '../../tools/lib/model-folder.ts';
import { separateWhole } from '../../tools/lib/separate-whole.ts';
import { PARITY_CASES, PLAIN, readParity, requireSameWeights, stemOf } from '../fixtures/parity/index.ts';

/** Models by folder, opened once for all tests. */
const opened = new Map<string, ReturnType<typeof open>>();

async function open(id: string) {
  const parity = await readParity(id);
  prepareBackends();
  const loaded = await loadModel(folderReader(join(MODELS, id)));
  requireSameWeights(loaded.manifest, parity);
  return { parity, model: await MaskModel.create(loaded, 'wasm') };
}

function once(id: string): ReturnType<typeof open> {
  const model = opened.get(id) ?? open(id);
  opened.set(id, model);
  return model;
}

afterAll(async () => {
  for (const { model } of await Promise.all(opened.values())) await model.dispose();
});

it('covers every model of the list, at each quality', async () => {
  for (const { id } of listed) {
    const manifest = JSON.parse(await readFile(join(MODELS, id, 'manifest.json'), 'utf8'));
    const qualities = manifest.qualities ? Object.keys(manifest.qualities) : [undefined];
    expect(PARITY_CASES.filter(({ model }) => model === id).map(({ quality }) => quality)).toEqual(qualities);
  }
});

describe.each(PARITY_CASES)('models/$name in Node', (known) => {
  it('matches PyTorch’s stems with the same weights, to 60 dB', async () => {
    const { parity, model } = await once(known.model);
    const stems = await separateWhole(parity, model, undefined, { ...PLAIN, quality: known.quality });
    const vocals = await parity.stem(stemOf(known));
    const rest = parity.excerptsOf(parity.mixture).map((channel, c) => channel.map((value, n) => value - vocals[c][n]));
    expect(sdr(vocals, parity.excerptsOf(stems.vocals))).toBeGreaterThan(60);
    expect(sdr(rest, parity.excerptsOf(stems.accompaniment))).toBeGreaterThan(60);
  });
});

describe('models/paper', () => {
  it('has rounding errors of its weights below −45 dB', async () => {
    const { parity, model } = await once('paper');
    const { vocals } = await separateWhole(parity, model, undefined, PLAIN);
    const exact = (await parity.exact())!;
    const beginning = parity.excerptsOf(vocals).map((channel) => channel.subarray(0, exact[0].length));
    expect(sdr(exact, beginning)).toBeGreaterThan(45);
  });
});

describe('classic separation with models/spleeter', () => {
  it('matches the stems of Spleeter’s own processing with the same weights, to 60 dB', async () => {
    const { parity, model } = await once('spleeter');
    const { sampleRate, mixture: channels } = parity;
    // One patch: one piece.
    for await (const { vocals, accompaniment } of separateClassic({ sampleRate, channels }, model)) {
      expect(vocals[0]).toHaveLength(channels[0].length);
      expect(sdr(await parity.stem('classic-vocals'), parity.excerptsOf(vocals))).toBeGreaterThan(60);
      expect(sdr(await parity.stem('classic-accompaniment'), parity.excerptsOf(accompaniment))).toBeGreaterThan(60);
    }
  });
});
