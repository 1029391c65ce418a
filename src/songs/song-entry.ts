import type { AudioTrack } from '../audio/decode/song-stream.ts';
import type { AudioShape } from '../audio/encode/formats.ts';
import { baseName } from '../core/format.ts';
import type { ModelChoice, Quality } from '../separation/separation-client.ts';
import type { StoreOutcome } from './archive/archive-engine.ts';
import type { ArchiveEntry } from './archive/archive-entry.ts';
import type { PendingSong } from './pending-file-folders.ts';
import type { Progress } from './progress.ts';
import type { SongStorage } from './storage/song-storage.ts';

/** A file to add to the list. */
export interface IncomingSong {
  readonly fileName: string;
  readonly file: Blob;
}

/** The file that a song came from. */
export interface SourceFile {
  readonly blob: Blob;
  /** The file is a pending copy in OPFS, which is deleted when the song is archived. */
  readonly borrowed: boolean;
}

/** Model and quality of a song's current or last separation. */
export interface MadeWith {
  readonly model: ModelChoice;
  /** Undefined where the model has only one, or the separation has not begun. */
  readonly quality: Quality | undefined;
}

/** Whether a separated song is available at the next visit. `bytes`: size on disk. */
export type ArchiveStatus =
  | { readonly kind: 'not-yet' }
  | { readonly kind: 'keeping' }
  | { readonly kind: 'kept'; readonly bytes: number }
  /** Archived, but later painting is not stored yet. */
  | { readonly kind: 'painted'; readonly bytes: number }
  /** Archived, but later painting could not be stored: the page alone has it. */
  | { readonly kind: 'painting-not-kept'; readonly bytes: number }
  /** The browser has no space for it. */
  | { readonly kind: 'full' }
  /** The browser stores nothing, or refused. */
  | { readonly kind: 'unable' };

interface NamedSong {
  readonly id: string;
  /** Shared by all entries that came from one file: they are the same song. */
  readonly sourceId: string;
  /** What it is called on the page: “Artist – Title” or the title by its tags, else its file's name without ending. */
  readonly name: string;
  /** Its cover as a small picture, a data URL; undefined: it has none, or it is not read yet. */
  readonly cover: string | undefined;
  readonly fileName: string;
  /** The audio tracks of its file; empty: not known, as before it is decoded. */
  readonly tracks: readonly AudioTrack[];
  /** The chosen one, from 0 on; undefined: the file's default. */
  readonly track: number | undefined;
  /** What the progress panel shows while the person listens to it. */
  readonly progress: Progress | undefined;
}

/** A song that is not completely separated. */
interface Unfinished extends NamedSong {
  readonly file: SourceFile;
  /** Whether its file is kept until it is separated; undefined: not yet. */
  readonly pending: StoreOutcome | undefined;
  /** Undefined: its separation never began. */
  readonly madeWith: MadeWith | undefined;
  /** Undefined: it was never decoded. */
  readonly shape: AudioShape | undefined;
  /** Undefined: not decoded, or released. */
  readonly storage: SongStorage | undefined;
}

/** A song whose separation can go on: what it has from being decoded on. */
export interface DecodedSong {
  readonly madeWith: MadeWith;
  readonly shape: AudioShape;
  readonly storage: SongStorage;
}

export interface WaitingSong extends Unfinished {
  readonly kind: 'waiting';
}

export interface DecodingSong extends Unfinished {
  readonly kind: 'decoding';
  /** 0 to 1; undefined: not known. */
  readonly part: number | undefined;
}

export interface SeparatingSong extends Unfinished, DecodedSong {
  readonly kind: 'separating';
  readonly madeWith: MadeWith;
  readonly shape: AudioShape;
  readonly storage: SongStorage;
  /** 0 to 1. */
  readonly part: number;
}

export interface FailedSong extends Unfinished {
  readonly kind: 'failed';
  readonly error: unknown;
}

export interface CancelledSong extends Unfinished {
  readonly kind: 'cancelled';
}

/** A separated song in memory or in open files. */
export interface LoadedSong {
  readonly storage: SongStorage;
  readonly file: SourceFile;
}

/** A completely separated song. It is loaded unless it is archived. */
export type DoneSong = NamedSong & {
  readonly kind: 'done';
  readonly madeWith: MadeWith;
  readonly shape: AudioShape;
} & (
    | { readonly archive: Extract<ArchiveStatus, { kind: 'kept' }>; readonly loaded: LoadedSong | undefined }
    | { readonly archive: Exclude<ArchiveStatus, { kind: 'kept' }>; readonly loaded: LoadedSong }
  );

