import type { Scope } from '../core/scope.ts';
import type { SongArchive } from './archive/song-archive.ts';
import type { SongEntry } from './song-entry.ts';

/** Milliseconds after the last stroke that can be heard: a person who paints on is not waited upon. */
const PAUSE_MS = 800;

/** Keeps what a person paints on a kept song, shortly after it can be heard, and at once when the song or the page is left. */
export class PaintingSaver {
  readonly #scope: Scope;
  readonly #keeper: SongArchive;
  readonly #onKept: (song: SongEntry) => void;
  readonly #writing = new Set<SongEntry>();
  #due: SongEntry | undefined;
  #stopTimer: () => void = () => undefined;

  /** @param onKept Called when a song's painting is kept, or could not be. */
  constructor(scope: Scope, keeper: SongArchive, onKept: (song: SongEntry) => void) {
    this.#scope = scope;
    this.#keeper = keeper;
    this.#onKept = onKept;
    scope.listen(document, 'visibilitychange', () => {
      if (document.hidden) this.flush();
    });
  }

  /** Takes note of a change. @param busy It cannot be heard yet. */
  painted(song: SongEntry, busy: boolean): void {
    // What is not kept yet is kept with its painting.
    if (song.keeping !== 'kept' && this.#due !== song && !this.#writing.has(song)) return;
    if (this.#due && this.#due !== song) this.flush();
    this.#due = song;
    this.#keeper.mark(song, 'keeping');
    this.#stopTimer();
    if (!busy) this.#stopTimer = this.#scope.timeout(() => this.flush(), PAUSE_MS);
  }

  /** Keeps at once what is to be kept. */
  flush(): void {
    const song = this.#due;
    this.#stopTimer();
    this.#due = undefined;
    if (!song) return;
    this.#writing.add(song);
    void this.#keeper.paint(song).then(() => {
      this.#writing.delete(song);
      if (this.#due === song) return;
      this.#keeper.mark(song, 'kept');
      this.#onKept(song);
    });
  }
}
