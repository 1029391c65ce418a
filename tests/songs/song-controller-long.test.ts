import { expect, test } from 'vitest';
import { LongSongError } from '../../src/core/errors.ts';
import { type Message, message } from '../../src/core/message.ts';
import type { SongControllerOptions } from '../../src/songs/song-controller-options.ts';
import { FakeBrowser } from './fake-browser.ts';
import { FakePage, gate, tracksOf } from './fake-page.ts';
import { FilesSong } from './files-song.ts';

type OpenLong = NonNullable<SongControllerOptions['openLongSong']>;

/** A page whose songs are all too long for memory, unless `isLong` returns false. */
function longPage({
  browser = new FakeBrowser(),
  before = async (..._: Parameters<OpenLong>) => {},
  notes = [] as readonly Message[],
} = {}) {
  /** What lies in files, in the order in which it was opened. */
  const opened: FilesSong[] = [];
  const page = new FakePage(browser, {
    openLongSong: async (file, name, options) => {
      await before(file, name, options);
      if (name.startsWith('Short')) return undefined;
      const song = await FilesSong.decode(browser.filesStore, options.folder ?? '', file, {
        notes,
        tracks: tracksOf(await file.text()),
      });
      opened.push(song);
      return song;
    },
    openArchived: FilesSong.kept(browser.filesStore, (song) => opened.push(song)),
  });
  return { page, opened };
}

test('a song that is too long for memory reports the progress of decoding, and is archived in its folder', async () => {
  const half = gate();
  const { page, opened } = longPage({
    before: async (_file, _name, { onProgress }) => {
      onProgress?.(300, 600);
      await half.ended;
    },
  });
  page.separator.allow();
  void page.add('A');
  await page.until('A:decoding');
  expect(page.song('A')).toMatchObject({ part: 0.5 });
  expect(page.songs.state.progress).toEqual({ kind: 'decoding', name: 'A.mp3', doneSeconds: 300, totalSeconds: 600 });
  half.open();
  await page.until('A*:kept');
  expect(page.chunks).toEqual([0, 100, 200]);
  expect(page.decoded).toEqual([]);
  expect(await page.browser.archiveStore.folders()).toEqual([]);
  expect(await page.browser.filesStore.folders()).toEqual([page.id('A')]);
  expect(opened.map(({ closed }) => closed)).toEqual([false]);
  await expect.poll(() => page.pending()).toEqual([]);
  // What it is separated again from is the file in its folder.
  const { song } = page.songs.state.open ?? {};
  expect(song?.kind === 'done' && (await song.loaded?.file.blob.text())).toBe('A');
});

test('its files are closed after another song is opened, as soon as they have no users, and can be opened again', async () => {
  const { page, opened } = longPage();
  page.separator.allow();
  await page.add('A', 'B');
  await page.until('A*:kept B:kept');
  // Nobody listens to B.
  expect(opened.map(({ closed }) => closed)).toEqual([false, true]);
  const letGo = page.songs.use(opened[0]);
  await page.songs.listen(page.id('B'));
  expect(page.states).toBe('A:kept B*:kept');
  // The view of A is still there.
  expect(opened.map(({ closed }) => closed)).toEqual([false, true, false]);
  letGo();
  await expect.poll(() => opened[0].closed).toBe(true);
  const { open } = page.songs.state;
  expect((await open?.storage.read(0, 1))?.vocals[0][0]).toBeCloseTo(0.066 / 2, 7);
});

test('its files are closed when it is removed, cancelled before it is opened, or was only read for saving', async () => {
  const { page, opened } = longPage();
  page.separator.allow(4);
  await page.add('A', 'B');
  await page.until('A*:kept B:separating 33');
  page.songs.cancel(page.id('B'));
  await expect.poll(() => opened[1].closed).toBe(true);
  await page.songs.remove(page.id('A'));
  expect(opened[0].closed).toBe(true);
  page.separator.allow();
  page.songs.retry(page.id('B'));
  await page.until('B:kept');
  const { storage, release } = await page.songs.read(page.id('B'));
  expect(storage.complete).toBe(true);
  expect(opened).toHaveLength(4);
  expect(opened[3].closed).toBe(false);
  release();
  await expect.poll(() => opened[3].closed).toBe(true);
});

test('one that is cancelled during decoding is closed when decoding ends; later events are ignored', async () => {
  const decoding = gate();
  let progress: Parameters<OpenLong>[2]['onProgress'];
  const { page, opened } = longPage({
    before: async (_file, _name, options) => {
      progress = options.onProgress;
      await decoding.ended;
    },
  });
  void page.add('A');
  await page.until('A:decoding');
  page.songs.cancel();
  progress?.(300, 600);
  expect(page.states).toBe('A:cancelled');
  decoding.open();
  await expect.poll(() => opened.map(({ closed }) => closed)).toEqual([true]);
  expect(page.states).toBe('A:cancelled');
});

