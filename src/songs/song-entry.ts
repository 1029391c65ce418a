import type { AudioShape } from '../audio/encode/formats.ts';
import { baseName } from '../core/format.ts';
import type { ModelChoice, Quality } from '../separation/separation-client.ts';
import type { StoreOutcome } from './archive/archive-engine.ts';
import type { ArchiveEntry } from './archive/archive-entry.ts';
import type { PendingSong } from './pending-file-folders.ts';
import type { Progress } from './progress.ts';
import type { SongStorage } from './storage/song-storage.ts';

/** A file on its way to the page. */
export interface IncomingSong {
  readonly fileName: string;
  readonly file: Blob;
}

/** The file that a song came from. */
export interface SourceFile {
  readonly blob: Blob;
  /** It lies in the browser's own file system, and goes from there once the song is kept. */
  readonly borrowed: boolean;
}

/** What a song is, or was last, separated with. */
export interface MadeWith {
  readonly model: ModelChoice;
  /** Undefined where the model has only one, or the separation has not begun. */
  readonly quality: Quality | undefined;
}

/** Whether a separated song will be there at the next visit. `bytes`: what it takes of the disk. */
export type ArchiveStatus =
  | { readonly kind: 'not-yet' }
  | { readonly kind: 'keeping' }
  | { readonly kind: 'kept'; readonly bytes: number }
  /** It is kept; what was painted on it since is not yet. */
  | { readonly kind: 'painted'; readonly bytes: number }
  /** The browser has no room for it. */
  | { readonly kind: 'full' }
  /** The browser keeps nothing, or refused. */
  | { readonly kind: 'unable' };

interface NamedSong {
  readonly id: string;
  /** Shared by all entries that “Separate again” made from one file: they are the same song. */
  readonly sourceId: string;
  /** Name without ending. */
  readonly name: string;
  readonly fileName: string;
  /** What the progress panel shows while the person listens to it. */
  readonly progress: Progress | undefined;
}

/** What is known of a song that is not separated whole. */
interface Unfinished extends NamedSong {
  readonly file: SourceFile;
  /** Whether its file is kept until it is separated; undefined: not yet. */
  readonly pending: StoreOutcome | undefined;
  /** Undefined: its separation never began. */
  readonly madeWith: MadeWith | undefined;
  /** Undefined: it was never decoded. */
  readonly shape: AudioShape | undefined;
  /** Undefined: not decoded, or given back. */
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

/** What is in reach of a separated song. */
export interface LoadedSong {
  readonly storage: SongStorage;
  readonly file: SourceFile;
}

/** A song that is separated whole. What is not kept is in reach. */
export type DoneSong = NamedSong & {
  readonly kind: 'done';
  readonly madeWith: MadeWith;
  readonly shape: AudioShape;
} & (
    | { readonly archive: Extract<ArchiveStatus, { kind: 'kept' }>; readonly loaded: LoadedSong | undefined }
    | { readonly archive: Exclude<ArchiveStatus, { kind: 'kept' }>; readonly loaded: LoadedSong }
  );

/** A song that was kept and cannot be read, or that another version kept. */
export interface DamagedSong {
  readonly kind: 'damaged';
  readonly id: string;
  /** What it takes of the disk. */
  readonly bytes: number;
}

/** A song that another page separates. */
export interface SongElsewhere extends NamedSong {
  readonly kind: 'elsewhere';
}

export type UnfinishedSong = WaitingSong | DecodingSong | SeparatingSong | FailedSong | CancelledSong;

/** A song of the list, with all that is known of it. */
export type SongEntry = UnfinishedSong | DoneSong | DamagedSong | SongElsewhere;

/** A song that was just dropped, pasted or chosen. */
export function newEntry(id: string, { fileName, file }: IncomingSong): WaitingSong {
  return {
    kind: 'waiting',
    id,
    sourceId: id,
    name: baseName(fileName),
    fileName,
    progress: undefined,
    file: { blob: file, borrowed: false },
    pending: undefined,
    madeWith: undefined,
    shape: undefined,
    storage: undefined,
  };
}

/** A song of this page that waited at the last visit. */
export function pendingEntry({ id, fileName, file }: PendingSong, kind: 'waiting' | 'cancelled'): UnfinishedSong {
  return { ...newEntry(id, { fileName, file }), kind, file: { blob: file, borrowed: true }, pending: 'kept' };
}

/** A song that waits in another page. */
export function elsewhereEntry({ id, fileName }: PendingSong): SongElsewhere {
  return { kind: 'elsewhere', id, sourceId: id, name: baseName(fileName), fileName, progress: undefined };
}

/** A kept song, before it is loaded. */
export function archivedEntry({ id, song, bytes }: ArchiveEntry): DoneSong | DamagedSong {
  if (!song) return { kind: 'damaged', id, bytes };
  const { name, source, model, quality, sampleRate, channels, samples } = song;
  return {
    kind: 'done',
    id,
    sourceId: id,
    name,
    fileName: source.fileName,
    progress: undefined,
    madeWith: { model, quality },
    shape: { sampleRate, channels, samples },
    archive: { kind: 'kept', bytes },
    loaded: undefined,
  };
}

/** It is being worked on or waits for its turn. */
export function isInWork(song: SongEntry | undefined): song is WaitingSong | DecodingSong | SeparatingSong {
  return song?.kind === 'waiting' || song?.kind === 'decoding' || song?.kind === 'separating';
}

/** It belongs to this page and is not separated whole. */
export function isUnfinished(song: SongEntry | undefined): song is UnfinishedSong {
  return isInWork(song) || song?.kind === 'failed' || song?.kind === 'cancelled';
}

/** It is separated and kept, with all that was painted on it. */
export function isKept(song: SongEntry | undefined): boolean {
  return song?.kind === 'done' && song.archive.kind === 'kept';
}

/** The model and the quality that are known of a song. */
export function madeWithOf(song: SongEntry): MadeWith | undefined {
  return song.kind === 'damaged' || song.kind === 'elsewhere' ? undefined : song.madeWith;
}

/** Where its sound lies, with what is separated of it. */
export function storageOf(song: SongEntry): SongStorage | undefined {
  if (song.kind === 'done') return song.loaded?.storage;
  return isUnfinished(song) ? song.storage : undefined;
}

/** The same where it can be listened to: a song whose separation never began cannot. */
export function listenableStorage(song: SongEntry): SongStorage | undefined {
  return madeWithOf(song) && storageOf(song);
}

/** The file that it came from, where it is in reach. */
export function fileOf(song: SongEntry): SourceFile | undefined {
  if (song.kind === 'done') return song.loaded?.file;
  return isUnfinished(song) ? song.file : undefined;
}
