import { subtractChannels } from '../../audio/subtract.ts';
import { type Passage, VocalActivity } from '../../player/vocal-activity.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';

/** Samples read at once. */
const PIECE = 2 ** 19;

/** The storage of a song, as far as singing is looked for in it. */
export type SungStorage = Pick<SongStorage, 'sampleRate' | 'samples' | 'doneSamples' | 'read' | 'release'>;

/** Finds the first singing in what is separated of a song from its beginning on. */
export class FirstSinging {
  readonly #store: SungStorage;
  readonly #activity: VocalActivity;
  #readTo = 0;

  constructor(store: SungStorage) {
    this.#store = store;
    this.#activity = new VocalActivity(store.sampleRate, store.samples);
  }

  /** Reads what was separated since the last call, and no further than a piece with singing; undefined: none yet. */
  async find(): Promise<Passage | undefined> {
    const store = this.#store;
    while (this.#readTo < store.doneSamples && this.#activity.passages().length === 0) {
      const start = this.#readTo;
      const end = Math.min(store.doneSamples, start + PIECE);
      this.#readTo = end;
      const { original, vocals } = await store.read(start, end);
      const accompaniment = subtractChannels(original, vocals);
      this.#activity.take(start, vocals, accompaniment);
      store.release([...original, ...vocals]);
    }
    return this.#activity.passages()[0];
  }
}
