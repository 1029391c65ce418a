import { Emitter } from '../../core/emitter.ts';
import type { Scope } from '../../core/scope.ts';
import type { ModelManifest } from '../../model/manifest.ts';
import { type MaskedSong, renderMaskedSpan } from '../../separation/render-masked.ts';
import type { MaskFrames } from '../../songs/storage/mask-frames.ts';
import type { WholeStorage } from '../../songs/storage/song-storage.ts';
import type { AxisKind } from '../../ui/spectrogram/frequency-axis.ts';
import { excerptStart, type Playhead } from '../excerpt.ts';
import type { LearningEngine } from '../learning-engine.ts';
import { cellAt } from '../widgets/cells.ts';
import { SpectrogramLink } from '../widgets/spectrogram-link.ts';
import { type MaskShape, vocalsMask } from './mask-shape.ts';
import { type CellNumbers, type MaskedCells, MaskedExcerpt } from './masked-excerpt.ts';
import { readMask } from './read-mask.ts';

/** About as long as a patch of the paper's network, 128 frames. */
const EXCERPT_SECONDS = 12;
/** The sound follows a slider that has rested this long. */
const REST_MS = 120;

export const MASK_CLIPS = ['mixture', 'mask', 'product'] as const;

export type MaskClip = (typeof MASK_CLIPS)[number];

export interface MaskOptions {
  readonly store: Pick<WholeStorage, 'whole' | 'sampleRate' | 'samples' | 'mask'>;
  readonly player: Playhead;
  readonly engine: Pick<LearningEngine, 'mixtureFrames' | 'maskedSound'>;
  /** The model that separated the song. */
  readonly manifest: ModelManifest;
  readonly onError: (error: unknown) => void;
}

/** `waiting`: for the network's mask of the excerpt. `computing`: the sounds. */
export type MaskStatus = 'waiting' | 'computing' | 'ready';

/** The numbers under the cursor, and where they are in the song. */
export interface MaskReading extends CellNumbers {
  readonly seconds: number;
  readonly hz: number;
}

type MaskEvents = {
  /** Status, shape, or clips. */
  changed: [];
  /** The spectrograms. */
  cells: [];
};

/** Frames of the mask, [first, first + count). */
interface Frames {
  readonly first: number;
  readonly count: number;
}

/** The section “Mask × mixture”: the excerpt, the kind of mask, the numbers under the cursor, and the sounds. */
export class MaskState extends Emitter<MaskEvents> {
  readonly link = new SpectrogramLink(EXCERPT_SECONDS);
  readonly #scope: Scope;
  readonly #options: MaskOptions;
  readonly #clips = new Map<MaskClip, readonly Float32Array[]>();
  #status: MaskStatus = 'waiting';
  #shape: MaskShape = { kind: 'soft', threshold: 0.5, strength: 1, part: 'vocals' };
  #axis: AxisKind = 'mel';
  /** Seconds at which the excerpt begins. */
  #begin: number;
  #frames: Frames | undefined;
  #excerpt: MaskedExcerpt | undefined;
  #excerptRun = 0;
  #soundRun = 0;
  #cancelSound: (() => void) | undefined;

  constructor(scope: Scope, options: MaskOptions) {
    super();
    this.#scope = scope;
    this.#options = options;
    this.#begin = excerptStart(options.player);
  }

  get status(): MaskStatus {
    return this.#status;
  }

  get shape(): MaskShape {
    return this.#shape;
  }

  get axis(): AxisKind {
    return this.#axis;
  }

