import { describe, expect, test } from 'vitest';
import { type FolderStore, memoryStore } from '../../src/core/folder-store.ts';
import { PendingFileFolders } from '../../src/songs/pending-file-folders.ts';

const KEY = 'ab'.repeat(32);
const facts = (id: string) => ({ id, fileName: `Song ${id}.mp3`, key: KEY });
const song = new Blob(['sound'], { type: 'audio/mpeg' });

describe('PendingFileFolders', () => {
  test('returns the added files, in their order, byte for byte', async () => {
    const store = memoryStore();
    await new PendingFileFolders(store).add(facts('b'), song, 1);
    await new PendingFileFolders(store).add({ id: 'a', fileName: 'é.wav', key: undefined }, new Blob(['more']), 2);
    const [first, second] = await new PendingFileFolders(store).list();
    expect(first).toMatchObject({ id: 'b', fileName: 'Song b.mp3', type: 'audio/mpeg', bytes: 5, key: KEY, since: 1 });
    expect([first.file.type, await first.file.text()]).toEqual(['audio/mpeg', 'sound']);
    expect([second.fileName, second.key, await second.file.text()]).toEqual(['é.wav', undefined, 'more']);
    await new PendingFileFolders(store).remove('b');
    await new PendingFileFolders(store).remove('none');
    expect((await new PendingFileFolders(store).list()).map(({ id }) => id)).toEqual(['a']);
  });

  test('stores nothing of a file without space, and keeps the others', async () => {
    const store = memoryStore();
    await new PendingFileFolders(store).add(facts('a'), song);
    const full: FolderStore = {
      ...store,
      copy: async (folder, path) => {
        await store.write(folder, path, new Uint8Array(2));
        throw new DOMException('Full.', 'QuotaExceededError');
      },
    };
    await expect(new PendingFileFolders(full).add(facts('b'), song)).rejects.toThrow('Full.');
    expect(await store.folders()).toEqual(['a']);
  });

  test('deletes unfinished writes and invalid folders', async () => {
    const store = memoryStore();
    const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
    await store.copy('half', 'song', song);
    await store.write('alone', 'waiting.json', text({ version: 1 }));
    await new PendingFileFolders(store).add(facts('cut'), song);
    await store.write('cut', 'song', new Uint8Array(4));
    await new PendingFileFolders(store).add(facts('other'), song);
    await store.write('other', 'waiting.json', text({ ...facts('../x'), version: 1, type: '', bytes: 5, since: 0 }));
    await new PendingFileFolders(store).add(facts('whole'), song);
    expect((await new PendingFileFolders(store).list()).map(({ id }) => id)).toEqual(['whole']);
    expect(await store.folders()).toEqual(['whole']);
  });
});
