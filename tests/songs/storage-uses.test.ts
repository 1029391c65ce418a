import { expect, test } from 'vitest';
import { MemorySongStorage } from '../../src/songs/storage/memory-song-storage.ts';
import { StorageUses } from '../../src/songs/storage-uses.ts';
import { soundOf } from './fake-separator.ts';

test('a storage is unused after its last user has released it', async () => {
  const uses = new StorageUses();
  const store = new MemorySongStorage(soundOf('A'));
  await uses.unused(store);
  const first = uses.use(store);
  const second = uses.use(store);
  let free = false;
  const unused = uses.unused(store).then(() => {
    free = true;
  });
  first();
  first();
  await new Promise((resolve) => setTimeout(resolve));
  expect(free).toBe(false);
  second();
  await unused;
  expect(free).toBe(true);
});