test('one of many hours gives one notice; an incomplete file gives the decoder’s note', async () => {
  const { page } = longPage({
    before: async (_file, _name, { onProgress }) => {
      onProgress?.(1, 4 * 3600);
      onProgress?.(2, 4 * 3600);
    },
    notes: [message('decode.broke-off', { name: 'A.mp3', done: '0:03', stated: '3:56' })],
  });
  await page.add('A');
  await page.until('A*:separating 0');
  expect(page.notices).toEqual([
    { kind: 'very-long', hours: 4 },
    { kind: 'decoded', note: message('decode.broke-off', { name: 'A.mp3', done: '0:03', stated: '3:56' }) },
  ]);
});

test('one without space takes that of its own pending file, which is deleted', async () => {
  const made: boolean[] = [];
  const { page } = longPage({
    before: async (_file, _name, { freeSpace }) => {
      await expect.poll(() => page.pending()).toEqual(['A.mp3']);
      made.push((await freeSpace?.()) ?? false, (await freeSpace?.()) ?? false);
    },
  });
  await page.add('A');
  await page.until('A*:separating 0');
  expect(made).toEqual([true, false]);
  expect(page.song('A')).toMatchObject({ pending: 'full' });
  expect(await page.pending()).toEqual([]);
});

test.each([
  ['is full', new LongSongError('long-song.no-space', { name: 'A', needed: '1', free: '0' }), 'A:cancelled'],
  ['is faulty', new LongSongError('long-song.disk', { name: 'A' }), 'A:cancelled'],
  ['is too small for any song of its length', new LongSongError('long-song.too-long', { name: 'A' }), ''],
])(
  'one that failed on a disk that %s can be tried again at the next visit, if that may help',
  async (_, error, next) => {
    const { page } = longPage({
      before: async () => {
        await expect.poll(() => page.pending()).toEqual(['A.mp3']);
        throw error;
      },
    });
    await page.add('A');
    await page.until('A:failed');
    await expect.poll(() => page.pending()).toEqual(next ? ['A.mp3'] : []);
    page.close();
    const { page: again } = longPage({ browser: page.browser });
    await again.until(next);
    again.separator.allow();
    for (const { song } of again.songs.state.rows) again.songs.retry(song.id);
    await again.until(next && 'A:kept');
  },
);

test('one that is separated again is decoded again: its vocals would be overwritten', async () => {
  const { page, opened } = longPage();
  page.separator.allow(3);
  await page.add('A');
  await page.until('A*:kept');
  page.separator.model = { origin: 'kept', id: 'other' };
  await page.songs.again();
  await page.until('A*:kept A:separating 0');
  expect(opened).toHaveLength(2);
  page.separator.allow();
  await page.until('A:kept A*:kept');
  // The result that was open before stays beside the new one, as long as the song is open.
  expect(opened.map(({ closed }) => closed)).toEqual([false, false]);
  await page.add('B');
  await page.until('A:kept A:kept B*:kept');
  expect(opened.map(({ closed }) => closed)).toEqual([true, true, false]);
});

test('one with several audio tracks is decoded anew where another one is chosen', async () => {
  const asked: (number | undefined)[] = [];
  const { page, opened } = longPage({ before: async (_file, _name, { track }) => void asked.push(track) });
  page.separator.allow();
  await page.add('AB');
  await page.until('AB*:kept');
  await page.songs.chooseTrack(0);
  await page.until('AB:kept AB*:kept');
  expect(asked).toEqual([undefined, 0]);
  expect(page.songs.state.open).toMatchObject({ track: 0, storage: { tracks: tracksOf('AB') } });
  expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
});

test('one without space for spectrograms stays in the page, and is archived when there is space', async () => {
  const { page, opened } = longPage();
  await page.add('A');
  await page.until('A*:separating 0');
  opened[0].noColumns = true;
  page.separator.allow();
  await page.until('A*:full');
  expect(page.notices).toEqual([{ kind: 'archive-full', name: 'A' }]);
  expect(opened[0].closed).toBe(false);
  opened[0].noColumns = false;
  await page.add('B');
  await page.songs.remove(page.id('B'));
  await page.until('A*:kept');
});

test('painting on one is stored before its files are closed', async () => {
  const { page, opened } = longPage();
  page.separator.allow();
  await page.add('A', 'B');
  await page.until('A*:kept B:kept');
  await opened[0].amend(0, [new Float32Array(10).fill(0.5)]);
  page.songs.painted(page.id('A'), opened[0], false);
  await page.songs.listen(page.id('B'));
  await page.until('A:kept B*:kept');
  expect(page.browser.painted).toEqual([page.id('A')]);
  await expect.poll(() => opened[0].closed).toBe(true);
  expect(page.notices).toEqual([]);
});
