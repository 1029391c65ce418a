import { Emitter } from '../../core/emitter.ts';
import type { KeyValueStore } from '../../player/song-settings.ts';
import { SPECTROGRAM_KINDS, type SpectrogramKind } from './spectrogram-image.ts';

/** The setting under which the browser keeps the layout. */
const STORED_AS = 'unsung.spectrograms';

/** Limits of a spectrogram's height, CSS pixels. */
export const MIN_HEIGHT = 64;
export const MAX_HEIGHT = 720;

interface Stored {
  readonly hidden: readonly SpectrogramKind[];
  readonly heights: Readonly<Partial<Record<SpectrogramKind, number>>>;
}

/**
 * Which spectrograms are shown, how high each is, and which one fills the window. Shown kinds and heights are stored.
 *
 * @example
 * const layout = new SpectrogramLayout(localStorage);
 * layout.show('difference', false);
 * layout.setHeight('mask', 300);
 */
export class SpectrogramLayout extends Emitter<{ change: [] }> {
  readonly #storage: KeyValueStore | undefined;
  readonly #hidden: Set<SpectrogramKind>;
  readonly #heights: Map<SpectrogramKind, number>;
  #filling: SpectrogramKind | undefined;

  /** @param storage undefined: the layout lasts as long as the page */
  constructor(storage: KeyValueStore | undefined) {
    super();
    this.#storage = storage;
    const { hidden, heights } = parse(storage?.getItem(STORED_AS));
    this.#hidden = new Set(hidden);
    this.#heights = new Map(Object.entries(heights) as [SpectrogramKind, number][]);
  }

  /** The kinds that are shown, in their order. */
  get shown(): readonly SpectrogramKind[] {
    return SPECTROGRAM_KINDS.filter((kind) => !this.#hidden.has(kind));
  }

  /** Shows or hides a kind. The last one stays. */
  show(kind: SpectrogramKind, on: boolean): void {
    if (on === !this.#hidden.has(kind) || (!on && this.shown.length === 1)) return;
    if (on) this.#hidden.delete(kind);
    else this.#hidden.add(kind);
    if (this.#filling === kind) this.#filling = undefined;
    this.#changed();
  }

  /** Height in CSS pixels; undefined: as the style sheet has it. */
  heightOf(kind: SpectrogramKind): number | undefined {
    return this.#heights.get(kind);
  }

  /** Sets the height, within its limits; undefined: as the style sheet has it. */
  setHeight(kind: SpectrogramKind, height: number | undefined): void {
    const within = height === undefined ? undefined : Math.round(Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, height)));
    if (within === this.#heights.get(kind)) return;
    if (within === undefined) this.#heights.delete(kind);
    else this.#heights.set(kind, within);
    this.#changed();
  }

  /** The one that fills the window. */
  get filling(): SpectrogramKind | undefined {
    return this.#filling;
  }

  /** Lets a spectrogram that is shown fill the window; undefined: none. */
  set filling(kind: SpectrogramKind | undefined) {
    if (kind === this.#filling || (kind && this.#hidden.has(kind))) return;
    this.#filling = kind;
    this.emit('change');
  }

  #changed(): void {
    const stored: Stored = { hidden: [...this.#hidden], heights: Object.fromEntries(this.#heights) };
    try {
      this.#storage?.setItem(STORED_AS, JSON.stringify(stored));
    } catch {
      // Full, or forbidden in private windows.
    }
    this.emit('change');
  }
}

/** Reads what was stored; what is missing or invalid is left out. */
function parse(text: string | null | undefined): Stored {
  let read: Partial<Record<keyof Stored, unknown>> = {};
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value === 'object' && value !== null) read = value;
  } catch {
    // Not valid JSON: the defaults apply.
  }
  const { hidden, heights } = read;
  const isHeight = (height: unknown) => typeof height === 'number' && height >= MIN_HEIGHT && height <= MAX_HEIGHT;
  const known = SPECTROGRAM_KINDS.filter((kind) => Array.isArray(hidden) && hidden.includes(kind));
  const given = Object.entries(typeof heights === 'object' && heights !== null ? heights : {});
  return {
    hidden: known.length < SPECTROGRAM_KINDS.length ? known : [],
    heights: Object.fromEntries(
      given.filter(([kind, height]) => (SPECTROGRAM_KINDS as readonly string[]).includes(kind) && isHeight(height)),
    ),
  };
}