/** An archived song that cannot be read, or is of another version. */
export interface DamagedSong {
  readonly kind: 'damaged';
  readonly id: string;
  /** Size on disk, bytes. */
  readonly bytes: number;
}

/** A song that another page separates. */
export interface SongElsewhere extends NamedSong {
  readonly kind: 'elsewhere';
}

export type UnfinishedSong = WaitingSong | DecodingSong | SeparatingSong | FailedSong | CancelledSong;

/** A song of the list. */
export type SongEntry = UnfinishedSong | DoneSong | DamagedSong | SongElsewhere;

/** A song that was just dropped, pasted or chosen. */
export function newEntry(id: string, { fileName, file }: IncomingSong): WaitingSong {
  return {
    kind: 'waiting',
    id,
    sourceId: id,
    name: baseName(fileName),
    cover: undefined,
    fileName,
    tracks: [],
    track: undefined,
    progress: undefined,
    file: { blob: file, borrowed: false },
    pending: undefined,
    madeWith: undefined,
    shape: undefined,
    storage: undefined,
  };
}

/** A song of this page that waited at the last visit. */
export function pendingEntry(
  { id, fileName, track, file, key }: PendingSong,
  kind: 'waiting' | 'cancelled',
): UnfinishedSong {
  const entry = newEntry(id, { fileName, file });
  return { ...entry, sourceId: key ?? id, kind, track, file: { blob: file, borrowed: true }, pending: 'kept' };
}

/** A song that waits in another page. */
export function elsewhereEntry({ id, fileName, track, key }: PendingSong): SongElsewhere {
  const unknown = { cover: undefined, tracks: [], progress: undefined } as const;
  return { kind: 'elsewhere', id, sourceId: key ?? id, name: baseName(fileName), fileName, track, ...unknown };
}

/** A kept song, before it is loaded. */
export function archivedEntry({ id, song, bytes }: ArchiveEntry): DoneSong | DamagedSong {
  if (!song) return { kind: 'damaged', id, bytes };
  const { name, cover, source, model, quality, sampleRate, channels, samples, tracks = [], track } = song;
  return {
    kind: 'done',
    id,
    sourceId: source.key,
    name,
    cover,
    fileName: source.fileName,
    tracks,
    track,
    progress: undefined,
    madeWith: { model, quality },
    shape: { sampleRate, channels, samples },
    archive: { kind: 'kept', bytes },
    loaded: undefined,
  };
}

/** Whether it is being processed or waits for its turn. */
export function isInWork(song: SongEntry | undefined): song is WaitingSong | DecodingSong | SeparatingSong {
  return song?.kind === 'waiting' || song?.kind === 'decoding' || song?.kind === 'separating';
}

/** Whether it belongs to this page and is not completely separated. */
export function isUnfinished(song: SongEntry | undefined): song is UnfinishedSong {
  return isInWork(song) || song?.kind === 'failed' || song?.kind === 'cancelled';
}

/** Whether it is separated and archived with all its painting. */
export function isKept(song: SongEntry | undefined): boolean {
  return song?.kind === 'done' && song.archive.kind === 'kept';
}

/** Whether it is separated and has nothing of its file's tags: they were not read, or have no title. */
export function isUntitled(song: SongEntry | undefined): song is DoneSong {
  return song?.kind === 'done' && song.cover === undefined && song.name === baseName(song.fileName);
}

/** Whether it is separated and archived, with or without its last painting. */
export function isArchived(song: SongEntry | undefined): boolean {
  return song?.kind === 'done' && 'bytes' in song.archive;
}

/** The model and the quality that are known of a song. */
export function madeWithOf(song: SongEntry): MadeWith | undefined {
  return song.kind === 'damaged' || song.kind === 'elsewhere' ? undefined : song.madeWith;
}

/** Its storage, if it has one. */
export function storageOf(song: SongEntry): SongStorage | undefined {
  if (song.kind === 'done') return song.loaded?.storage;
  return isUnfinished(song) ? song.storage : undefined;
}

/** Its storage, if it can be played: not before its separation has begun. */
export function listenableStorage(song: SongEntry): SongStorage | undefined {
  return madeWithOf(song) && storageOf(song);
}

/** Its source file, if it is loaded. */
export function fileOf(song: SongEntry): SourceFile | undefined {
  if (song.kind === 'done') return song.loaded?.file;
  return isUnfinished(song) ? song.file : undefined;
}
