import { describe, expect, test } from 'vitest';
import { type FolderStore, memoryStore } from '../../../src/core/folder-store.ts';
import { ArchiveFolders } from '../../../src/songs/archive/archive-folders.ts';
import { parseArchivedSong } from '../../../src/songs/archive/archived-song.ts';
import type { SongContent } from '../../../src/songs/storage/song-source.ts';
import { facts, SAMPLES, SCALE } from './song-facts.ts';

const sound = (factor: number) => [0, 1].map((c) => Float32Array.from({ length: SAMPLES }, (_, n) => factor * n + c));

function content(): SongContent {
  return {
    original: sound(0.01),
    // As a piece of larger, shared memory, as on the page.
    vocals: sound(0.004).map((channel) => {
      const shared = new Float32Array(new SharedArrayBuffer(4 * (SAMPLES + 8)), 16, SAMPLES);
      shared.set(channel);
      return shared;
    }),
    mask: Uint16Array.from({ length: 20 }, (_, n) => 3000 * n),
    levels: Uint8Array.from({ length: 20 }, (_, n) => 10 * n),
  };
}

const COVER = 'data:image/jpeg;base64,/9j/';

const file = new Blob(['abc'], { type: 'audio/mpeg' });

/** A store that refuses to write `path`. */
function failing(path: string, error: Error): FolderStore & { readonly files: () => Promise<readonly string[]> } {
  const store = memoryStore();
  return {
    ...store,
    write: async (folder, name, bytes) => {
      if (name === path) throw error;
      await store.write(folder, name, bytes);
    },
    copy: async (folder, name, source) => {
      if (name === path) throw error;
      await store.copy(folder, name, source);
    },
    files: async () => await store.folders(),
  };
}

