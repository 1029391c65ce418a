import type { SongEnvironment } from './song-environment.ts';
import type { SongStorage } from './storage/song-storage.ts';

/** Milliseconds after the last stroke that can be heard: while a person paints on, nothing is written. */
const PAUSE_MS = 800;

/** What keeping paintings works with. */
export interface PaintingSaverOptions {
  readonly environment: Pick<SongEnvironment, 'timeout' | 'onHidden'>;
  readonly isKept: (id: string) => boolean;
  /** Writes what is painted on a kept song. Never rejects. */
  readonly save: (id: string, storage: SongStorage) => Promise<void>;
  /** Called when a kept song has changes that are not kept. */
  readonly onDue: (id: string) => void;
  /** Called when they are kept, or could not be. */
  readonly onSaved: (id: string) => void;
}

/** Keeps what a person paints on a kept song, shortly after it can be heard, and at once when the song or the page is left. */
export class PaintingSaver {
  readonly #options: PaintingSaverOptions;
  readonly #writing = new Set<string>();
  #due: { readonly id: string; readonly storage: SongStorage } | undefined;
  #stopTimer: () => void = () => undefined;

  constructor(options: PaintingSaverOptions) {
    this.#options = options;
    options.environment.onHidden(() => this.flush());
  }

  /** Takes note of a change. @param busy It cannot be heard yet. */
  painted(id: string, storage: SongStorage, busy: boolean): void {
    const { environment, isKept, onDue } = this.#options;
    // What is not kept yet is kept with its painting.
    if (!isKept(id) && this.#due?.id !== id && !this.#writing.has(id)) return;
    if (this.#due && this.#due.id !== id) this.flush();
    this.#due = { id, storage };
    onDue(id);
    this.#stopTimer();
    if (!busy) this.#stopTimer = environment.timeout(() => this.flush(), PAUSE_MS);
  }

  /** Keeps at once what is to be kept. */
  flush(): void {
    const due = this.#due;
    this.#stopTimer();
    this.#due = undefined;
    if (due) void this.#save(due.id, due.storage);
  }

  async #save(id: string, storage: SongStorage): Promise<void> {
    this.#writing.add(id);
    await this.#options.save(id, storage);
    this.#writing.delete(id);
    if (this.#due?.id !== id) this.#options.onSaved(id);
  }
}
