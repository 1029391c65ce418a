import { describe, expect, it } from 'vitest';
import listed from '../../models/index.json' with { type: 'json' };
import { sdr } from '../../src/metrics/sdr.ts';
import { prepareBackends } from '../../src/model/backend.node.ts';
import { folderReader } from '../../src/model/load.node.ts';
import { loadModel } from '../../src/model/load.ts';
import { MaskModel } from '../../src/model/mask-model.ts';
import { findModel } from '../../tools/lib/model-folder.ts';
import { separateWhole } from '../../tools/lib/separate-whole.ts';
import { PLAIN, readParity, requireSameWeights } from '../fixtures/parity/index.ts';

/** Each model's reference, separated once for all tests. */
const separated = new Map<string, ReturnType<typeof separate>>();

async function separate(id: string) {
  const parity = await readParity(id);
  prepareBackends();
  const loaded = await loadModel(folderReader(await findModel(id)));
  requireSameWeights(loaded.manifest, parity);
  const model = await MaskModel.create(loaded, 'wasm');
  const stems = await separateWhole(parity, model, undefined, PLAIN);
  await model.dispose();
  return { parity, ...stems };
}

const once = (id: string) => {
  const stems = separated.get(id) ?? separate(id);
  separated.set(id, stems);
  return stems;
};

describe.each(listed.map(({ id }) => id))('models/%s in Node', (id) => {
  it('gives the stems that PyTorch gives with the same weights, to 60 dB', async () => {
    const { parity, vocals, accompaniment } = await once(id);
    const rest = parity.vocals.map((channel, c) => channel.map((value, n) => parity.mixture[c][n] - value));
    expect(sdr(parity.vocals, vocals)).toBeGreaterThan(60);
    expect(sdr(rest, accompaniment)).toBeGreaterThan(60);
  });

  it('loses less by the rounding of its weights than 45 dB', async () => {
    const { parity, vocals } = await once(id);
    // Where the weights before rounding are at hand; without them the stored ones stand for them.
    const exact = parity.unrounded ?? parity.vocals;
    const beginning = vocals.map((channel) => channel.subarray(0, exact[0].length));
    expect(sdr(exact, beginning)).toBeGreaterThan(45);
  });
});
