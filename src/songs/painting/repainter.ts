import { type MaskedPiece, type MaskedSong, renderMaskedSpan } from '../../separation/render-masked.ts';
import type { FilterFacts } from '../../separation/stem-filter.ts';
import type { SongStorage } from '../storage/song-storage.ts';
import { ONE } from '../storage/spectrogram-cells.ts';
import { type MaskEdit, NEIGHBOURS } from './mask-edit.ts';

/** Mask frames rendered at once: two seconds with the `paper` model. */
const FRAMES_AT_ONCE = 24;

/** What repainting works with. */
export interface RepainterOptions {
  readonly store: SongStorage;
  readonly facts: FilterFacts;
  /** Renders samples with the painted mask: render-masked-client.ts. */
  readonly renderMasked: (song: MaskedSong, piece: MaskedPiece) => Promise<readonly Float32Array[]>;
  /** Position of the player, seconds: changes near it are rendered first. */
  readonly playhead: () => number;
  /** Called when vocals in these samples of the storage have changed. */
  readonly onSamples: (start: number, end: number) => void;
  /** Called when rendering of changes starts and when all changes are rendered. */
  readonly onBusy?: (busy: boolean) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Keeps a song's vocals consistent with its painted mask: renders changed frames again, from the playhead on, piece by
 * piece.
 */
export class Repainter {
  readonly edit: MaskEdit;
  readonly #options: RepainterOptions;
  readonly #song: MaskedSong;
  /** 1 for each frame whose vocals do not match its mask yet. */
  readonly #due: Uint8Array;
  readonly #stop: () => void;
  #working = false;
  #done: Promise<void> = Promise.resolve();

  /** @throws Error where nothing of the song is separated yet */
  constructor(options: RepainterOptions) {
    const { store, facts } = options;
    if (!store.edit) throw new Error('Nothing is separated yet.');
    this.edit = store.edit;
    const { scale } = this.edit.kept;
    this.#options = options;
    this.#song = { sampleRate: store.sampleRate, samples: store.samples, facts, scale };
    this.#due = new Uint8Array(scale.frames);
    this.#stop = this.edit.on('changed', (from, to) => {
      for (let frame = from; frame < to; frame++) if (this.#canMake(frame)) this.#due[frame] = 1;
      this.#start();
    });
  }

  /** Whether a painted change is not rendered yet. */
  get busy(): boolean {
    return this.#working;
  }

  /** Resolves when all changes are rendered. */
  idle(): Promise<void> {
    return this.#done;
  }

  /** Ignores further changes; outstanding ones are still rendered. */
  dispose(): void {
    this.#stop();
  }

  /** Whether the frame and its neighbours are separated. They may not be in memory any more. */
  #canMake(frame: number): boolean {
    const { frames } = this.edit.kept.scale;
    return this.#options.store.hasColumns(Math.max(0, frame - NEIGHBOURS), Math.min(frames, frame + NEIGHBOURS + 1));
  }

  #start(): void {
    if (!this.#working) {
      this.#working = true;
      this.#done = this.#work();
    }
    this.#options.store.changing(this.#done);
  }

  async #work(): Promise<void> {
    this.#options.onBusy?.(true);
    try {
      for (let next = this.#next(); next; next = this.#next()) await this.#make(...next);
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#working = false;
      this.#options.onBusy?.(false);
    }
  }

  /** The next changed frames: those at or after the playhead first, then from the beginning. */
  #next(): [from: number, to: number] | undefined {
    const { frameSeconds } = this.#song.scale;
    const here = Math.max(0, Math.floor(this.#options.playhead() / frameSeconds) - 1);
    const after = this.#due.indexOf(1, here);
    const from = after >= 0 ? after : this.#due.indexOf(1);
    if (from < 0) return undefined;
    let to = from + 1;
    while (to < this.#due.length && this.#due[to] && to - from < FRAMES_AT_ONCE) to++;
    return [from, to];
  }

  async #make(from: number, to: number): Promise<void> {
    const { store, renderMasked, onSamples } = this.#options;
    const { bins } = this.#song.scale;
    this.#due.fill(0, from, to);
    const span = renderMaskedSpan(this.#song, from, to);
    await this.edit.kept.load(span.maskFrom, span.maskTo);
    const mask = new Float32Array((span.maskTo - span.maskFrom) * bins);
    for (let frame = span.maskFrom, at = 0; frame < span.maskTo; frame++) {
      for (const cell of this.edit.row(frame)) mask[at++] = cell / ONE;
    }
    const { original } = await store.read(span.readFrom, span.readTo);
    // Copies, even of shared memory: they are handed to the worker.
    const channels = original.map((channel) => channel.slice());
    const vocals = await renderMasked(this.#song, { span, channels, mask }).catch((error: unknown) => {
      // The next change makes it.
      this.#due.fill(1, from, to);
      throw error;
    });
    await store.amend(span.start, vocals);
    onSamples(span.start, span.end);
  }
}
