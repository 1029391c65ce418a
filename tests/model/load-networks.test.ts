import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/core/folder-store.ts';
import { loadModel } from '../../src/model/load.ts';
import { bytesOf, filesOf, networksOf } from '../../src/model/manifest.ts';
import { ModelStorage } from '../../src/model/model-storage.ts';
import { type Meddle, serve, writeFiles } from './fixtures.ts';
import { buildSpleeterFolder, readSpleeter } from './spleeter-fixtures.ts';

async function served(meddle?: Meddle) {
  const built = await buildSpleeterFolder('spleeter-elu');
  return { ...(await serve(await writeFiles(built.files), meddle)), manifest: built.manifest };
}

describe('loadModel with several networks', () => {
  it('reads the weights of each network, and reports progress up to the total bytes', async () => {
    const { url, manifest, requests } = await served();
    const progress: [number, number][] = [];
    const loaded = await loadModel(url, { onProgress: (...step) => progress.push(step) });
    expect(loaded.manifest).toEqual(manifest);
    const { weights } = await readSpleeter('spleeter-elu');
    for (const [stem] of networksOf(manifest)) expect(await loaded.readWeights(stem)).toEqual(weights.get(stem));
    const total = bytesOf(manifest);
    expect(progress.at(-1)).toEqual([total, total]);
    expect(progress.every(([bytes, whole]) => bytes <= total && whole === total)).toBe(true);
    expect([...requests].sort()).toEqual(['manifest.json', ...filesOf(manifest).map(({ path }) => path)].sort());
  });

  it('returns the same weights on every call', async () => {
    const { url } = await served();
    const { readWeights } = await loadModel(url);
    const first = await readWeights('drums');
    const values = first.get('output_0_conv/kernel')!.values;
    const before = values.slice();
    values.fill(0);
    expect((await readWeights('drums')).get('output_0_conv/kernel')!.values).toEqual(before);
  });

  it.each(['vocals', 'other'])('names the file of the %s network when it stays damaged', async (stem) => {
    const path = `${stem}/group1-shard1of1.bin`;
    const { url } = await served((asked, bytes) => (asked === path ? bytes.subarray(1) : bytes));
    await expect(loadModel(url)).rejects.toThrow(`${url}${path} cannot be used, even after a second try: It has`);
  });

  it('rejects the weights of another network, even with correct hashes', async () => {
    const { url, manifest } = await served((path, bytes) => {
      if (path !== 'manifest.json') return bytes;
      const json = JSON.parse(new TextDecoder().decode(bytes));
      json.networks.drums.filters = [3, 5, 7];
      return new TextEncoder().encode(JSON.stringify(json));
    });
    expect(manifest.networks.drums).toMatchObject({ filters: [3, 5, 6] });
    await expect(loadModel(url)).rejects.toThrow(/encoder_2_conv\/kernel is 5×5×5×6, not 5×5×5×7/);
  });
});

describe('ModelStorage with several networks', () => {
  it('stores all files, and names a missing file', async () => {
    const store = memoryStore();
    const kept = new ModelStorage([store]);
    const built = await buildSpleeterFolder('spleeter-elu');
    await kept.keep(built);
    expect(await kept.list()).toMatchObject([{ id: 'spleeter-elu', bytes: bytesOf(built.manifest) }]);
    const { manifest, readWeights } = await loadModel(kept.reader('spleeter-elu'));
    expect(manifest).toEqual(built.manifest);
    expect((await readWeights('other')).size).toBeGreaterThan(0);
    await store.removeFile('spleeter-elu', 'drums/model.json');
    expect((await kept.list())[0].fault).toEqual({
      code: 'kept-model.file-missing',
      values: { path: 'drums/model.json' },
    });
  });
});
