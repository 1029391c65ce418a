import type { AudioData } from '../../audio/audio-data.ts';
import { Emitter } from '../../core/emitter.ts';
import type { Scope } from '../../core/scope.ts';
import { buildGraph } from '../../model/graph/build-graph.ts';
import { type LayerSummary, networkLayers } from '../../model/graph/summary.ts';
import { type ModelManifest, mainNetwork } from '../../model/manifest.ts';
import type { EngineOptions } from '../../separation/separation-engine.ts';
import type { WholeStorage } from '../../songs/storage/song-storage.ts';
import { excerptAt, excerptOf, excerptStart, type Playhead } from '../excerpt.ts';
import { type Cell, type CellGrid, type Cells, cellAt } from '../widgets/cells.ts';
import { SpectrogramLink, type SpectrogramPoint } from '../widgets/spectrogram-link.ts';
import type { CutResult, FeatureMaps, InsideEngine, InsidePatch, ReceptiveField } from './inside-engine.ts';
import { inspectedManifest } from './inspected-manifest.ts';
import { fieldBytes, levelBytes } from './receptive-field-colours.ts';

export const INSIDE_CLIPS = ['whole', 'cut'] as const;

export type InsideClip = (typeof INSIDE_CLIPS)[number];

export interface InsideOptions {
  /** The song's model with all its qualities. */
  readonly wholeManifest: ModelManifest;
  readonly store: Pick<WholeStorage, 'whole' | 'sampleRate' | 'samples'>;
  readonly player: Playhead;
  readonly engine: InsideEngine;
  readonly engineOptions: EngineOptions;
  /** The true vocals of the whole song; undefined where they are not known. */
  readonly truth: () => Promise<AudioData | undefined>;
  readonly onError: (error: unknown) => void;
}

/** `loading`: the network. */
export type InsideStatus = 'loading' | 'computing' | 'ready';

/** The chosen cell of the mask, and what it depends on. */
export interface CellField extends ReceptiveField {
  /** Moment of the cell, seconds of the song. */
  readonly seconds: number;
  readonly hz: number;
}

/** What switching connections off changed. */
export interface SkipEffect extends Pick<CutResult, 'maskChange' | 'sdr'> {
  /** The connections that are off, in their order. */
  readonly cut: readonly number[];
}

type InsideEvents = {
  /** Status, patch, effect, clips or receptive field. */
  changed: [];
  /** The feature maps. */
  maps: [];
  /** Mask or input. */
  cells: [];
};

/**
 * The section “Inside the U-Net”: the patch at the playhead, the feature maps of the chosen layer, the skip connections
 * that are cut, and the receptive field of the chosen cell.
 */
export class InsideState extends Emitter<InsideEvents> {
  readonly manifest: ModelManifest;
  readonly layers: readonly LayerSummary[];
  readonly link: SpectrogramLink;
  readonly #scope: Scope;
  readonly #options: InsideOptions;
  readonly #grid: CellGrid;
  readonly #cut = new Set<number>();
  readonly #clips = new Map<InsideClip, readonly Float32Array[]>();
  #status: InsideStatus = 'loading';
  /** Seconds at which the patch begins. */
  #begin = 0;
  #layer = 0;
  #cell: Cell;
  #isChosen = false;
  #patch: InsidePatch | undefined;
  #mask: Float32Array | undefined;
  /** Level bytes of the input. */
  #levels = new Uint8Array(0);
  #maps: { readonly layer: string; readonly maps: FeatureMaps } | undefined;
  #effect: SkipEffect | undefined;
  #field: CellField | undefined;
  /** One call after the other: the worker has one network. */
  #queue: Promise<void> = Promise.resolve();

  constructor(scope: Scope, options: InsideOptions) {
    super();
    this.#scope = scope;
    this.#options = options;
    this.manifest = inspectedManifest(options.wholeManifest);
    const { patch, stft, sampleRate } = this.manifest;
    this.layers = networkLayers(buildGraph(mainNetwork(this.manifest)[1]), patch);
    const binHz = sampleRate / stft.fftSize;
    const { frames, bins, firstBin } = patch;
    this.#grid = { frames, bins, binHz, firstBinHz: firstBin * binHz, frameSeconds: stft.hop / sampleRate };
    this.#cell = { frame: frames >> 1, bin: bins >> 2 };
    this.link = new SpectrogramLink(this.seconds);
  }

  get status(): InsideStatus {
    return this.#status;
  }

  /** Seconds of the patch. */
  get seconds(): number {
    return this.#grid.frames * this.#grid.frameSeconds;
  }

  /** Seconds at which the patch begins; undefined before there is one. */
  get patchStart(): number | undefined {
    return this.#patch && this.#begin;
  }

  /** The mask with the connections as switched. */
  get mask(): Cells | undefined {
    return this.#mask && { ...this.#grid, values: Uint8Array.from(this.#mask, (value) => Math.round(255 * value)) };
  }

