import type { Message } from '../core/message.ts';
import type { Quality } from '../separation/separation-client.ts';
import type { SeparationChunk } from '../separation/types.ts';
import type { Progress } from './progress.ts';
import type { KnownSong } from './same-song.ts';
import {
  type DecodedSong,
  type DoneSong,
  fileOf,
  newEntry,
  type SongEntry,
  type UnfinishedSong,
  type WaitingSong,
} from './song-entry.ts';
import type { WorkEnd } from './song-queue.ts';
import type { SongStorage } from './storage/song-storage.ts';

/** A step in the processing of a song. */
export type SongStep =
  /** Seconds are known where the song is decoded piece by piece. */
  | { readonly kind: 'decoding'; readonly doneSeconds?: number; readonly totalSeconds?: number }
  /** The song is decoded and can be played. The storage is a new one if earlier stems cannot be used. */
  | ({ readonly kind: 'decoded'; readonly notes: readonly Message[] } & DecodedSong)
  /** The network is needed now. */
  | { readonly kind: 'needs-engine' }
  /** The separation begins at this quality. */
  | { readonly kind: 'quality'; readonly quality: Quality | undefined }
  /** The chunk is in the storage; its arrays are valid until the step is handled. */
  | {
      readonly kind: 'chunk';
      readonly chunk: SeparationChunk;
      readonly doneSeconds: number;
      readonly totalSeconds: number;
      /** Seconds of the song per second. */
      readonly speed: number;
    }
  | { readonly kind: 'separated'; readonly elapsedSeconds: number; readonly speed: number };

/** The song after a step of the work on it. */
export function afterStep(song: UnfinishedSong, step: SongStep): UnfinishedSong {
  switch (step.kind) {
    case 'decoding': {
      const { doneSeconds, totalSeconds } = step;
      const part = doneSeconds !== undefined && totalSeconds ? Math.min(1, doneSeconds / totalSeconds) : undefined;
      const progress: Progress = { kind: 'decoding', name: song.fileName, doneSeconds, totalSeconds };
      return { ...unfinished(song), kind: 'decoding', part, progress };
    }
    case 'decoded': {
      const { madeWith, shape, storage } = step;
      return { ...unfinished(song), kind: 'separating', part: 0, madeWith, shape, storage, tracks: storage.tracks };
    }
    case 'quality': {
      const { madeWith } = song;
      return madeWith ? { ...song, madeWith: { ...madeWith, quality: step.quality } } : song;
    }
    case 'chunk': {
      if (song.kind !== 'separating') return song;
      const { doneSeconds, totalSeconds, speed } = step;
      return {
        ...song,
        part: doneSeconds / totalSeconds,
        progress: { kind: 'separating', doneSeconds, totalSeconds, speed },
      };
    }
    case 'separated': {
      const { elapsedSeconds, speed } = step;
      return { ...song, progress: { kind: 'done', elapsedSeconds, speed } };
    }
    case 'needs-engine':
      return song;
  }
}

/**
 * The song after the work on it has ended, one way or the other.
 *
 * @param open The storage of the song if it is open; its separated parts can still be played.
 */
export function afterEnd(song: UnfinishedSong, end: WorkEnd, open: SongStorage | undefined): UnfinishedSong | DoneSong {
  if (end.kind === 'requeued') return waiting(song);
  const progress = progressAtEnd(song, end, open);
  if (end.kind === 'failed') return { ...unfinished(song), kind: 'failed', error: end.error, progress };
  if (end.kind === 'cancelled' || song.kind !== 'separating')
    return { ...unfinished(song), kind: 'cancelled', progress };
  const { id, sourceId, name, cover, fileName, tracks, track, madeWith, shape, storage, file } = song;
  const loaded = { storage, file };
  return {
    kind: 'done',
    id,
    sourceId,
    name,
    cover,
    fileName,
    tracks,
    track,
    progress,
    madeWith,
    shape,
    archive: { kind: 'not-yet' },
    loaded,
  };
}

/** The song in the queue again. */
export function waiting(song: UnfinishedSong): WaitingSong {
  return { ...unfinished(song), kind: 'waiting' };
}

/**
 * A new entry of an open song, to separate it again; undefined: its file is not loaded.
 *
 * @param storage the decoded song; undefined: it is decoded again
 */
export function anotherEntry(id: string, song: KnownSong, storage: SongStorage | undefined): WaitingSong | undefined {
  const file = fileOf(song);
  if (!file) return undefined;
  return {
    ...newEntry(id, { fileName: song.fileName, file: file.blob }),
    sourceId: song.sourceId,
    name: song.name,
    cover: song.cover,
    tracks: song.tracks,
    track: song.track,
    file,
    // Files belong to one entry: its vocals would be overwritten.
    storage: storage?.whole && storage.restarted(),
  };
}

/** The song without its storage, if that can be loaded again. */
export function withoutStorage(song: SongEntry): SongEntry {
  if (song.kind === 'done' && song.archive.kind === 'kept') {
    return { ...song, archive: song.archive, loaded: undefined };
  }
  if (song.kind === 'failed' || song.kind === 'cancelled') return { ...song, storage: undefined };
  return song;
}

function progressAtEnd(song: UnfinishedSong, end: WorkEnd, open: SongStorage | undefined): Progress | undefined {
  const separated = song.progress?.kind === 'done' ? song.progress : undefined;
  if (!open) return end.kind === 'done' ? song.progress : undefined;
  if (open.complete) return separated;
  const { separatedSamples, samples, sampleRate } = open;
  return { kind: 'cancelled', doneSeconds: separatedSamples / sampleRate, totalSeconds: samples / sampleRate };
}

/** What all unfinished songs have. */
function unfinished(song: UnfinishedSong) {
  const { id, sourceId, name, cover, fileName, tracks, track, progress, file, pending, madeWith, shape, storage } =
    song;
  return { id, sourceId, name, cover, fileName, tracks, track, progress, file, pending, madeWith, shape, storage };
}
