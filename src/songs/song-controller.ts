import { Emitter } from '../core/emitter.ts';
import type { Scope } from '../core/scope.ts';
import { FileKeys } from './file-key.ts';
import { Listening } from './listening.ts';
import type { Progress } from './progress.ts';
import { SeparateAgain } from './separate-again.ts';
import type { SongControllerOptions } from './song-controller-options.ts';
import { type IncomingSong, isUnfinished, type LoadedSong, listenableStorage, type SongEntry } from './song-entry.ts';
import type { SongEvents } from './song-events.ts';
import { type SongAdditions, SongIntake } from './song-intake.ts';
import { SongPersistence } from './song-persistence.ts';
import { SongQueue, type WorkEnd } from './song-queue.ts';
import { afterEnd, waiting } from './song-transitions.ts';
import { isFilesFault, SongWork } from './song-work.ts';
import { type SongsState, songsState } from './songs-state.ts';
import type { SongStorage } from './storage/song-storage.ts';
import { TagReader } from './tags/tag-reader.ts';

/**
 * The songs of the page: decodes and separates them one after the other, stores them in the browser, and knows which one
 * is open for listening. The song that the user listens to is processed first. The open song stays open until the next
 * one is decoded, so that a failure or a cancellation before that loses nothing.
 *
 * @example
 * const songs = new SongController(scope, options);
 * songs.on('change', () => show(songs.state));
 * await songs.add([{ fileName: 'Song.mp3', file }]);
 */
export class SongController extends Emitter<SongEvents> {
  /** Resolves when the songs of earlier visits are in the list. */
  readonly recalled: Promise<void>;
  readonly #songs = new Map<string, SongEntry>();
  readonly #queue: SongQueue;
  readonly #kept: SongPersistence;
  readonly #listening: Listening;
  readonly #work: SongWork;
  readonly #keys = new FileKeys();
  readonly #intake: SongIntake;
  readonly #again: SeparateAgain;
  #state: SongsState | undefined;

