import * as Comlink from 'comlink';
import { Emitter } from '../../core/emitter.ts';
import type { Scope } from '../../core/scope.ts';
import { type Calls, WorkerBridge, WorkerCrashedError } from '../../core/worker-bridge.ts';
import type { Band } from '../../dsp/band-pass.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { Region } from './region.ts';
import type { RegionLevels } from './region-level.ts';
import type { SpectrogramCell, SpectrogramEngine } from './spectrogram-engine.ts';
import type { ImageExportRequest, TileRequest } from './spectrogram-requests.ts';
import { type ImageShape, imageShape } from './tile-math.ts';

/** The data of a spectrogram, as far as a view needs it. */
export interface SpectrogramSource {
  readonly scale: SpectrogramScale;
  readonly shape: ImageShape;
  /** Number of frames that were written. */
  readonly doneFrames: number;
  /** Calls `listener` when frames [first, end) were written; returns a function that unsubscribes. */
  on(event: 'write', listener: (first: number, end: number) => void): () => void;
  /** Paints a tile; undefined if that is no longer possible. */
  paint(request: TileRequest): Promise<ImageBitmap | undefined>;
}

/**
 * The worker that holds the data of the spectrograms and paints them. Ends with its scope.
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

  /** @param onCrash Called when the worker crashed: the data is lost and can be written again. */
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

  /** Makes space for the spectrograms of a song, or of anything else with columns of magnitudes and masks. */
  open(scale: SpectrogramScale): SpectrogramData {
    const song = ++this.#opened;
    const data = new SpectrogramData(this.#bridge.engine, song, scale, () => this.#open.delete(song));
    this.#open.set(song, scale);
    return data;
  }

  /**
   * Filters a sound to a band of frequencies.
   *
   * @param channels One array per channel. They are transferred, and empty afterwards.
   * @param cut Samples to drop at the start and at the end: they are there for the filter's sake only.
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

/** The data of one song's spectrograms. It lies in the worker; the page keeps none of it. */
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

  /** Takes final columns, in any order, and copies them. Columns outside the song are dropped. */
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

  paint(request: TileRequest): Promise<ImageBitmap | undefined> {
    return unlessEnded(this.#engine.paint(this.#song, request));
  }

  /** The values at a place; undefined if there are none yet. */
  at(frame: number, bin: number): Promise<SpectrogramCell | undefined> {
    return unlessEnded(this.#engine.at(this.#song, frame, bin));
  }

  /** Levels of the sounds in a region; undefined if none of it is there yet. */
  levels(region: Region): Promise<RegionLevels | undefined> {
    return unlessEnded(this.#engine.levels(this.#song, region));
  }

  /** The visible part of a spectrogram with axes, title and colour bar, as a PNG image. */
  exportImage(request: ImageExportRequest): Promise<Blob | undefined> {
    return this.#engine.exportImage(this.#song, request);
  }

  /** Frees the memory. */
  close(): void {
    this.#onClose();
    void unlessEnded(this.#engine.close(this.#song));
  }
}

/** The answer; undefined if the worker was ended or crashed, which `onCrash` reports. */
async function unlessEnded<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof WorkerCrashedError || (error instanceof Error && error.name === 'AbortError'))
      return undefined;
    throw error;
  }
}
