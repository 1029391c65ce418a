import { describe, expect, test } from 'vitest';
import type { FakeBrowser } from './fake-browser.ts';
import { FakePage } from './fake-page.ts';

/** A browser in which an earlier visit has separated these songs. */
async function browserWith(...letters: readonly string[]): Promise<FakeBrowser> {
  const page = new FakePage();
  page.separator.allow();
  await page.add(...letters);
  await expect.poll(() => page.archived()).toEqual(letters);
  await expect.poll(() => page.pending()).toEqual([]);
  page.close();
  return page.browser;
}

describe('songs of an earlier visit', () => {
  test('are in the list in their order, and open without being separated again', async () => {
    const page = new FakePage(await browserWith('A', 'B'));
    await page.until('A:kept B:kept');
    expect(page.songs.state).toMatchObject({ open: undefined, busy: false, unkept: false, space: { free: 600 } });
    expect(await page.songs.listen(page.id('B'))).toBe(true);
    expect(page.states).toBe('A:kept B*:kept');
    const { open } = page.songs.state;
    expect(open?.storage.complete).toBe(true);
    expect(open?.storage.whole?.vocals.channels[0][150]).toBeCloseTo(0.066 / 2, 7);
    expect(open?.model).toEqual(page.separator.model);
    // Nothing was done in this page: the panel has nothing to say.
    expect(page.songs.state.progress).toBeUndefined();
    expect(page.decoded).toEqual([]);
  });

  test('release their memory when another one is opened', async () => {
    const page = new FakePage(await browserWith('A', 'B'));
    await page.until('A:kept B:kept');
    await page.songs.listen(page.id('A'));
    await page.songs.listen(page.id('B'));
    expect(page.song('A')).toMatchObject({ kind: 'done', loaded: undefined });
    await page.songs.listen(page.id('A'));
    expect(page.states).toBe('A*:kept B:kept');
  });

  test('that are requested at once: the last one is opened', async () => {
    const page = new FakePage(await browserWith('A', 'B'));
    await page.until('A:kept B:kept');
    await Promise.all([page.songs.listen(page.id('A')), page.songs.listen(page.id('B'))]);
    expect(page.states).toBe('A:kept B*:kept');
    expect(page.song('A')).toMatchObject({ loaded: undefined });
  });

  test('that are damaged are shown as such, do not open, and can be removed', async () => {
    const browser = await browserWith('A', 'B');
    const [, id] = await browser.archiveStore.folders();
    await browser.archiveStore.write(id, 'vocals-0.f32', new Uint8Array(3));
    const page = new FakePage(browser);
    await page.until('A:kept ?:damaged');
    await page.songs.listen(page.id('A'));
    expect(await page.songs.listen(id)).toBe(false);
    expect(page.notices).toEqual([{ kind: 'error', error: expect.any(Error) }]);
    expect(page.states).toBe('A*:kept ?:damaged');
    await page.songs.remove(id);
    expect(page.states).toBe('A*:kept');
    expect(await page.archived()).toEqual(['A']);
  });

  test('that are not separated yet are separated now, in their order; cancelled ones stay cancelled', async () => {
    const before = new FakePage();
    await before.add('A', 'B', 'C');
    await before.until('A*:separating 0 B:waiting C:waiting');
    await expect.poll(() => before.pending()).toHaveLength(3);
    before.songs.cancel(before.id('B'));
    before.songs.move(before.id('C'), 0);
    before.close();
    const page = new FakePage(before.browser);
    page.separator.allow();
    await page.until('C:kept A:kept B:cancelled');
    expect(await page.pending()).toEqual(['B.mp3']);
    page.songs.retry(page.id('B'));
    await page.until('C:kept A:kept B:kept');
    await expect.poll(() => page.pending()).toEqual([]);
  });
});

