import { describe, expect, test } from 'vitest';
import { ModelError } from '../../src/core/errors.ts';
import { type FolderStore, memoryStore } from '../../src/core/folder-store.ts';
import { messageText } from '../../src/core/message.ts';
import type { BuiltModel } from '../../src/model/import/types.ts';
import { loadModel } from '../../src/model/load.ts';
import { bytesOf } from '../../src/model/manifest.ts';
import { ModelStorage } from '../../src/model/model-storage.ts';
import { builtFixture } from './built-fixture.ts';

/** A persistent store with space for `space` bytes. */
function smallStore(space: number): FolderStore {
  const inner = memoryStore();
  return {
    ...inner,
    lasts: 'browser',
    async write(folder, path, bytes) {
      let used = bytes.length;
      for (const name of await inner.folders()) {
        for (const size of (await inner.sizes(name)).values()) used += size;
      }
      if (used > space) throw new DOMException('Full.', 'QuotaExceededError');
      await inner.write(folder, path, bytes);
    },
  };
}

const bytesOfAll = ({ files }: BuiltModel) => [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);

describe('ModelStorage', () => {
  test('stores a model: it loads, and it is listed', async () => {
    const built = await builtFixture('paper');
    const kept = new ModelStorage([memoryStore()]);
    expect(await kept.list()).toEqual([]);
    await kept.keep(built);
    const [entry] = await kept.list();
    expect(entry).toMatchObject({ id: 'paper', manifest: built.manifest, lasts: 'page' });
    expect(entry.fault).toBeUndefined();
    expect(entry.bytes).toBe(bytesOf(built.manifest));
    const { manifest, readWeights } = await loadModel(kept.reader('paper'));
    const weights = await readWeights('vocals');
    expect(manifest).toEqual(built.manifest);
    expect(weights.get('encoder_0_conv/kernel')?.shape).toEqual([5, 5, 1, 4]);
  });

  test('overwrites nothing: a used id gets a number, and the same model is stored once', async () => {
    const kept = new ModelStorage([memoryStore()]);
    const paper = await builtFixture('paper');
    const other = await builtFixture('kernel-4');
    const renamed = { ...other, manifest: { ...other.manifest, id: 'paper' } };
    expect((await kept.keep(paper, ['paper'])).id).toBe('paper-2');
    expect((await kept.keep(renamed, ['paper'])).id).toBe('paper-3');
    expect((await kept.keep(paper, ['paper'])).id).toBe('paper-2');
    expect((await kept.list()).map(({ id, manifest }) => [id, manifest?.id])).toEqual([
      ['paper-3', 'paper-3'],
      ['paper-2', 'paper-2'],
    ]);
    expect((await loadModel(kept.reader('paper-3'))).manifest.networks.vocals).toMatchObject({ kernel: 4 });
  });

  test('keeps a model for this visit when the browser is full, and does not change earlier models', async () => {
    const paper = await builtFixture('paper');
    const other = await builtFixture('kernel-4');
    const browser = smallStore(bytesOfAll(paper) + 10_000);
    const kept = new ModelStorage([browser, memoryStore()]);
    expect((await kept.keep(paper)).lasts).toBe('browser');
    expect((await kept.keep(other)).lasts).toBe('page');
    expect(await browser.folders()).toEqual(['paper']);
    expect((await loadModel(kept.reader('paper'))).manifest.id).toBe('paper');
    expect((await loadModel(kept.reader('kernel-4'))).manifest.id).toBe('kernel-4');
    expect((await kept.list()).map(({ id, lasts }) => [id, lasts])).toEqual([
      ['kernel-4', 'page'],
      ['paper', 'browser'],
    ]);
  });

  test('reports when there is no space at all, and leaves nothing behind', async () => {
    const browser = smallStore(100);
    const kept = new ModelStorage([browser]);
    await expect(kept.keep(await builtFixture('paper'))).rejects.toThrow(/could not be stored/);
    expect(await browser.folders()).toEqual([]);
  });

  test('removes a model that was not written completely', async () => {
    const store = memoryStore();
    await store.write('half', 'model.json', new Uint8Array([1]));
    expect(await new ModelStorage([store]).list()).toEqual([]);
    expect(await store.folders()).toEqual([]);
  });

  test.each<[string, (store: FolderStore) => Promise<void>, RegExp]>([
    [
      'a manifest that is not JSON',
      (store) => store.write('paper', 'manifest.json', new TextEncoder().encode('{')),
      /not JSON/,
    ],
    [
      'a manifest that lacks fields',
      (store) => store.write('paper', 'manifest.json', new TextEncoder().encode('{}')),
      /is missing/,
    ],
    [
      'a shard of another length',
      (store) => store.write('paper', 'group1-shard1of1.bin', new Uint8Array(3)),
      /has 3 bytes, not \d+/,
    ],
  ])('lists a model with %s as damaged, and removes it', async (_, damage, sentence) => {
    const store = memoryStore();
    const kept = new ModelStorage([store]);
    await kept.keep(await builtFixture('paper'));
    await kept.keep(await builtFixture('kernel-4'));
    await damage(store);
    const entries = await kept.list();
    const { fault } = entries.find(({ id }) => id === 'paper')!;
    expect(messageText(fault!)).toMatch(sentence);
    expect(entries.find(({ id }) => id === 'kernel-4')?.fault).toBeUndefined();
    await kept.remove('paper');
    expect((await kept.list()).map(({ id }) => id)).toEqual(['kernel-4']);
  });

  test('finds damage of unchanged length when it loads the model, and says what to do', async () => {
    const store = memoryStore();
    const kept = new ModelStorage([store]);
    await kept.keep(await builtFixture('paper'));
    const shard = (await store.read('paper', 'group1-shard1of1.bin'))!;
    shard[100] ^= 1;
    await store.write('paper', 'group1-shard1of1.bin', shard);
    const error = await loadModel(kept.reader('paper')).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ModelError);
    expect((error as ModelError).message).toMatch(/SHA-256/);
    expect((error as ModelError).hint).toMatch(/Remove it under “Models”/);
  });
});