  constructor(scope: Scope, options: SongControllerOptions) {
    super();
    const songs = this.#songs;
    const onChange = () => this.#changed();
    const notice = (said: SongEvents['notice'][0]) => this.emit('notice', said);
    this.#queue = new SongQueue(async (id, turn) => {
      await this.#intake.checked(id);
      turn.signal.throwIfAborted();
      await this.#work.run(id, turn);
    });
    const queue = this.#queue;
    this.#listening = new Listening({
      songs,
      queue,
      onChange,
      onClose: () => this.#kept.flush(),
      readArchived: (id, original) => this.#kept.read(id, original),
    });
    this.#work = new SongWork({
      tools: { ...options, now: options.environment.now },
      songs,
      freeSpace: (id) => this.#kept.freeSpace(id),
      onDecoded: (song) => {
        // The same song, separated anew, waits for its first piece.
        if (!this.#listening.isOpenAs(song)) this.#listening.put(song.id);
      },
      onChunk: (song, chunk) => {
        this.#listening.put(song.id);
        const { open } = this.#listening;
        if (open && open.storage === song.storage) this.emit('chunk', open.storage, chunk);
      },
      onChange,
      notice,
    });
    const tags = new TagReader({ songs, readTags: options.readTags, onChange });
    this.#kept = new SongPersistence(scope, {
      ...options,
      songs,
      queue,
      tags,
      keys: this.#keys,
      openId: () => this.#listening.open?.id,
      drop: (id) => void this.#listening.drop(id),
      onKept: (id) => this.#listening.release(id),
      onSettled: (song) => this.emit('ended', song),
      onChange,
      notice,
    });
    scope.add(queue.on('end', (id, end) => this.#ended(id, end)));
    scope.add(queue.on('change', onChange));
    scope.add(() => queue.cancelAll());
    const additions: SongAdditions = {
      songs,
      queue,
      keys: this.#keys,
      listening: this.#listening,
      client: options.client,
      newId: options.environment.newId,
      onAttempt: () => this.emit('attempt'),
      listen: (id) => this.listen(id),
      retry: (id) => this.retry(id),
      keepFile: (song) => void this.#kept.keepFile(song),
    };
    this.recalled = this.#kept.refresh();
    this.#intake = new SongIntake({
      ...additions,
      tags,
      onAdded: (count) => this.emit('added', count),
      notice,
      recalled: this.recalled,
    });
    this.#again = new SeparateAgain({
      ...additions,
      open: () => this.state.open,
      remove: (id) => this.remove(id),
    });
  }

  /** The current state. The same object until something changes. */
  get state(): SongsState {
    const { open, focus } = this.#listening;
    this.#state ??= songsState({ songs: this.#songs, queue: this.#queue, open, focus, space: this.#kept.space });
    return this.#state;
  }

  /**
   * Adds songs. A single song is opened for listening, and so is the first of several if none is open; the others wait in
   * the list. Songs that are already in the list are not added again. Resolves when this is known for all of them.
   */
  add(incoming: readonly IncomingSong[]): Promise<void> {
    return this.#intake.add(incoming);
  }

  /**
   * Opens a song of the list for listening as soon as it can be played. Never rejects.
   *
   * @returns whether it was opened without a separation
   */
  async listen(id: string): Promise<boolean> {
    const song = this.#songs.get(id);
    if (!song) return false;
    this.emit('attempt');
    if (song.kind === 'elsewhere') {
      this.emit('notice', { kind: 'elsewhere', name: song.name });
      return false;
    }
    const listening = this.#listening;
    listening.focus = id;
    if (listening.open?.id === id) return false;
    if (!listenableStorage(song) && song.kind !== 'done' && song.kind !== 'damaged') {
      this.retry(id);
      return false;
    }
    try {
      await listening.bring(id);
      return true;
    } catch (error) {
      this.emit('notice', { kind: 'error', error });
      if (listening.focus === id) listening.focus = listening.open?.id;
      void this.#kept.refresh();
      return false;
    }
  }

  /** Loads another result of the open song and keeps it loaded: see Listening. @throws UnsungError if it is damaged */
  hold(id: string): Promise<SongStorage | undefined> {
    return this.#listening.hold(id);
  }

  /** Moves a song to another place, 0 being the first. */
  move(id: string, to: number): void {
    this.#queue.move(id, to);
  }

  /** Cancels the work on a song. Default: the song that the user listens to, or wants to. */
  cancel(id = this.#listening.focus): void {
    if (id !== undefined) this.#queue.cancel(id);
  }

  /** Cancels the work on all songs. */
  cancelAll(): void {
    this.#queue.cancelAll();
  }

  /** Queues a failed or cancelled song again. */
  retry(id: string): void {
    const song = this.#songs.get(id);
    if (song?.kind !== 'failed' && song?.kind !== 'cancelled') return;
    this.emit('attempt');
    this.#songs.set(id, waiting(song));
    this.#queue.start(id);
  }

  /** Continues the separation of the open song after it was cancelled or failed. */
  finish(): void {
    const { open } = this.#listening;
    if (!open) return;
    this.#listening.focus = open.id;
    this.retry(open.id);
  }

  /**
   * Separates the open song again with the chosen model and quality, as another entry, or opens the entry that was. The
   * open entry stays open until the first new piece. @returns whether it is separated
   */
  again(): Promise<boolean> {
    return this.#again.again();
  }

  /**
   * Separates another audio track of the open song's file, as another entry, or opens the entry of that track. The open
   * entry stays open until then. Never rejects.
   *
   * @param index one of the open song's `tracks`
   */
  chooseTrack(index: number): Promise<void> {
    return this.#again.chooseTrack(index);
  }

  /** Removes a song from the list and from the disk. Never rejects. */
  async remove(id: string): Promise<void> {
    const song = this.#songs.get(id);
    if (!song || song.kind === 'elsewhere') return;
    const listening = this.#listening;
    const given = listening.drop(id);
    if (listening.focus === id || listening.focus === undefined) listening.focus = listening.open?.id;
    try {
      await this.#kept.remove(song);
    } catch (error) {
      this.emit('notice', { kind: 'error', error });
    }
    await given;
    // Songs that found no space may fit now.
    this.#kept.spaceFreed();
  }

  /** Sets the loading step of the engine; undefined: it is ready. Shown if the user waits for it. */
  engineStep(step: Progress | undefined): void {
    this.#work.engineStep(step);
  }

  /** Records a painted change. @param busy it is not rendered yet */
  painted(id: string, storage: SongStorage, busy: boolean): void {
    this.#kept.painted(id, storage, busy);
  }

  /** Keeps a storage open until the returned function is called, even if the song is closed or removed meanwhile. */
  use(storage: SongStorage): () => void {
    return this.#listening.use(storage);
  }

  /** Reports that the open song cannot be played. */
  cannotOpen(storage: SongStorage, error: unknown): void {
    if (this.#listening.open?.storage !== storage) return;
    this.emit('notice', { kind: 'error', error });
    this.close();
  }

  /** Closes the open song, and gives up one that is being opened. They stay in the list. */
  close(): void {
    this.#listening.close();
    this.#listening.focus = undefined;
  }

  /** A separated song to read once: see Listening. @throws UnsungError where it cannot be read */
  read(id: string): Promise<LoadedSong & { readonly release: () => void }> {
    return this.#listening.read(id);
  }

  #ended(id: string, end: WorkEnd): void {
    const before = this.#songs.get(id);
    if (!isUnfinished(before)) return;
    this.#work.ended(id);
    const { open, focus } = this.#listening;
    if (end.kind === 'failed') {
      const otherOpen = open !== undefined && open.id !== id;
      if (focus === id) this.emit('notice', { kind: 'failed', error: end.error, otherOpen });
      if (isFilesFault(end.error)) this.#kept.dropFile(id);
    }
    const song = afterEnd(before, end, open?.id === id ? open.storage : undefined);
    this.#songs.set(id, song);
    if (song.kind === 'done') void this.#kept.keep(id);
    if (song.kind === 'done' || song.kind === 'failed') this.emit('ended', song);
    if (end.kind === 'requeued') return;
    this.#listening.release(id);
    // With nothing else to listen to, the next one that is made is opened.
    if (focus === id && open?.id !== id && end.kind !== 'done') {
      this.#listening.focus = open?.id ?? (end.kind === 'failed' ? this.#queue.active : undefined);
    }
  }

  #changed(): void {
    this.#state = undefined;
    this.#kept.keepOrder(this.state.rows.map(({ song }) => song));
    this.emit('change');
  }
}
