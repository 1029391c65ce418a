import * as Comlink from 'comlink';
import { Emitter } from '../../core/emitter.ts';
import type { Scope } from '../../core/scope.ts';
import { type Calls, WorkerBridge, WorkerCrashedError } from '../../core/worker-bridge.ts';
import type { Band } from '../../dsp/band-pass.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { Region } from './region.ts';
import type { RegionLevels } from './region-level.ts';
import type { SpectrogramCell, SpectrogramEngine } from './spectrogram-engine.ts';
import type { ImageExportOrder, TileOrder } from './spectrogram-orders.ts';
import { type ImageShape, imageShape } from './tile-math.ts';

/** What a picture needs of the numbers that it shows. */
export interface SpectrogramSource {
  readonly scale: SpectrogramScale;
  readonly shape: ImageShape;
  /** Frames that were written. */
  readonly doneFrames: number;
  /** Calls back when frames [first, end) were written; returns the way to stop that. */
  on(event: 'write', listener: (first: number, end: number) => void): () => void;
  /** A tile's picture; undefined where it cannot be painted any more. */
  paint(order: TileOrder): Promise<ImageBitmap | undefined>;
}

/**
 * The thread that holds the numbers of the pictures and paints them. Ends with its scope.
 *
 * @example
 * const painter = new SpectrogramThread(scope);
 * const data = painter.open(scale);
 * data.write(columns);
 */
export class SpectrogramThread {
  readonly #bridge: WorkerBridge<SpectrogramEngine>;
  readonly #open = new Map<number, SpectrogramScale>();
  #opened = 0;

  /** @param onCrash Called when the worker crashed: the numbers that were written are gone, and can be written again. */
  constructor(scope: Scope, onCrash?: (error: WorkerCrashedError) => void) {
    const start = () =>
      new Worker(new URL('./spectrogram.worker.ts', import.meta.url), { type: 'module', name: 'spectrograms' });
    this.#bridge = new WorkerBridge<SpectrogramEngine>(start, {
      setUp: async (engine) => {
        await Promise.all([...this.#open].map((song) => engine.open(...song)));
      },
      onCrash,
    });
    scope.add(() => this.#bridge.dispose());
  }

  /** Room for the pictures of a song, or of anything else with columns of magnitudes and masks. */
  open(scale: SpectrogramScale): SpectrogramData {
    const song = ++this.#opened;
    const data = new SpectrogramData(this.#bridge.engine, song, scale, () => this.#open.delete(song));
    this.#open.set(song, scale);
    return data;
  }

  /**
   * What of a sound lies between two frequencies.
   * @param channels are handed over: they are empty afterwards
   * @param cut samples to leave out at the beginning and at the end, which were only given for the filter's sake
   */
  bandPass(
    channels: readonly Float32Array<ArrayBuffer>[],
    sampleRate: number,
    band: Band,
    cut: readonly [before: number, after: number],
  ): Promise<readonly Float32Array<ArrayBuffer>[]> {
    const given = Comlink.transfer(
      channels,
      channels.map(({ buffer }) => buffer),
    );
    return this.#bridge.engine.bandPass(given, sampleRate, band, cut);
  }
}

/** The numbers of one song's pictures. They lie in the worker: the page has none of them. */
export class SpectrogramData extends Emitter<{ write: [first: number, end: number] }> implements SpectrogramSource {
  readonly scale: SpectrogramScale;
  readonly shape: ImageShape;
  readonly #engine: Calls<SpectrogramEngine>;
  readonly #song: number;
  readonly #onClose: () => void;
  readonly #there: Uint8Array;
  #doneFrames = 0;

  constructor(engine: Calls<SpectrogramEngine>, song: number, scale: SpectrogramScale, onClose: () => void) {
    super();
    this.scale = scale;
    this.shape = imageShape(scale);
    this.#engine = engine;
    this.#song = song;
    this.#onClose = onClose;
    this.#there = new Uint8Array(scale.frames);
    void unlessEnded(engine.open(song, scale));
  }

  get doneFrames(): number {
    return this.#doneFrames;
  }

  /** Takes columns that have become final, in any order; they are copied. What lies outside the song is dropped. */
  write({ firstFrame, frames, bins, mixture, mask }: SpectrogramColumns): void {
    const end = Math.min(this.scale.frames, firstFrame + frames);
    if (end <= firstFrame) return;
    for (let frame = firstFrame; frame < end; frame++) {
      if (this.#there[frame] === 0) this.#doneFrames++;
      this.#there[frame] = 1;
    }
    const copy = { firstFrame, frames, bins, mixture: mixture.slice(), mask: mask.slice() };
    void unlessEnded(this.#engine.write(this.#song, Comlink.transfer(copy, [copy.mixture.buffer, copy.mask.buffer])));
    this.emit('write', firstFrame, end);
  }

  paint(order: TileOrder): Promise<ImageBitmap | undefined> {
    return unlessEnded(this.#engine.paint(this.#song, order));
  }

  /** The values at a place; undefined where none are yet. */
  at(frame: number, bin: number): Promise<SpectrogramCell | undefined> {
    return unlessEnded(this.#engine.at(this.#song, frame, bin));
  }

  /** How loud the sounds are in a region; undefined where none of it is there yet. */
  levels(region: Region): Promise<RegionLevels | undefined> {
    return unlessEnded(this.#engine.levels(this.#song, region));
  }

  /** A picture with its axes, title and colour bar, as a PNG. */
  exportImage(order: ImageExportOrder): Promise<Blob | undefined> {
    return this.#engine.exportImage(this.#song, order);
  }

  /** Gives the memory back. */
  close(): void {
    this.#onClose();
    void unlessEnded(this.#engine.close(this.#song));
  }
}

/** The answer; undefined where the worker crashed, which its owner is told, or was ended. */
async function unlessEnded<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof WorkerCrashedError || (error instanceof Error && error.name === 'AbortError'))
      return undefined;
    throw error;
  }
}
