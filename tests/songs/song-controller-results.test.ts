import { describe, expect, test } from 'vitest';
import { storageOf } from '../../src/songs/song-entry.ts';
import { resultsOf } from '../../src/songs/song-results.ts';
import { FakePage } from './fake-page.ts';

const OTHER = { origin: 'kept', id: 'other' } as const;

/** Models of the open song's results. */
const models = (page: FakePage) => resultsOf(page.songs.state).map(({ madeWith }) => madeWith.model.id);

/** A page with one song that was separated by two models; the second result is open. */
async function pageOfTwo(): Promise<FakePage> {
  const page = new FakePage();
  page.separator.allow();
  await page.add('A');
  await page.until('A*:kept');
  page.separator.model = OTHER;
  await page.songs.again();
  await page.until('A:kept A*:kept');
  return page;
}

describe('two results of one song', () => {
  test('are known as such, in the order of the list; another song has none of them', async () => {
    const page = await pageOfTwo();
    expect(models(page)).toEqual(['spleeter', 'other']);
    await page.add('B');
    await page.until('A:kept A:kept B*:kept');
    expect(models(page)).toEqual(['other']);
  });

  test('are known as such after a reload, and when the file is opened again', async () => {
    const page = await pageOfTwo();
    page.close();
    const again = new FakePage(page.browser);
    await again.until('A:kept A:kept');
    await again.songs.listen(again.id('A'));
    expect(models(again)).toEqual(['spleeter', 'other']);
    again.separator.allow();
    again.separator.model = { origin: 'kept', id: 'third' };
    await again.add('A');
    await again.until('A:kept A:kept A*:kept');
    expect(models(again)).toEqual(['spleeter', 'other', 'third']);
  });

  test('one that is not separated whole is one of them, but not complete', async () => {
    const page = new FakePage();
    page.separator.allow(3);
    await page.add('A');
    await page.until('A*:kept');
    page.separator.model = OTHER;
    await page.songs.again();
    page.separator.allow(1);
    await page.until('A:kept A*:separating 33');
    expect(resultsOf(page.songs.state).map(({ complete }) => complete)).toEqual([true, false]);
  });

  test('stay loaded beside each other, until another song is opened', async () => {
    const page = await pageOfTwo();
    const loaded = () => page.songs.state.rows.map(({ song }) => storageOf(song) !== undefined);
    expect(loaded()).toEqual([true, true]);
    const [first] = page.songs.state.rows;
    const storage = storageOf(first.song);
    await page.songs.listen(first.song.id);
    await page.until('A*:kept A:kept');
    expect(page.songs.state.open?.storage).toBe(storage);
    expect(loaded()).toEqual([true, true]);
    await page.add('B');
    await page.until('A:kept A:kept B*:kept');
    expect(loaded()).toEqual([false, false, true]);
  });

  test('one is loaded beside the open one, and only to the same song', async () => {
    const page = await pageOfTwo();
    await page.add('B');
    await page.until('A:kept A:kept B*:kept');
    const [first, second] = page.songs.state.rows.map(({ song }) => song.id);
    expect(await page.songs.hold(first)).toBeUndefined();
    expect(storageOf(page.songs.state.rows[0].song)).toBeUndefined();
    await page.songs.listen(second);
    const held = await page.songs.hold(first);
    expect(held).toBeDefined();
    expect(storageOf(page.songs.state.rows[0].song)).toBe(held);
    expect(page.songs.state.open?.song.id).toBe(second);
  });

  test('share one original in memory: separated again, loaded again, and when the file is opened again', async () => {
    const page = await pageOfTwo();
    const originals = () =>
      new Set(page.songs.state.rows.flatMap(({ song }) => storageOf(song)?.whole?.original.channels[0].buffer ?? []));
    expect(originals().size).toBe(1);
    await page.add('B');
    await page.until('A:kept A:kept B*:kept');
    const [first, second] = page.songs.state.rows.map(({ song }) => song.id);
    await page.songs.listen(first);
    await page.songs.hold(second);
    await page.until('A*:kept A:kept B:kept');
    const stores = page.songs.state.rows.flatMap(({ song }) => storageOf(song) ?? []);
    expect(stores).toHaveLength(2);
    expect(originals().size).toBe(1);
    // Each has its own vocals.
    expect(new Set(stores.map(({ whole }) => whole?.vocals.channels[0].buffer)).size).toBe(2);
    page.separator.model = { origin: 'kept', id: 'third' };
    await page.add('A');
    await page.until('A:kept A:kept B:kept A*:kept');
    expect(originals().size).toBe(1);
    expect(page.decoded).toEqual(['A', 'B']);
  });

  test('an original that was decoded otherwise, as by an earlier version of the page, is not replaced', async () => {
    const page = await pageOfTwo();
    await page.add('B');
    await page.until('A:kept A:kept B*:kept');
    const [first, second] = page.songs.state.rows.map(({ song }) => song.id);
    await page.songs.listen(first);
    const open = page.songs.state.open?.storage.whole;
    if (open) open.original.channels[0][5] += 0.25;
    const held = await page.songs.hold(second);
    expect(held?.whole?.original.channels[0][5]).toBe((open?.original.channels[0][5] ?? 0) - 0.25);
  });

  test('one that is there is opened where the song would be separated again in the same way', async () => {
    const page = await pageOfTwo();
    page.separator.model = { origin: 'built-in', id: 'spleeter' };
    expect(await page.songs.again()).toBe(false);
    await page.until('A*:kept A:kept');
    expect(page.separator.made).toHaveLength(6);
    page.separator.model = { origin: 'kept', id: 'third' };
    expect(await page.songs.again()).toBe(true);
    await page.until('A:kept A:kept A*:kept');
  });

  test('one that is removed is no longer loaded', async () => {
    const page = await pageOfTwo();
    const [first] = page.songs.state.rows;
    await page.songs.remove(first.song.id);
    await page.until('A*:kept');
    expect(models(page)).toEqual(['other']);
  });
});
