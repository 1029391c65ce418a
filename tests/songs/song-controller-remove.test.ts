import { describe, expect, test } from 'vitest';
import { FakePage, gate } from './fake-page.ts';

describe('a song that is removed', () => {
  test('during its separation leaves nothing, and the next one starts', async () => {
    const page = new FakePage();
    page.separator.allow(1);
    await page.add('A', 'B');
    await page.until('A*:separating 33 B:waiting');
    await page.songs.remove(page.id('A'));
    expect(page.songs.state.open).toBeUndefined();
    page.separator.allow();
    await page.until('B:kept');
    expect(page.separator.made).toEqual(['A0', 'B0', 'B1', 'B2']);
    expect(await page.archived()).toEqual(['B']);
    await expect.poll(() => page.pending()).toEqual([]);
  });

  test('during decoding is not opened afterwards', async () => {
    const page = new FakePage();
    const decoding = gate();
    page.decodeGate = decoding.ended;
    void page.add('A');
    await page.until('A:decoding');
    await page.songs.remove(page.id('A'));
    decoding.open();
    page.separator.allow();
    await page.add('B');
    await page.until('B*:kept');
    expect(page.separator.made).toEqual(['B0', 'B1', 'B2']);
    expect(page.notices).toEqual([]);
  });

  test('while it is being archived is removed from the archive', async () => {
    const page = new FakePage();
    const keeping = gate();
    page.browser.keepGate = keeping.ended;
    page.separator.allow();
    await page.add('A');
    await page.until('A*:keeping');
    const removed = page.songs.remove(page.id('A'));
    keeping.open();
    await removed;
    expect(page.states).toBe('');
    expect(await page.archived()).toEqual([]);
  });

  test('before its turn to be archived is not archived', async () => {
    const page = new FakePage();
    const keeping = gate();
    page.browser.keepGate = keeping.ended;
    page.separator.allow();
    await page.add('A', 'B');
    await page.until('A*:keeping B:not-yet');
    const removed = page.songs.remove(page.id('B'));
    keeping.open();
    await removed;
    await page.until('A*:kept');
    expect(await page.archived()).toEqual(['A']);
  });

  test('after it was archived is gone from the archive, and closed', async () => {
    const page = new FakePage();
    page.separator.allow();
    await page.add('A');
    await page.until('A*:kept');
    await page.songs.remove(page.id('A'));
    expect(page.songs.state).toMatchObject({ rows: [], open: undefined, progress: undefined, unkept: false });
    expect(await page.archived()).toEqual([]);
  });

  test('frees space for one that had none', async () => {
    const page = new FakePage();
    page.separator.allow();
    await page.add('A');
    await page.until('A*:kept');
    page.browser.archiveFault = 'full';
    await page.add('B');
    await page.until('A:kept B*:full');
    expect(page.notices).toEqual([{ kind: 'archive-full', name: 'B' }]);
    expect(page.songs.state.unkept).toBe(true);
    // Nothing is lost while another one is open.
    await page.songs.listen(page.id('A'));
    await page.songs.listen(page.id('B'));
    expect(page.states).toBe('A:kept B*:full');
    page.browser.archiveFault = undefined;
    await page.songs.remove(page.id('A'));
    await page.until('B*:kept');
    expect(await page.archived()).toEqual(['B']);
    expect(page.separator.made).toHaveLength(6);
  });
});
