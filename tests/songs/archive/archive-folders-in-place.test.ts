import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../../src/core/folder-store.ts';
import { ArchiveFolders } from '../../../src/songs/archive/archive-folders.ts';
import type { WhileUnused } from '../../../src/songs/storage/leftovers.ts';
import { facts, SAMPLES } from './song-facts.ts';

const file = new Blob(['abc'], { type: 'audio/mpeg' });

/** A shelf, and the songs that somebody has open: as the Web Locks of a browser. */
function shelf() {
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
    shelf: new ArchiveFolders(store, { whileUnused }),
  };
}

/** What the worker has on the disk of a song that is separated. */
async function write({ store }: ReturnType<typeof shelf>, id: string, samples = SAMPLES): Promise<void> {
  await store.write(id, 'original.f32', new Uint8Array(8 * samples));
  await store.write(id, 'vocals.f32', new Uint8Array(8 * SAMPLES));
  await store.write(id, 'mask.u16', new Uint8Array(40));
  await store.write(id, 'levels.u8', new Uint8Array(20));
}

describe('songs that are kept in the folders where they were made', () => {
  test('give back what was painted, with its sound; the files stay as they were', async () => {
    const at = shelf();
    await write(at, 'a');
    await at.shelf.keep(facts('a'), undefined, file);
    const painting = {
      frames: [4],
      rows: Uint16Array.of(1, 2, 3, 65_535),
      spans: [{ start: 90, end: 100 }],
      sound: [[new Float32Array(10).fill(0.5), new Float32Array(10).fill(-0.5)]],
    };
    expect(await at.shelf.paint('a', painting)).toBe(true);
    expect(await at.shelf.paint('none', painting)).toBe(false);
    const loaded = await at.shelf.load('a');
    expect(loaded?.painting).toMatchObject(painting);
    expect(loaded?.content).toBeUndefined();
    expect(await at.store.read('a', 'vocals.f32')).toEqual(new Uint8Array(8 * SAMPLES));
  });

  test('keeps a song where it lies, with the file that it came from, and tells what it takes', async () => {
    const at = shelf();
    await write(at, 'a');
    at.open.add('a');
    const kept = await at.shelf.keep(facts('a'), undefined, file, 1234);
    expect(kept.song).toMatchObject({ ...facts('a'), version: 1, keptAt: 1234 });
    // Original and vocals of two channels, 4 bytes a sample; mask and levels; the file.
    expect(kept.bytes).toBe(4 * 4 * SAMPLES + 3 * 20 + 3);
    expect(await at.shelf.list()).toEqual([{ id: 'a', song: kept.song, bytes: kept.bytes }]);
    const loaded = await at.shelf.load('a');
    expect(loaded?.song).toEqual(kept.song);
    expect([loaded?.content, loaded?.painting]).toEqual([undefined, undefined]);
    expect([loaded?.source.type, await loaded?.source.text()]).toEqual(['audio/mpeg', 'abc']);
    expect(await at.shelf.load('none')).toBeUndefined();
  });

  test('sweeps away what a closed page has left, not what is kept, nor what is open in any page', async () => {
    const at = shelf();
    await write(at, 'kept');
    await at.shelf.keep(facts('kept'), undefined, file);
    for (const id of ['left', 'open']) await write(at, id);
    at.open.add('open');
    expect((await at.shelf.list()).map(({ id }) => id)).toEqual(['kept']);
    expect(await at.store.folders()).toEqual(['kept', 'open']);
  });

  test('leaves a song as it was when there is no room for its file, and keeps it when there is', async () => {
    const at = shelf();
    await write(at, 'a');
    at.open.add('a');
    const before = await at.store.sizes('a');
    const { copy } = at.store;
    at.store.copy = async (folder) => {
      await at.store.write(folder, 'source', new Uint8Array(1));
      throw new DOMException('No room.', 'QuotaExceededError');
    };
    await expect(at.shelf.keep(facts('a'), undefined, file)).rejects.toThrow('No room.');
    expect(await at.store.sizes('a')).toEqual(before);
    expect(await at.shelf.list()).toEqual([]);
    at.store.copy = copy;
    await at.shelf.keep(facts('a'), undefined, file);
    expect(await at.shelf.list()).toHaveLength(1);
  });

  test('does not take a song for kept whose numbers are not all there', async () => {
    const at = shelf();
    await write(at, 'short', SAMPLES - 1);
    at.open.add('short');
    await expect(at.shelf.keep(facts('short'), undefined, file)).rejects.toThrow('did not keep');
    await write(at, 'cut');
    await at.shelf.keep(facts('cut'), undefined, file);
    await at.store.write('cut', 'vocals.f32', new Uint8Array(4));
    expect((await at.shelf.list()).map(({ id, song }) => [id, song])).toEqual([['cut', undefined]]);
    await expect(at.shelf.load('cut')).rejects.toThrow('can no longer be read');
  });

  test('removes a song at once from the list, and from the disk when nobody has it open any more', async () => {
    const at = shelf();
    for (const id of ['a', 'b']) {
      await write(at, id);
      await at.shelf.keep(facts(id), undefined, file);
    }
    at.open.add('a');
    await at.shelf.remove('a');
    await at.shelf.remove('b');
    expect(await at.shelf.list()).toEqual([]);
    expect(await at.store.folders()).toEqual(['a']);
    expect((await at.store.sizes('a')).get('original.f32')).toBe(8 * SAMPLES);
    await at.letGo('a');
    expect(await at.store.folders()).toEqual([]);
  });
});
