import { type AudioTrack, defaultTrack } from '../audio/decode/song-stream.ts';
import type { ModelChoice, Quality } from '../separation/separation-client.ts';
import type { StorageSpace } from './archive/song-archive.ts';
import type { Progress } from './progress.ts';
import type { KnownSong } from './same-song.ts';
import { fileOf, isInWork, isKept, isUnfinished, listenableStorage, madeWithOf, type SongEntry } from './song-entry.ts';
import type { SongQueue } from './song-queue.ts';
import type { SongStorage } from './storage/song-storage.ts';

/** A song in the list. */
export interface SongRow {
  readonly song: SongEntry;
  /** It is the one that is open. */
  readonly open: boolean;
  /** It is the one that is worked on. */
  readonly active: boolean;
}

/** The song that is open for listening. */
export interface OpenSong {
  readonly song: KnownSong;
  /**
   * What is heard. The entry may have begun a new separation already: its storage replaces this one with its first
   * chunk.
   */
  readonly storage: SongStorage;
  /** What the storage is separated with. */
  readonly model: ModelChoice;
  readonly quality: Quality | undefined;
  /** It is being worked on or waits for its turn: the missing pieces will come. */
  readonly working: boolean;
  /** The audio tracks to choose from; empty: there is no choice. */
  readonly tracks: readonly AudioTrack[];
  /** The chosen one, from 0 on, which may still be on its way; undefined: not known. */
  readonly track: number | undefined;
}

/** The state of the songs, for views. */
export interface SongsState {
  /** In the order of the list. */
  readonly rows: readonly SongRow[];
  readonly open: OpenSong | undefined;
  /** Id of the song that the person listens to, or wants to; undefined: of none. */
  readonly wanted: string | undefined;
  /** Of the song that the person listens to, or wants to. */
  readonly progress: Progress | undefined;
  /** Undefined: the browser does not say. */
  readonly space: StorageSpace | undefined;
  /** A song is being opened or separated. */
  readonly busy: boolean;
  /** Whether closing the page now would lose something. */
  readonly unkept: boolean;
}

/** What the state is made of. */
export interface SongsParts {
  readonly songs: ReadonlyMap<string, SongEntry>;
  readonly queue: Pick<SongQueue, 'ids' | 'active' | 'busy'>;
  readonly open: { readonly id: string; readonly storage: SongStorage; readonly model: ModelChoice } | undefined;
  readonly focus: string | undefined;
  readonly space: StorageSpace | undefined;
}

/** The state as it is now. */
export function songsState({ songs, queue, open, focus, space }: SongsParts): SongsState {
  const { active, busy } = queue;
  const listed = queue.ids.flatMap((id) => songs.get(id) ?? []);
  const focused = focus === undefined ? undefined : songs.get(focus);
  const isLost = (song: SongEntry) => listenableStorage(song) !== undefined && !isKept(song);
  return {
    rows: listed.map((song) => ({ song, open: song.id === open?.id, active: song.id === active })),
    open: open && openSong(open, songs.get(open.id), focused),
    wanted: focus,
    progress: focused && 'progress' in focused ? focused.progress : undefined,
    space,
    busy,
    unkept: busy || listed.some(isLost),
  };
}

function openSong(
  { storage, model }: NonNullable<SongsParts['open']>,
  song: SongEntry | undefined,
  focused: SongEntry | undefined,
): OpenSong | undefined {
  if (song?.kind !== 'done' && !isUnfinished(song)) return undefined;
  const tracks = fileOf(song) && song.tracks.length > 1 ? song.tracks : [];
  const isWanted = focused && 'sourceId' in focused && focused.sourceId === song.sourceId;
  const { track = defaultTrack(song.tracks)?.index } = isWanted ? focused : song;
  return { song, storage, model, quality: madeWithOf(song)?.quality, working: isInWork(song), tracks, track };
}
