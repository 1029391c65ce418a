import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../../src/core/folder-store.ts';
import { ArchiveFolders } from '../../../src/songs/archive/archive-folders.ts';
import type { WhileUnused } from '../../../src/songs/storage/leftovers.ts';
import { facts, SAMPLES } from './song-facts.ts';

const file = new Blob(['abc'], { type: 'audio/mpeg' });

/** An archive with songs that pages have open, like the Web Locks of a browser. */
function archive() {
  const store = memoryStore();
  const open = new Set<string>();
  const later: (() => Promise<void>)[] = [];
  const whileUnused: WhileUnused = async (id, act, otherwise) => {
    if (!open.has(id)) await act();
    else if (otherwise === 'later') later.push(act);
  };
  return {
    store,
    open,
    letGo: async (id: string) => {
      open.delete(id);
      for (const act of later) await act();
    },
    archive: new ArchiveFolders(store, { whileUnused }),
  };
}

/** What the worker has on the disk of a song that is separated. */
async function write({ store }: ReturnType<typeof archive>, id: string, samples = SAMPLES): Promise<void> {
  await store.write(id, 'original.f32', new Uint8Array(8 * samples));
  await store.write(id, 'vocals.f32', new Uint8Array(8 * SAMPLES));
  await store.write(id, 'mask.u16', new Uint8Array(40));
  await store.write(id, 'levels.u8', new Uint8Array(20));
}

describe('songs that are archived in the folders where they were separated', () => {
  test('return their painting with its sound; the files do not change', async () => {
    const at = archive();
    await write(at, 'a');
    await at.archive.keep(facts('a'), undefined, file);
    const painting = {
      frames: [4],
      rows: Uint16Array.of(1, 2, 3, 65_535),
      spans: [{ start: 90, end: 100 }],
      sound: [[new Float32Array(10).fill(0.5), new Float32Array(10).fill(-0.5)]],
    };
    expect(await at.archive.paint('a', painting)).toBe(true);
    expect(await at.archive.paint('none', painting)).toBe(false);
    const loaded = await at.archive.load('a');
    expect(loaded?.painting).toMatchObject(painting);
    expect(loaded?.content).toBeUndefined();
    expect(await at.store.read('a', 'vocals.f32')).toEqual(new Uint8Array(8 * SAMPLES));
  });

  test('archives a song in its folder, with its source file, and reports its size', async () => {
    const at = archive();
    await write(at, 'a');
    at.open.add('a');
    const kept = await at.archive.keep(facts('a'), undefined, file, 1234);
    expect(kept.song).toMatchObject({ ...facts('a'), version: 1, keptAt: 1234 });
    // Original and vocals of two channels, 4 bytes a sample; mask and levels; the file.
    expect(kept.bytes).toBe(4 * 4 * SAMPLES + 3 * 20 + 3);
    expect(await at.archive.list()).toEqual([{ id: 'a', song: kept.song, bytes: kept.bytes }]);
    const loaded = await at.archive.load('a');
    expect(loaded?.song).toEqual(kept.song);
    expect([loaded?.content, loaded?.painting]).toEqual([undefined, undefined]);
    expect([loaded?.source.type, await loaded?.source.text()]).toEqual(['audio/mpeg', 'abc']);
    expect(await at.archive.load('none')).toBeUndefined();
  });

  test('deletes what a closed page has left, but not archived songs or songs open in any page', async () => {
    const at = archive();
    await write(at, 'kept');
    await at.archive.keep(facts('kept'), undefined, file);
    for (const id of ['left', 'open']) await write(at, id);
    at.open.add('open');
    expect((await at.archive.list()).map(({ id }) => id)).toEqual(['kept']);
    expect(await at.store.folders()).toEqual(['kept', 'open']);
  });

  test('does not change a song if there is no space for its file, and archives it when there is', async () => {
    const at = archive();
    await write(at, 'a');
    at.open.add('a');
    const before = await at.store.sizes('a');
    const { copy } = at.store;
    at.store.copy = async (folder) => {
      await at.store.write(folder, 'source', new Uint8Array(1));
      throw new DOMException('No space.', 'QuotaExceededError');
    };
    await expect(at.archive.keep(facts('a'), undefined, file)).rejects.toThrow('No space.');
    expect(await at.store.sizes('a')).toEqual(before);
    expect(await at.archive.list()).toEqual([]);
    at.store.copy = copy;
    await at.archive.keep(facts('a'), undefined, file);
    expect(await at.archive.list()).toHaveLength(1);
  });

  test('does not count a song with incomplete files as archived', async () => {
    const at = archive();
    await write(at, 'short', SAMPLES - 1);
    at.open.add('short');
    await expect(at.archive.keep(facts('short'), undefined, file)).rejects.toThrow('did not keep');
    await write(at, 'cut');
    await at.archive.keep(facts('cut'), undefined, file);
    await at.store.write('cut', 'vocals.f32', new Uint8Array(4));
    expect((await at.archive.list()).map(({ id, song }) => [id, song])).toEqual([['cut', undefined]]);
    await expect(at.archive.load('cut')).rejects.toThrow('can no longer be read');
  });

  test('removes a song at once from the list, and from the disk when no page has it open', async () => {
    const at = archive();
    for (const id of ['a', 'b']) {
      await write(at, id);
      await at.archive.keep(facts(id), undefined, file);
    }
    at.open.add('a');
    await at.archive.remove('a');
    await at.archive.remove('b');
    expect(await at.archive.list()).toEqual([]);
    expect(await at.store.folders()).toEqual(['a']);
    expect((await at.store.sizes('a')).get('original.f32')).toBe(8 * SAMPLES);
    await at.letGo('a');
    expect(await at.store.folders()).toEqual([]);
  });
});