describe('ArchiveFolders', () => {
  test('returns an archived song, sample by sample', async () => {
    const store = memoryStore();
    const given = content();
    const { song: kept } = await new ArchiveFolders(store).keep(facts('a'), given, file, 1234);
    const loaded = (await new ArchiveFolders(store).load('a'))!;
    expect(loaded.song).toEqual(kept);
    expect(kept).toMatchObject({ version: 1, keptAt: 1234, name: 'Song a', scale: SCALE });
    expect(loaded.content!.original).toEqual(given.original);
    expect(loaded.content!.vocals.map((channel) => Array.from(channel))).toEqual(
      sound(0.004).map((c) => Array.from(c)),
    );
    expect(loaded.content!.mask).toEqual(given.mask);
    expect(loaded.content!.levels).toEqual(given.levels);
    expect(await loaded.source.text()).toBe('abc');
    expect(loaded.source.type).toBe('audio/mpeg');
  });

  test('gives a song another name and cover; a write of them that was cut off costs no song', async () => {
    const store = memoryStore();
    const archive = new ArchiveFolders(store);
    await archive.keep(facts('a'), content(), file);
    expect(await archive.retitle('a', { name: 'Artist – Title', cover: COVER })).toBe(true);
    expect(await archive.retitle('b', { name: 'Artist – Title' })).toBe(false);
    expect((await archive.load('a'))?.song).toMatchObject({ name: 'Artist – Title', cover: COVER, samples: SAMPLES });
    expect((await archive.list()).map(({ song }) => song?.name)).toEqual(['Artist – Title']);
    await store.write('a', 'title.json', new TextEncoder().encode('{"name":"Art'));
    expect((await archive.list()).map(({ song }) => song?.name)).toEqual(['Song a']);
  });

  test('lists songs with their sizes, the oldest first', async () => {
    const archive = new ArchiveFolders(memoryStore());
    await archive.keep(facts('b'), content(), file, 2);
    await archive.keep(facts('a'), content(), file, 1);
    const list = await archive.list();
    expect(list.map(({ id }) => id)).toEqual(['a', 'b']);
    // Two channels of original and vocals, 4 bytes a sample; mask and levels; the file itself.
    expect(list[0].bytes).toBe(4 * 4 * SAMPLES + 3 * 20 + 3);
    await archive.remove('a');
    expect((await archive.list()).map(({ id }) => id)).toEqual(['b']);
  });

  test('returns a painting with its sound; the network’s mask and vocals stay beside it', async () => {
    const store = memoryStore();
    const given = content();
    await new ArchiveFolders(store).keep(facts('a'), given, file);
    const cut = (channels: readonly Float32Array[]) => [channels.map((channel) => channel.slice(20, 60))];
    const painting = {
      frames: [1, 3],
      rows: Uint16Array.from({ length: 8 }, (_, n) => n),
      spans: [{ start: 20, end: 60 }],
      sound: cut(sound(7)),
    };
    const nothing = { ...painting, frames: [], rows: new Uint16Array(0), sound: cut(sound(0.004)) };
    expect(await new ArchiveFolders(store).paint('a', painting, 1)).toBe(true);
    const loaded = (await new ArchiveFolders(store).load('a'))!;
    expect(loaded.painting).toMatchObject(painting);
    expect(loaded.content!.mask).toEqual(given.mask);
    const heard = (n: number, c: number) => (n >= 20 && n < 60 ? sound(7) : sound(0.004))[c][n];
    for (const c of [0, 1])
      expect([...loaded.content!.vocals[c]]).toEqual(Array.from({ length: SAMPLES }, (_, n) => heard(n, c)));
    // The one before is there until the next one is whole; that of a later clock is not the later one.
    await new ArchiveFolders(store).paint('a', nothing, 0);
    expect((await new ArchiveFolders(store).load('a'))?.painting?.frames).toEqual([]);
    await store.write('a', 'painting-b', new Uint8Array(9));
    expect((await new ArchiveFolders(store).load('a'))?.painting).toMatchObject(painting);
    expect(await new ArchiveFolders(store).paint('none', painting)).toBe(false);
  });

  test('deletes unfinished writes and nothing else', async () => {
    const store = memoryStore();
    const archive = new ArchiveFolders(store);
    await archive.keep(facts('whole'), content(), file);
    await store.write('half', 'original-0.f32', new Uint8Array(400));
    expect((await archive.list()).map(({ id }) => id)).toEqual(['whole']);
    expect(await store.folders()).toEqual(['whole']);
  });

  test.each(['original-0.f32', 'mask.u16', 'source', 'song.json'])(
    'leaves nothing of a song when the disk is full at %s, and passes that on',
    async (path) => {
      const full = new DOMException('No space.', 'QuotaExceededError');
      const store = failing(path, full);
      const archive = new ArchiveFolders(store);
      await expect(archive.keep(facts('a'), content(), file)).rejects.toBe(full);
      expect(await store.files()).toEqual([]);
    },
  );

  test('lists a damaged song and one of a later version, without reading or removing them', async () => {
    const store = memoryStore();
    const archive = new ArchiveFolders(store);
    await archive.keep(facts('short'), content(), file, 1);
    await store.write('short', 'vocals-1.f32', new Uint8Array(4));
    const { song: later } = await archive.keep(facts('later'), content(), file, 2);
    await store.write('later', 'song.json', new TextEncoder().encode(JSON.stringify({ ...later, version: 2 })));
    await store.write('odd', 'song.json', new TextEncoder().encode('{'));
    const list = await archive.list();
    expect(list.map(({ id, song }) => [id, song])).toEqual([
      ['short', undefined],
      ['later', undefined],
      ['odd', undefined],
    ]);
    expect(list[0].bytes).toBeGreaterThan(0);
    await expect(archive.load('short')).rejects.toThrow('can no longer be read');
    expect(await store.folders()).toHaveLength(3);
  });

  test('does everything under the given lock', async () => {
    let inside = 0;
    let most = 0;
    let turn: Promise<unknown> = Promise.resolve();
    const exclusive = <T>(act: () => Promise<T>): Promise<T> => {
      const mine = turn.then(async () => {
        most = Math.max(most, ++inside);
        try {
          return await act();
        } finally {
          inside--;
        }
      });
      turn = mine.catch(() => undefined);
      return mine;
    };
    const store = memoryStore();
    // Two pages: one keeps while the other sweeps.
    const [one, other] = [new ArchiveFolders(store, { exclusive }), new ArchiveFolders(store, { exclusive })];
    await Promise.all([one.keep(facts('a'), content(), file), other.list(), one.keep(facts('b'), content(), file)]);
    expect(most).toBe(1);
    expect(await other.list()).toHaveLength(2);
  });
});

describe('the description of a kept song', () => {
  const whole = async () => {
    const { song: kept } = await new ArchiveFolders(memoryStore()).keep(facts('a'), content(), file);
    return structuredClone(kept) as { -readonly [K in keyof typeof kept]: unknown };
  };

  test('is read back as written', async () => {
    expect(parseArchivedSong(JSON.stringify(await whole()))).toEqual(
      await whole().then((song) => ({ ...song, keptAt: expect.any(Number) })),
    );
  });

  test.each([
    ['version', 2],
    ['id', '../models'],
    ['channels', 3],
    ['samples', -1],
    ['samples', SAMPLES + 1],
    ['scale', { ...SCALE, bins: 5 }],
    ['files', []],
    ['model', { origin: 'elsewhere', id: 'x' }],
  ])('is refused if its %s is %j', async (field, value) => {
    expect(parseArchivedSong(JSON.stringify({ ...(await whole()), [field]: value }))).toBeUndefined();
  });
});