  /** The input, and over it the receptive field, in the colours of receptive-field-colours.ts. */
  get input(): Cells | undefined {
    if (!this.#patch) return undefined;
    return { ...this.#grid, values: fieldBytes(this.#levels, this.#field?.gradient) };
  }

  /** The feature maps that were computed last, and their layer. */
  get maps(): { readonly layer: string; readonly maps: FeatureMaps } | undefined {
    return this.#maps;
  }

  /** What switching changed; undefined while nothing was switched. */
  get effect(): SkipEffect | undefined {
    return this.#effect;
  }

  /** The chosen cell: seconds of the patch, and hertz; undefined before one is chosen. */
  get chosen(): SpectrogramPoint | undefined {
    const { frameSeconds, firstBinHz, binHz } = this.#grid;
    const { frame, bin } = this.#cell;
    return this.#isChosen ? { seconds: frame * frameSeconds, hz: firstBinHz + bin * binHz } : undefined;
  }

  /** The receptive field of the chosen cell; undefined before it is computed. */
  get field(): CellField | undefined {
    return this.#field;
  }

  get clips(): ReadonlyMap<InsideClip, readonly Float32Array[]> {
    return this.#clips;
  }

  /** Encoder layers whose output a skip connection carries. The deepest has none: its output only goes up. */
  get skipLayers(): readonly LayerSummary[] {
    return this.layers.filter(({ part }) => part === 'encoder').slice(0, -1);
  }

  /**
   * The connection to switch off first: the middle one. Measured on the demo song, both included networks lose SDR
   * without it; without the first one, the paper's network gains.
   */
  get suggestedSkip(): LayerSummary | undefined {
    return this.skipLayers[this.skipLayers.length >> 1];
  }

  /** Loads the network and takes the patch at the playhead. */
  async open(): Promise<void> {
    await this.#enqueue('loading', async () => {
      await this.#options.engine.open(this.#options.engineOptions);
    });
    await this.#take(excerptStart(this.#options.player));
  }

  /** Takes the patch at the playhead. */
  async takeExcerpt(): Promise<void> {
    await this.#take(this.#options.player.position);
  }

  /** Chooses the layer whose feature maps are shown, by its place in `layers`. */
  async chooseLayer(layer: number): Promise<void> {
    this.#layer = layer;
    await this.#computeMaps();
  }

  /** Switches the skip connection of an encoder layer off or on. */
  async switchSkip(layer: number, on: boolean): Promise<void> {
    if (on) this.#cut.delete(layer);
    else this.#cut.add(layer);
    await this.#computeEffect();
    await this.#computeMaps();
  }

  /** Computes the receptive field of the cell that was chosen last; at first, of one in the middle. */
  async computeField(): Promise<void> {
    this.#isChosen = true;
    this.#field = undefined;
    this.emit('cells');
    this.emit('changed');
    await this.#enqueue('computing', async () => {
      const { frame, bin } = this.#cell;
      const field = await this.#options.engine.field(frame, bin, [...this.#cut]);
      const { frameSeconds, firstBinHz, binHz } = this.#grid;
      this.#field = { ...field, seconds: this.#begin + frame * frameSeconds, hz: firstBinHz + bin * binHz };
      this.emit('cells');
    });
  }

  /** Chooses the cell under the cursor. */
  async chooseCell(): Promise<void> {
    const { cursor } = this.link;
    const cell = cursor && cellAt(this.#grid, cursor.seconds, cursor.hz);
    if (!cell) return;
    this.#cell = cell;
    await this.computeField();
  }

  /** @param from seconds */
  async #take(from: number): Promise<void> {
    const { store, engine, truth } = this.#options;
    const { sampleRate } = store;
    await this.#enqueue('computing', async () => {
      const excerpt = excerptAt(store.samples, sampleRate, from, this.seconds);
      const vocals = await truth();
      const patch = await engine.take(excerptOf(store.whole.original, excerpt), vocals && excerptOf(vocals, excerpt));
      this.#begin = excerpt.start / sampleRate;
      this.#patch = patch;
      this.#mask = patch.mask;
      this.#levels = levelBytes(patch.magnitudes);
      this.#field = undefined;
      this.#isChosen = false;
      this.#clips.clear();
      this.link.reset(this.seconds, this.#begin);
      this.emit('cells');
    });
    await this.#computeMaps();
    if (this.#cut.size > 0) await this.#computeEffect();
  }

  #computeMaps(): Promise<void> {
    return this.#enqueue('computing', async () => {
      const layer = this.layers[this.#layer].name;
      const maps = await this.#options.engine.featureMaps(layer, [...this.#cut]);
      this.#maps = { layer, maps };
      if (!this.#scope.disposed) this.emit('maps');
    });
  }

  /** Separates the patch with and without the connections that are cut. */
  #computeEffect(): Promise<void> {
    return this.#enqueue('computing', async () => {
      const cut = [...this.#cut].sort((a, b) => a - b);
      const { mask, maskChange, sdr, whole, vocals } = await this.#options.engine.cut(cut);
      this.#effect = { cut, maskChange, sdr };
      this.#mask = mask;
      this.#clips.set('whole', whole).set('cut', vocals);
      this.emit('cells');
    });
  }

  #enqueue(status: InsideStatus, work: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      if (this.#scope.disposed) return;
      this.#become(status);
      try {
        await work();
      } catch (error) {
        if (!this.#scope.disposed) this.#options.onError(error);
      }
      if (!this.#scope.disposed) this.#become('ready');
    });
    return this.#queue;
  }

  #become(status: InsideStatus): void {
    this.#status = status;
    this.emit('changed');
  }
}
