import type { SongEnvironment } from './song-environment.ts';
import type { SongStorage } from './storage/song-storage.ts';

/** Milliseconds to wait after the last rendered stroke: nothing is written while the user keeps painting. */
const PAUSE_MS = 800;

/** What keeping paintings works with. */
export interface PaintingSaverOptions {
  readonly environment: Pick<SongEnvironment, 'timeout' | 'onHidden'>;
  readonly isArchived: (id: string) => boolean;
  /** Writes what is painted on an archived song. Never rejects. @returns whether it is kept */
  readonly save: (id: string, storage: SongStorage) => Promise<boolean>;
  /** Called when an archived song has changes that are not kept. */
  readonly onDue: (id: string) => void;
  /** Called when the last changes are kept, or could not be. */
  readonly onSaved: (id: string, kept: boolean) => void;
}

/**
 * Stores the painting of an archived song shortly after it was rendered, and at once when the song or the page is left.
 */
export class PaintingSaver {
  readonly #options: PaintingSaverOptions;
  #due: { readonly id: string; readonly storage: SongStorage } | undefined;
  #stopTimer: () => void = () => undefined;

  constructor(options: PaintingSaverOptions) {
    this.#options = options;
    options.environment.onHidden(() => this.flush());
  }

  /** Records a change. @param busy it is not rendered yet */
  painted(id: string, storage: SongStorage, busy: boolean): void {
    const { environment, isArchived, onDue } = this.#options;
    // A song that is not archived yet is archived with its painting.
    if (!isArchived(id)) return;
    if (this.#due && this.#due.id !== id) this.flush();
    this.#due = { id, storage };
    onDue(id);
    this.#stopTimer();
    if (!busy) this.#stopTimer = environment.timeout(() => this.flush(), PAUSE_MS);
  }

  /** Stores outstanding changes at once. */
  flush(): void {
    const due = this.#due;
    this.#stopTimer();
    this.#due = undefined;
    if (due) void this.#save(due.id, due.storage);
  }

  async #save(id: string, storage: SongStorage): Promise<void> {
    const kept = await this.#options.save(id, storage);
    if (this.#due?.id !== id) this.#options.onSaved(id, kept);
  }
}
