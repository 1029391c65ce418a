import { describe, expect, test } from 'vitest';
import { inMemory, PendingFiles, spaceFor } from '../../src/songs/pending-files.ts';
import { FakeBrowser } from './fake-browser.ts';

describe('spaceFor', () => {
  test('of a pending song is the size of the separated song plus its file twice', () => {
    // An hour of CD sound: 635 MB as a WAV file; 32-bit floats are twice that, and there are original and vocals.
    const file = 3600 * 44_100 * 2 * 2;
    const separated = 2 * 2 * file;
    expect(spaceFor(file, 3600)).toBeGreaterThan(2 * file + separated);
    expect(spaceFor(file, 3600)).toBeLessThan(1.2 * (2 * file + separated));
    expect(spaceFor(1000, 0)).toBe(2000);
  });
});

const facts = (id: string) => ({ id, fileName: `${id}.mp3`, key: undefined });

/** The pending files of one page, with a quota. */
function page(browser: FakeBrowser, { quota = 1e9, locks = true } = {}) {
  const owner = {};
  let freed = 0;
  const files = new PendingFiles({
    link: browser.link(owner),
    environment: { locks: locks ? browser.locks.of(owner) : undefined, estimate: async () => ({ quota, usage: 0 }) },
    secondsOf: async () => 600,
    onFree: () => freed++,
  });
  return { files, close: () => browser.locks.close(owner), freed: () => freed };
}

/** A fake file of this size. */
function fileOf(bytes: number): Blob {
  return Object.defineProperty(new Blob(['sound']), 'size', { value: bytes });
}

describe('the file of a pending song', () => {
  test('belongs to one page at a time; another one takes it over when that page is closed', async () => {
    const browser = new FakeBrowser();
    const [first, second] = [page(browser), page(browser)];
    expect(await first.files.keepPending(facts('a'), new Blob(['sound']))).toBe('kept');
    expect(await first.files.list()).toMatchObject([{ own: true, entry: { id: 'a' } }]);
    expect(await second.files.list()).toMatchObject([{ own: false }]);
    expect(second.freed()).toBe(0);
    first.close();
    await expect.poll(() => second.freed()).toBe(1);
    expect(await second.files.list()).toMatchObject([{ own: true }]);
  });

  test('is deleted when its song is dropped, also while it is being written', async () => {
    const browser = new FakeBrowser();
    const { files } = page(browser);
    const coming = files.keepPending(facts('a'), new Blob(['sound']));
    await Promise.all([coming, files.drop('a')]);
    expect(await browser.pendingStore.folders()).toEqual([]);
    // One that was dropped does not come back.
    expect(await files.keepPending(facts('a'), new Blob(['sound']))).toBe('unable');
  });

  test('is not stored without locks', async () => {
    const browser = new FakeBrowser();
    const { files } = page(browser, { locks: false });
    expect(await files.keepPending(facts('a'), new Blob(['sound']))).toBe('unable');
    expect(await files.list()).toEqual([]);
  });

  test('is not stored if the separated song would not fit beside it', async () => {
    const browser = new FakeBrowser();
    // 600 s take 480 MB, and a file of 300 MB twice that.
    const [narrow, wide] = [page(browser, { quota: 1.0e9 }), page(browser, { quota: 1.1e9 })];
    expect(await narrow.files.keepPending(facts('a'), fileOf(300e6))).toBe('unable');
    expect(await browser.pendingStore.folders()).toEqual([]);
    // It is free for another page to have.
    const kept = await wide.files.keepPending(facts('a'), new Blob(['sound']));
    expect(kept).toBe('kept');
  });

  test('is deleted to free space for the song, unless the song is read from it', async () => {
    const browser = new FakeBrowser();
    const { files } = page(browser);
    await files.keepPending(facts('a'), new Blob(['sound']));
    const blob = new Blob(['sound']);
    expect(await files.freeSpace('a', { blob, borrowed: true })).toBe(false);
    expect(await browser.pendingStore.folders()).toEqual(['a']);
    expect(await files.freeSpace('a', { blob, borrowed: false })).toBe(true);
    expect(await browser.pendingStore.folders()).toEqual([]);
    expect(await files.freeSpace('a', { blob, borrowed: false })).toBe(false);
  });

  test('is copied into memory if it is borrowed and not too large', async () => {
    const own = { blob: new Blob(['sound']), borrowed: false };
    expect(await inMemory(own)).toBe(own);
    const copied = await inMemory({ blob: new Blob(['sound'], { type: 'audio/mpeg' }), borrowed: true });
    expect(copied.borrowed).toBe(false);
    expect([await copied.blob.text(), copied.blob.type]).toEqual(['sound', 'audio/mpeg']);
    const large = { blob: fileOf(70e6), borrowed: true };
    expect(await inMemory(large)).toBe(large);
  });
});
