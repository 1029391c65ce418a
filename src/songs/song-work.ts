import { AudioDecodeError, LongSongError } from '../core/errors.ts';
import type { SeparationChunk } from '../separation/types.ts';
import { inMemory } from './pending-files.ts';
import type { Progress } from './progress.ts';
import { type SongTools, separateSong } from './separate-song.ts';
import { isUnfinished, type SongEntry, type UnfinishedSong } from './song-entry.ts';
import type { SongNotice } from './song-events.ts';
import type { Turn } from './song-queue.ts';
import { inMemoryOf } from './song-results.ts';
import { afterStep, type SongStep } from './song-transitions.ts';

/** Longer songs take minutes and gigabytes: the page warns at once. */
const WARN_SECONDS = 3 * 3600;

/** What the work on songs works with. */
export interface SongWorkOptions {
  readonly tools: SongTools;
  readonly songs: Map<string, SongEntry>;
  /** Makes space on the disk for a song. @returns whether there is more now */
  readonly freeSpace: (id: string) => Promise<boolean>;
  /** A song can be listened to. */
  readonly onDecoded: (song: UnfinishedSong) => void;
  readonly onChunk: (song: UnfinishedSong, chunk: SeparationChunk) => void;
  readonly onChange: () => void;
  readonly notice: (notice: SongNotice) => void;
}

/** Processes songs and updates their entries. */
export class SongWork {
  readonly #options: SongWorkOptions;
  #engineStep: Progress | undefined;
  /** The song whose separation waits for the engine. */
  #waitsForEngine: string | undefined;

  constructor(options: SongWorkOptions) {
    this.#options = options;
  }

  /** Decodes and separates a song. @throws as separateSong */
  async run(id: string, turn: Turn): Promise<void> {
    const { songs, tools, freeSpace } = this.#options;
    const found = songs.get(id);
    if (!isUnfinished(found)) return;
    const file = await inMemory(found.file);
    turn.signal.throwIfAborted();
    const song = { ...(songs.get(id) as UnfinishedSong), file };
    songs.set(id, song);
    const { fileName, track, madeWith } = song;
    // Another separation of the file has it decoded.
    const storage = song.storage ?? inMemoryOf(songs.values(), song)?.restarted();
    const task = { id, fileName, file: file.blob, track, storage, madeWith, freeSpace: () => freeSpace(id) };
    let warned = false;
    await separateSong(task, turn, tools, (step) => {
      // The turn was ended from outside, which has set the song's state.
      if (turn.signal.aborted) return;
      this.#step(id, step);
      if (warned || step.kind !== 'decoding' || !step.totalSeconds || step.totalSeconds < WARN_SECONDS) return;
      warned = true;
      this.#options.notice({ kind: 'very-long', hours: Math.round(step.totalSeconds / 3600) });
    });
  }

  /** Sets the loading step of the engine; undefined: it is ready. Shown if the user waits for it. */
  engineStep(step: Progress | undefined): void {
    this.#engineStep = step;
    if (step && this.#waitsForEngine !== undefined) this.#show(this.#waitsForEngine, step);
  }

  /** Takes note that the work on a song has ended. */
  ended(id: string): void {
    if (this.#waitsForEngine === id) this.#waitsForEngine = undefined;
  }

  #step(id: string, step: SongStep): void {
    const { songs, onDecoded, onChunk, onChange, notice } = this.#options;
    const before = songs.get(id);
    if (!isUnfinished(before)) return;
    const song = afterStep(before, step);
    songs.set(id, song);
    switch (step.kind) {
      case 'decoded':
        for (const note of step.notes) notice({ kind: 'decoded', note });
        onDecoded(song);
        break;
      case 'needs-engine':
        this.#waitsForEngine = id;
        this.#show(id, this.#engineStep ?? { kind: 'starting' });
        break;
      case 'chunk':
        this.ended(id);
        onChunk(song, step.chunk);
        break;
    }
    onChange();
  }

  #show(id: string, progress: Progress): void {
    const { songs, onChange } = this.#options;
    const song = songs.get(id);
    if (!isUnfinished(song)) return;
    songs.set(id, { ...song, progress });
    onChange();
  }
}

/**
 * Whether the song's file caused the error, so that it would fail again at each visit, also where the browser has a copy.
 * A full disk does not.
 */
export function isFilesFault(error: unknown): boolean {
  if (error instanceof AudioDecodeError) return error.code !== 'audio.unreadable';
  return error instanceof LongSongError && error.code === 'long-song.too-long';
}
