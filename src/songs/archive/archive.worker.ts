import * as Comlink from 'comlink';
import { channelOf, isShared } from '../../audio/shared-audio.ts';
import { exposeEngine } from '../../core/expose-engine.ts';
import { browserFolderStore, isFull } from '../../core/folder-store.browser.ts';
import { freeMemory } from '../../core/memory.ts';
import { PendingFileFolders } from '../pending-file-folders.ts';
import { longStore, whileUnused } from '../storage/long-folder.ts';
import type { ArchiveEngine, KeepOutcome } from './archive-engine.ts';
import { byAge, type Exclusive, type ReadableEntry } from './archive-entry.ts';
import { ArchiveFolders } from './archive-folders.ts';
import { LongArchiveFolders } from './long-archive-folders.ts';

/** Folder of the browser's own file system, and the cache that stands in for it where there is none. */
const PLACE = { folder: 'shelf', cache: 'unsung-shelf' };
/** The same for the files of songs that are not separated yet. */
const WAITING_PLACE = { folder: 'waiting', cache: 'unsung-waiting' };
/** Every page and worker of this origin waits for this lock before it touches the kept songs. */
const LOCK = 'unsung-shelf';

let opened: Promise<ArchiveFolders | undefined> | undefined;
let openedLong: Promise<LongArchiveFolders | undefined> | undefined;
let openedRoom: Promise<PendingFileFolders | undefined> | undefined;

const exclusive: Exclusive = (act) => {
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  return locks ? (locks.request(LOCK, act) as ReturnType<typeof act>) : act();
};

// Trying a place out writes a file: two pages at once would get in each other's way.
function shelf(): Promise<ArchiveFolders | undefined> {
  opened ??= exclusive(() => browserFolderStore(PLACE)).then((store) => store && new ArchiveFolders(store, exclusive));
  return opened;
}

/** Undefined where no song can be on the disk. */
function longShelf(): Promise<LongArchiveFolders | undefined> {
  openedLong ??= longStore().then(
    (store) => (globalThis.navigator?.locks ? new LongArchiveFolders(store, exclusive, whileUnused) : undefined),
    () => undefined,
  );
  return openedLong;
}

function waitingRoom(): Promise<PendingFileFolders | undefined> {
  openedRoom ??= exclusive(() => browserFolderStore(WAITING_PLACE)).then(
    (store) => store && new PendingFileFolders(store, exclusive),
  );
  return openedRoom;
}

async function outcomeOf(
  keep: () => Promise<(ReadableEntry & { readonly source: Blob | undefined }) | undefined>,
): Promise<KeepOutcome> {
  try {
    const kept = await keep();
    if (!kept) return { kind: 'unable', detail: '' };
    const { song, bytes, source } = kept;
    return { kind: 'kept', song, bytes, source };
  } catch (error) {
    if (isFull(error)) return { kind: 'full' };
    return { kind: 'unable', detail: error instanceof Error ? error.message : String(error) };
  }
}

/** The samples in memory that the page can share, where that is allowed. */
function shareChannel(samples: Float32Array): Float32Array {
  const shared = channelOf(samples.length);
  if (!isShared(shared)) return samples;
  shared.set(samples);
  freeMemory([samples]);
  return shared;
}

const engine: ArchiveEngine = {
  async list() {
    const songs = await (await shelf())?.list();
    // What is too long for memory is not in the way of the others.
    const long = (await (await longShelf())?.list().catch(() => undefined)) ?? [];
    return songs && byAge([...songs, ...long]);
  },

  keep(facts, content, source) {
    return outcomeOf(async () => {
      const place = await shelf();
      if (!place) return undefined;
      return { ...(await place.keep(facts, content, source)), source: await place.source(facts.id) };
    });
  },

  keepLong(facts, source) {
    return outcomeOf(async () => {
      const place = await longShelf();
      if (!place) return undefined;
      return { ...(await place.keep(facts, source)), source: (await place.load(facts.id))?.source };
    });
  },

  async load(id) {
    const long = await (await longShelf())?.load(id);
    if (long) return long;
    const place = await shelf();
    if (!place) throw new DOMException('Nothing is kept here.', 'NotFoundError');
    // Shared memory needs no second copy on the page, which plays from it.
    const loaded = await place.load(id, shareChannel);
    const arrays = [...loaded.original, ...loaded.vocals, loaded.mask, loaded.levels];
    const own = arrays.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer);
    return Comlink.transfer(loaded, own);
  },

  async remove(id) {
    await (await shelf())?.remove(id);
    await (await longShelf())?.remove(id);
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

exposeEngine(engine);
