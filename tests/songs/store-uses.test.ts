import { expect, test } from 'vitest';
import { StemStore } from '../../src/songs/storage/stem-store.ts';
import { StoreUses } from '../../src/songs/store-uses.ts';
import { soundOf } from './fake-separator.ts';

test('a store is unused when the last of its users has let it go', async () => {
  const uses = new StoreUses();
  const store = new StemStore(soundOf('A'));
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
