import type { KeyValueStore } from '../../player/song-settings.ts';

/** The setting under which the browser keeps the gestures that the person knows. */
const STORED_AS = 'unsung.gestures';

const GESTURES = ['select', 'zoom'] as const;

/** A gesture on the plots that cannot be seen. */
export type Gesture = (typeof GESTURES)[number];

/** The gestures that are still to be hinted at: each until the person has made it once. */
export class GestureHints {
  readonly #storage: KeyValueStore | undefined;
  readonly #known: Set<string>;

  /** @param storage undefined: they are known as long as the page is open */
  constructor(storage: KeyValueStore | undefined) {
    this.#storage = storage;
    this.#known = new Set(storage?.getItem(STORED_AS)?.split(' '));
  }

  get open(): readonly Gesture[] {
    return GESTURES.filter((gesture) => !this.#known.has(gesture));
  }

  /** The person has made a gesture. */
  did(gesture: Gesture): void {
    if (this.#known.has(gesture)) return;
    this.#known.add(gesture);
    try {
      this.#storage?.setItem(STORED_AS, [...this.#known].join(' '));
    } catch {
      // Full, or forbidden in private windows.
    }
  }
}
