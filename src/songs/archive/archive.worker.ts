import * as Comlink from 'comlink';
import { channelOf, isShared } from '../../audio/shared-audio.ts';
import { exposeEngine } from '../../core/expose-engine.ts';
import { browserFolderStore, isFull } from '../../core/folder-store.browser.ts';
import { freeMemory } from '../../core/memory.ts';
import { PendingFileFolders } from '../pending-file-folders.ts';
import { archivedSongGone } from '../storage/archive-errors.ts';
import { longStore, whileUnused } from '../storage/long-song-folder.ts';
import type { ArchiveEngine, KeepOutcome } from './archive-engine.ts';
import { byAge, type Exclusive, type ReadableEntry } from './archive-entry.ts';
import { ArchiveFolders, type LoadedArchivedSong } from './archive-folders.ts';

/** Folder in OPFS, and the cache used in browsers without OPFS. */
const PLACE = { folder: 'shelf', cache: 'unsung-shelf' };
/** The same for pending files. */
const WAITING_PLACE = { folder: 'waiting', cache: 'unsung-waiting' };
/** Every page and worker of this origin takes this lock before it accesses the archive. */
const LOCK = 'unsung-shelf';

let opened: Promise<ArchiveFolders | undefined> | undefined;
let openedLong: Promise<ArchiveFolders | undefined> | undefined;
let openedPending: Promise<PendingFileFolders | undefined> | undefined;

const exclusive: Exclusive = (act) => {
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  return locks ? (locks.request(LOCK, act) as ReturnType<typeof act>) : act();
};

/** The songs that are written when they are kept. */
// Trying a place out writes a file: two pages at once would get in each other's way.
function written(): Promise<ArchiveFolders | undefined> {
  opened ??= exclusive(() => browserFolderStore(PLACE)).then(
    (store) => store && new ArchiveFolders(store, { exclusive }),
  );
  return opened;
}

/** Songs archived in the folders where they were separated; undefined if the browser cannot separate to files. */
function madeInFiles(): Promise<ArchiveFolders | undefined> {
  openedLong ??= longStore().then(
    (store) => (globalThis.navigator?.locks ? new ArchiveFolders(store, { exclusive, whileUnused }) : undefined),
    () => undefined,
  );
  return openedLong;
}

/** All places that there are. */
async function places(): Promise<readonly ArchiveFolders[]> {
  return (await Promise.all([madeInFiles(), written()])).filter((place) => place !== undefined);
}

function pendingFiles(): Promise<PendingFileFolders | undefined> {
  openedPending ??= exclusive(() => browserFolderStore(WAITING_PLACE)).then(
    (store) => store && new PendingFileFolders(store, exclusive),
  );
  return openedPending;
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

/** The memory of a song's arrays that is not shared. */
function ownBuffers({ content, painting }: LoadedArchivedSong): ArrayBuffer[] {
  const arrays = content ? [...content.original, ...content.vocals, content.mask, content.levels] : [];
  // The sound of a painting lies in one array, beside others.
  const buffers = new Set([...arrays, ...(painting?.sound.flat() ?? [])].map(({ buffer }) => buffer));
  return [...buffers].filter((buffer) => buffer instanceof ArrayBuffer);
}

const engine: ArchiveEngine = {
  async list() {
    const songs = await (await written())?.list();
    // Songs in files do not block the others.
    const inFiles = (await (await madeInFiles())?.list().catch(() => undefined)) ?? [];
    return songs && byAge([...songs, ...inFiles]);
  },

  keep(facts, content, source) {
    return outcomeOf(async () => {
      const place = await (content ? written() : madeInFiles());
      if (!place) return undefined;
      const kept = await place.keep(facts, content, source);
      return { ...kept, source: await place.source(facts.id) };
    });
  },

  async load(id) {
    for (const place of await places()) {
      // Shared memory needs no second copy on the page, which plays from it.
      const loaded = await place.load(id, shareChannel);
      if (loaded) return Comlink.transfer(loaded, ownBuffers(loaded));
    }
    throw archivedSongGone();
  },

  async remove(id) {
    for (const place of await places()) await place.remove(id);
  },

  async paint(id, painting) {
    try {
      for (const place of await places()) if (await place.paint(id, painting)) return 'kept';
      return 'unable';
    } catch (error) {
      return isFull(error) ? 'full' : 'unable';
    }
  },

  async retitle(id, title) {
    for (const place of await places()) if (await place.retitle(id, title)) return;
  },

  async keepPending(facts, file) {
    try {
      const files = await pendingFiles();
      if (!files) return 'unable';
      await files.add(facts, file);
      return 'kept';
    } catch (error) {
      return isFull(error) ? 'full' : 'unable';
    }
  },

  async listPending() {
    return (await (await pendingFiles())?.list()) ?? [];
  },

  async removePending(id) {
    await (await pendingFiles())?.remove(id);
  },
};

exposeEngine(engine);
