import * as Comlink from 'comlink';
import { browserFolderStore, isFull } from '../../model/folder-store.browser.ts';
import { carryErrors } from '../../separation/transfer-errors.ts';
import { shareAudio } from '../stem-store.ts';
import { Shelf } from './shelf.ts';
import type { ShelfEngine } from './shelf-engine.ts';

carryErrors();

/** Folder of the browser's own file system, and the cache that stands in for it where there is none. */
const PLACE = { folder: 'shelf', cache: 'unsung-shelf' };
/** Every page and worker of this origin waits for this lock before it touches the kept songs. */
const LOCK = 'unsung-shelf';

let opened: Promise<Shelf | undefined> | undefined;

function shelf(): Promise<Shelf | undefined> {
  opened ??= (async () => {
    const locks = globalThis.navigator?.locks as LockManager | undefined;
    const exclusive = <T>(act: () => Promise<T>): Promise<T> =>
      locks ? (locks.request(LOCK, act) as Promise<T>) : act();
    // Trying it out writes a file: two pages at once would get in each other's way.
    const store = await exclusive(() => browserFolderStore(PLACE));
    return store && new Shelf(store, exclusive);
  })();
  return opened;
}

const atOnce = () => Promise.resolve();

const engine: ShelfEngine = {
  async list() {
    return (await shelf())?.list();
  },

  async keep(facts, content, source) {
    try {
      const place = await shelf();
      if (!place) return { kind: 'unable', detail: '' };
      return { kind: 'kept', song: await place.keep(facts, content, source) };
    } catch (error) {
      if (isFull(error)) return { kind: 'full' };
      return { kind: 'unable', detail: error instanceof Error ? error.message : String(error) };
    }
  },

  async load(id) {
    const place = await shelf();
    if (!place) throw new DOMException('Nothing is kept here.', 'NotFoundError');
    const loaded = await place.load(id);
    const { sampleRate } = loaded.song;
    // Shared memory needs no second copy on the page, which plays from it.
    const original = await shareAudio({ sampleRate, channels: loaded.original }, atOnce);
    const vocals = await shareAudio({ sampleRate, channels: loaded.vocals }, atOnce);
    const arrays = [...original.channels, ...vocals.channels, loaded.mask, loaded.levels];
    const own = arrays.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer);
    return Comlink.transfer({ ...loaded, original: original.channels, vocals: vocals.channels }, own);
  },

  async remove(id) {
    await (await shelf())?.remove(id);
  },
};

Comlink.expose(engine);
