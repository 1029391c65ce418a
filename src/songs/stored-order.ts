import type { SongEntry } from './song-entry.ts';
import type { SongEnvironment } from './song-environment.ts';

const STORED_AS = 'unsung.order';

interface Kept {
  readonly ids: readonly string[];
  readonly cancelled: readonly string[];
}

/** Order of the songs and ids of cancelled ones, stored for the next visit and shared with other pages. */
export class StoredOrder {
  readonly #environment: Pick<SongEnvironment, 'readSetting' | 'writeSetting' | 'onOthersSetting'>;
  #last = '';

  constructor(environment: Pick<SongEnvironment, 'readSetting' | 'writeSetting' | 'onOthersSetting'>) {
    this.#environment = environment;
  }

  /** Ids in their order. */
  get ids(): readonly string[] {
    return this.#read().ids;
  }

  /** Ids of songs that are not separated automatically. */
  get cancelled(): readonly string[] {
    return this.#read().cancelled;
  }

  /** Stores the order if it has changed. */
  keep(songs: readonly SongEntry[]): void {
    const before = this.cancelled;
    const isCancelled = ({ id, kind }: SongEntry) =>
      // The owner of the song knows whether it was cancelled.
      kind === 'cancelled' || kind === 'failed' || (kind === 'elsewhere' && before.includes(id));
    const kept: Kept = {
      ids: songs.map(({ id }) => id),
      cancelled: songs.filter(isCancelled).map(({ id }) => id),
    };
    const json = JSON.stringify(kept);
    if (json === this.#last) return;
    this.#last = json;
    this.#environment.writeSetting(STORED_AS, json);
  }

  /** Calls back when another page has changed the order. */
  onOthers(callback: () => void): void {
    this.#environment.onOthersSetting((name) => {
      if (name === STORED_AS) callback();
    });
  }

  #read(): Kept {
    try {
      const { ids, cancelled } = JSON.parse(this.#environment.readSetting(STORED_AS) ?? '') as Partial<
        Record<string, unknown>
      >;
      return { ids: strings(ids), cancelled: strings(cancelled) };
    } catch {
      return { ids: [], cancelled: [] };
    }
  }
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