  set axis(axis: AxisKind) {
    this.#axis = axis;
    if (this.#excerpt) this.emit('cells');
  }

  get clips(): ReadonlyMap<MaskClip, readonly Float32Array[]> {
    return this.#clips;
  }

  /** The spectrograms; undefined while the network's mask is not there. */
  get cells(): MaskedCells | undefined {
    return this.#excerpt?.cells;
  }

  /** The numbers under the cursor; undefined where it points at nothing. */
  get reading(): MaskReading | undefined {
    const { cursor } = this.link;
    const { mask } = this.#options.store;
    if (!cursor || !mask || !this.#frames || !this.#excerpt) return undefined;
    const { scale } = mask;
    const cell = cellAt({ ...scale, frames: this.#frames.count }, cursor.seconds, cursor.hz);
    if (!cell) return undefined;
    const frame = this.#frames.first + cell.frame;
    const place = { seconds: frame * scale.frameSeconds, hz: scale.firstBinHz + cell.bin * scale.binHz };
    return { ...this.#excerpt.read(cell), ...place, frame };
  }

  /** Takes the excerpt at the playhead, once the network's mask of it is there. */
  takeExcerpt(): void {
    this.#begin = excerptStart(this.#options.player);
    void this.#load();
  }

  /** To be called at first, and when more of the song is separated. */
  songGrew(): void {
    if (!this.#excerpt) void this.#load();
  }

  /** Changes how the mask is used. The spectrograms follow at once, the sounds when the slider rests. */
  reshape(change: Partial<MaskShape>): void {
    this.#shape = { ...this.#shape, ...change };
    if (this.#excerpt) {
      this.#status = 'computing';
      this.#excerpt.shape(this.#shape);
      this.emit('cells');
    }
    this.emit('changed');
    this.#cancelSound?.();
    this.#cancelSound = this.#scope.timeout(() => void this.#computeSounds(), REST_MS);
  }

  async #load(): Promise<void> {
    const { store, engine, manifest, onError } = this.#options;
    const run = ++this.#excerptRun;
    this.#excerpt = undefined;
    this.#frames = undefined;
    this.#clips.clear();
    this.#become('waiting');
    if (!store.mask) return;
    const { scale } = store.mask;
    const count = Math.min(scale.frames, Math.ceil(EXCERPT_SECONDS / scale.frameSeconds));
    const first = Math.min(Math.max(0, Math.floor(this.#begin / scale.frameSeconds)), scale.frames - count);
    const networkMask = readMask(store.mask, first, first + count);
    if (!networkMask) return;
    try {
      const order = { song: store.whole.original, manifest, firstFrame: first, frames: count };
      const magnitudes = await engine.mixtureFrames(order);
      if (run !== this.#excerptRun || this.#scope.disposed) return;
      this.#frames = { first, count };
      this.#excerpt = new MaskedExcerpt(scale, magnitudes, networkMask);
      this.#excerpt.shape(this.#shape);
      this.link.reset(count * scale.frameSeconds, first * scale.frameSeconds);
      this.emit('cells');
      await this.#computeSounds();
    } catch (error) {
      if (!this.#scope.disposed) onError(error);
    }
  }

  /** Makes the sounds with the filter that separation uses. */
  async #computeSounds(): Promise<void> {
    const run = ++this.#soundRun;
    const { mask } = this.#options.store;
    if (!mask || !this.#frames) return;
    this.#become('computing');
    try {
      const sounds = await this.#render(mask, this.#frames);
      if (!sounds || run !== this.#soundRun || this.#scope.disposed) return;
      for (const [name, channels] of Object.entries(sounds)) this.#clips.set(name as MaskClip, channels);
      this.#become('ready');
    } catch (error) {
      if (!this.#scope.disposed) this.#options.onError(error);
    }
  }

  async #render(mask: MaskFrames, frames: Frames): Promise<Record<MaskClip, readonly Float32Array[]> | undefined> {
    const { store, engine, manifest } = this.#options;
    const { sampleRate, whole } = store;
    const { scale } = mask;
    const song: MaskedSong = { sampleRate, samples: store.samples, facts: manifest, scale };
    const span = renderMaskedSpan(song, frames.first, frames.first + frames.count);
    const networkMask = readMask(mask, span.maskFrom, span.maskTo);
    if (!networkMask) return undefined;
    const read = whole.original.channels.map((channel) => channel.slice(span.readFrom, span.readTo));
    const piece = { span, channels: read, mask: vocalsMask(networkMask, this.#shape) };
    const made = await engine.maskedSound({ song, piece, part: this.#shape.part });
    // The sounds begin and end with the spectrograms.
    const from = Math.round(frames.first * scale.frameSeconds * sampleRate) - span.start;
    const to = Math.min(span.end - span.start, from + Math.round(frames.count * scale.frameSeconds * sampleRate));
    const cut = (sound: readonly Float32Array[]) => sound.map((channel) => channel.subarray(from, to));
    const mixture = read.map((channel) => channel.subarray(span.start - span.readFrom));
    return { mixture: cut(mixture), mask: cut(made.mask), product: cut(made.product) };
  }

  #become(status: MaskStatus): void {
    this.#status = status;
    this.emit('changed');
  }
}
