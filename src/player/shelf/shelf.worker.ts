import * as Comlink from 'comlink';
import { browserFolderStore, isFull } from '../../model/folder-store.browser.ts';
import { carryErrors } from '../../separation/transfer-errors.ts';
import { shareAudio } from '../stem-store.ts';
import { type Exclusive, Shelf } from './shelf.ts';
import type { ShelfEngine } from './shelf-engine.ts';
import { WaitingRoom } from './waiting-room.ts';

carryErrors();

/** Folder of the browser's own file system, and the cache that stands in for it where there is none. */
const PLACE = { folder: 'shelf', cache: 'unsung-shelf' };
/** The same for the files of songs that are not separated yet. */
const WAITING_PLACE = { folder: 'waiting', cache: 'unsung-waiting' };
/** Every page and worker of this origin waits for this lock before it touches the kept songs. */
const LOCK = 'unsung-shelf';

let opened: Promise<Shelf | undefined> | undefined;
let openedRoom: Promise<WaitingRoom | undefined> | undefined;

const exclusive: Exclusive = (act) => {
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  return locks ? (locks.request(LOCK, act) as ReturnType<typeof act>) : act();
};

// Trying a place out writes a file: two pages at once would get in each other's way.
function shelf(): Promise<Shelf | undefined> {
  opened ??= exclusive(() => browserFolderStore(PLACE)).then((store) => store && new Shelf(store, exclusive));
  return opened;
}

function waitingRoom(): Promise<WaitingRoom | undefined> {
  openedRoom ??= exclusive(() => browserFolderStore(WAITING_PLACE)).then(
    (store) => store && new WaitingRoom(store, exclusive),
  );
  return openedRoom;
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

  async paint(id, painting, vocals) {
    try {
      const place = await shelf();
      if (!place) return 'unable';
      await place.paint(id, painting, vocals);
      return 'kept';
    } catch (error) {
      return isFull(error) ? 'full' : 'unable';
    }
  },

  async stow(facts, file) {
    try {
      const room = await waitingRoom();
      if (!room) return 'unable';
      await room.add(facts, file);
      return 'kept';
    } catch (error) {
      return isFull(error) ? 'full' : 'unable';
    }
  },

  async waiting() {
    return (await (await waitingRoom())?.list()) ?? [];
  },

  async unstow(id) {
    await (await waitingRoom())?.remove(id);
  },
};

Comlink.expose(engine);