describe('songs that are not archived', () => {
  test('for lack of space stay in the page, with a notice', async () => {
    const page = new FakePage();
    page.browser.archiveFault = 'full';
    page.separator.allow();
    await page.add('A');
    await page.until('A*:full');
    expect(page.notices).toEqual([{ kind: 'archive-full', name: 'A' }]);
    expect(page.songs.state.unkept).toBe(true);
    expect(await page.pending()).toEqual(['A.mp3']);
  });

  test('because the browser refuses stay in the page', async () => {
    const page = new FakePage();
    page.browser.archiveFault = 'broken';
    page.separator.allow();
    await page.add('A');
    await page.until('A*:unable');
    expect(page.notices).toEqual([]);
    expect(page.songs.state.unkept).toBe(true);
  });

  test('whose files could not be stored for lack of space are separated all the same, with one notice', async () => {
    const page = new FakePage();
    page.browser.pendingFault = 'full';
    await page.add('A', 'B');
    await expect.poll(() => page.song('B')).toMatchObject({ pending: 'full' });
    expect(page.song('A')).toMatchObject({ pending: 'full' });
    expect(page.notices).toEqual([{ kind: 'pending-full', name: 'A' }]);
    page.separator.allow();
    await page.until('A*:kept B:kept');
  });
});

describe('two pages', () => {
  test('share their songs: one separates them, the other shows them when they are done', async () => {
    const first = new FakePage();
    await first.add('A', 'B');
    await expect.poll(() => first.pending()).toHaveLength(2);
    const second = new FakePage(first.browser);
    await second.until('A:elsewhere B:elsewhere');
    expect(await second.songs.listen(second.id('A'))).toBe(false);
    expect(second.notices).toEqual([{ kind: 'elsewhere', name: 'A' }]);
    // It is not this page's to stop, or to remove.
    second.songs.cancelAll();
    second.songs.retry(second.id('A'));
    await second.songs.remove(second.id('B'));
    expect(second.states).toBe('A:elsewhere B:elsewhere');
    first.separator.allow();
    await second.until('A:kept B:kept');
    expect(second.ended).toEqual(['A', 'B']);
    expect(second.separator.made).toEqual([]);
  });

  test('take over pending songs when the other one is closed', async () => {
    const first = new FakePage();
    await first.add('A', 'B');
    await expect.poll(() => first.pending()).toHaveLength(2);
    first.songs.cancel(first.id('B'));
    const second = new FakePage(first.browser);
    await second.until('A:elsewhere B:elsewhere');
    second.separator.allow();
    first.close();
    await second.until('A:kept B:cancelled');
    expect(second.separator.made).toEqual(['A0', 'A1', 'A2']);
  });

  test('archive songs that found no space when the other one has removed a song', async () => {
    const browser = await browserWith('A');
    const [first, second] = [new FakePage(browser), new FakePage(browser)];
    await second.until('A:kept');
    browser.archiveFault = 'full';
    first.separator.allow();
    await first.add('B');
    await first.until('A:kept B*:full');
    browser.archiveFault = undefined;
    await second.songs.remove(second.id('A'));
    await first.until('B*:kept');
  });

  test('have the same order', async () => {
    const browser = await browserWith('A', 'B');
    const [first, second] = [new FakePage(browser), new FakePage(browser)];
    await first.until('A:kept B:kept');
    await second.until('A:kept B:kept');
    first.songs.move(first.id('B'), 0);
    expect(second.states).toBe('B:kept A:kept');
  });

  test('remove songs for each other that are not open', async () => {
    const browser = await browserWith('A', 'B');
    const [first, second] = [new FakePage(browser), new FakePage(browser)];
    await first.until('A:kept B:kept');
    await second.until('A:kept B:kept');
    await second.songs.listen(second.id('A'));
    await first.songs.remove(first.id('A'));
    await first.songs.remove(first.id('B'));
    await second.until('A*:kept');
  });

  test('recognise a song that is pending in the other one', async () => {
    const first = new FakePage();
    await first.add('A');
    await expect.poll(() => first.pending()).toHaveLength(1);
    const second = new FakePage(first.browser);
    await second.until('A:elsewhere');
    await second.add('A');
    expect(second.states).toBe('A:elsewhere');
    expect(second.notices).toEqual([
      { kind: 'there', name: 'A', kept: false },
      { kind: 'elsewhere', name: 'A' },
    ]);
  });
});
