import { Emitter } from '../../core/emitter.ts';
import type { Scope } from '../../core/scope.ts';
import type { WholeStorage } from '../../songs/storage/song-storage.ts';
import type { AxisKind } from '../../ui/spectrogram/frequency-axis.ts';
import { type Excerpt, excerptAt, excerptStart, monoExcerpt, type Playhead } from '../excerpt.ts';
import type { LearningEngine } from '../learning-engine.ts';
import { type Cell, type Cells, cellAt } from '../widgets/cells.ts';
import { SpectrogramLink, type SpectrogramPoint } from '../widgets/spectrogram-link.ts';
import { type PhaseOptions, PhaseState, type Transform } from './phase-state.ts';
import { FLOOR_DB } from './spectrogram.ts';

/** Long enough to listen to, short enough to be computed while a slider moves. */
const EXCERPT_SECONDS = 6;
/** Samples. */
export const WINDOW_LENGTHS: readonly number[] = [256, 512, 1024, 2048, 4096, 8192];
/** Hop as a share of the window. The paper's is three quarters. */
export const HOPS = [
  { share: 1 / 8, text: '1/8' },
  { share: 1 / 4, text: '1/4' },
  { share: 1 / 2, text: '1/2' },
  { share: 3 / 4, text: '3/4' },
] as const;
/** The spectrogram follows a slider at once. Sounds take seconds, so they wait until it has rested this long. */
const REST_MS = 300;

export interface SoundOptions extends PhaseOptions {
  readonly store: PhaseOptions['store'] & Pick<WholeStorage, 'sampleRate' | 'samples'>;
  readonly engine: Pick<LearningEngine, 'spectrogram' | 'reconstruct'>;
  readonly player: Playhead;
}

/** The frame that is read, and the cell in it. */
export interface FrameReading extends Cell {
  /** Moment of the frame's centre, seconds of the song. */
  readonly seconds: number;
  readonly hz: number;
  /** Decibels, where a full-scale sine is 0; undefined where the level is at the floor or below. */
  readonly level: number | undefined;
  /** Samples from one window length before the centre to one after it. */
  readonly around: Float32Array;
  readonly windowLength: number;
  /** Level byte of each bin of the frame. */
  readonly spectrum: Uint8Array;
}

type SoundEvents = {
  /** Another excerpt. */
  excerpt: [];
  /** Another transform, or another axis. */
  spectrogram: [];
};

/** Hertz that are read where nobody pointed yet: A4. */
const DEFAULT_HZ = 440;

/** The section “Sound is an image”: an excerpt, its spectrogram with the chosen window and hop, and the cell that is read. */
export class SoundState extends Emitter<SoundEvents> {
  readonly link = new SpectrogramLink(EXCERPT_SECONDS);
  readonly phases: PhaseState;
  readonly #scope: Scope;
  readonly #options: SoundOptions;
  #excerpt: Excerpt = { start: 0, end: 0 };
  #samples = new Float32Array(0);
  #window = 3;
  #hop = 1;
  #axis: AxisKind = 'mel';
  #spectrogram: (Cells & Transform) | undefined;
  #pointed: SpectrogramPoint | undefined;
  #run = 0;
  #cancelPhases: (() => void) | undefined;

  constructor(scope: Scope, options: SoundOptions) {
    super();
    this.#scope = scope;
    this.#options = options;
    this.phases = new PhaseState(scope, options);
    scope.add(
      this.link.on('cursor', () => {
        // Where the pointer was last stays chosen when it goes to a button.
        this.#pointed = this.link.cursor ?? this.#pointed;
      }),
    );
  }

  get excerpt(): Excerpt {
    return this.#excerpt;
  }

  /** The excerpt as one channel. */
  get samples(): Float32Array<ArrayBuffer> {
    return this.#samples;
  }

  get sampleRate(): number {
    return this.#options.store.sampleRate;
  }

  get axis(): AxisKind {
    return this.#axis;
  }

  set axis(axis: AxisKind) {
    this.#axis = axis;
    this.emit('spectrogram');
  }

  /** Window length and hop that are chosen. */
  get transform(): Transform {
    const windowLength = WINDOW_LENGTHS[this.#window];
    return { windowLength, hop: windowLength * HOPS[this.#hop].share };
  }

  /** The spectrogram that was computed last, and how it was transformed. */
  get spectrogram(): (Cells & Transform) | undefined {
    return this.#spectrogram;
  }

  /** Takes the excerpt at the playhead. */
  takeExcerpt(): void {
    const { store, player } = this.#options;
    const { sampleRate } = this;
    this.#excerpt = excerptAt(store.samples, sampleRate, excerptStart(player), EXCERPT_SECONDS);
    this.#samples = monoExcerpt(store.whole.original, this.#excerpt);
    this.#pointed = undefined;
    this.link.reset(this.#samples.length / sampleRate, this.#excerpt.start / sampleRate);
    this.emit('excerpt');
    void this.#compute();
    void this.phases.use(this.#excerpt, this.transform);
  }

  /** Chooses the window length and the hop, by their places in {@link WINDOW_LENGTHS} and {@link HOPS}. */
  chooseTransform(window: number, hop: number): void {
    this.#window = window;
    this.#hop = hop;
    void this.#compute();
    this.phases.expect();
    this.#cancelPhases?.();
    this.#cancelPhases = this.#scope.timeout(() => void this.phases.use(this.#excerpt, this.transform), REST_MS);
  }

  /** The cell that was pointed at last; before that, one in the middle of the view. */
  get cell(): Cell | undefined {
    const { start, span } = this.link.view;
    const at = this.#pointed ?? { seconds: start + span / 2, hz: DEFAULT_HZ };
    return this.#spectrogram && cellAt(this.#spectrogram, at.seconds, at.hz);
  }

  /** What there is to read at the cell; undefined before the first spectrogram. */
  get reading(): FrameReading | undefined {
    const { cell } = this;
    if (!this.#spectrogram || !cell) return undefined;
    const { values, bins, binHz, hop, windowLength } = this.#spectrogram;
    const centre = cell.frame * hop;
    const spectrum = values.subarray(cell.frame * bins, (cell.frame + 1) * bins);
    const byte = spectrum[cell.bin];
    return {
      ...cell,
      seconds: (this.#excerpt.start + centre) / this.sampleRate,
      hz: cell.bin * binHz,
      level: byte === 0 ? undefined : FLOOR_DB * (1 - byte / 255),
      around: Float32Array.from({ length: 2 * windowLength }, (_, n) => this.#samples[centre - windowLength + n] ?? 0),
      windowLength,
      spectrum,
    };
  }

  async #compute(): Promise<void> {
    const run = ++this.#run;
    const { transform, sampleRate } = this;
    const { engine, onError } = this.#options;
    try {
      const { frames, bins, levels } = await engine.spectrogram({ samples: this.#samples, ...transform });
      if (run !== this.#run || this.#scope.disposed) return;
      const { windowLength, hop } = transform;
      const scale = { firstBinHz: 0, binHz: sampleRate / windowLength, frameSeconds: hop / sampleRate };
      this.#spectrogram = { frames, bins, values: levels, ...scale, ...transform };
      this.emit('spectrogram');
    } catch (error) {
      if (!this.#scope.disposed) onError(error);
    }
  }
}
