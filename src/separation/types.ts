import type { Range } from '../core/ranges.ts';
import type { MaskKind } from '../dsp/mask.ts';
import type { Quality } from '../model/manifest.ts';
import type { Priority } from './priority.ts';

/**
 * A song that another worker has, on disk: `port` answers `read(start, end)` of PcmSource by Comlink. It goes to the
 * separation's worker and serves one separation.
 */
export interface PortSong {
  readonly sampleRate: number;
  readonly channelCount: number;
  readonly samples: number;
  readonly port: MessagePort;
  /** Fires when the song cannot be read on the port any more; its reason says why. Stays on the page. */
  readonly lost?: AbortSignal;
}

/** What a person may choose about a separation. */
export interface SeparationOptions {
  /** Which of the model's qualities, for one that has several. Default: the best. */
  readonly quality?: Quality;
  /** How the network's mask is used. `soft` is the paper's way; see dsp/mask.ts. Default: `{ kind: 'soft' }`. */
  readonly mask?: MaskKind;
  /** Share of a patch that the next one lies over, in [0, 1): more takes longer. Default: 0.125. */
  readonly overlap?: number;
  /** Patches given to the network in one call. Default: chosen by the backend. */
  readonly batchSize?: number;
  /** What is there already, in samples: it is not made again. Default: nothing. */
  readonly done?: readonly Range[];
  /** Says while it runs what is wanted first; see priority.ts. */
  readonly priority?: Priority;
  /** Ends the generator at the next patch when it fires. */
  readonly signal?: AbortSignal;
}

/**
 * Columns of the spectrograms, in the model's own resolution: `frames` columns beginning at frame `firstFrame`,
 * each of `bins` values, frame by frame (index = frame × bins + bin).
 */
export interface SpectrogramColumns {
  readonly firstFrame: number;
  readonly frames: number;
  readonly bins: number;
  /** Magnitude of the mixture, linear, ≥ 0. A full-scale sine peaks at 1 (window-normalised). */
  readonly mixture: Float32Array;
  /** Mask of the vocals, [0, 1], after the mask kind was applied. */
  readonly mask: Float32Array;
}

/** What the spectrograms' axes mean. */
export interface SpectrogramScale {
  /** Frames (columns) of the whole song. */
  readonly frames: number;
  readonly bins: number;
  /** Hertz of bin 0 and from bin to bin. */
  readonly firstBinHz: number;
  readonly binHz: number;
  /** Seconds from frame to frame; frame 0 is centred on 0 s. */
  readonly frameSeconds: number;
  /**
   * The power of a sine, summed over the bins that the window spreads it over, as a multiple of its greatest bin's.
   * Default: a Hann window's, 1.5.
   */
  readonly noiseBins?: number;
}

/** A finished piece of both stems. */
export interface StemChunk {
  /** First sample, at the stems' rate. */
  readonly start: number;
  /** One array per channel, all of one length. */
  readonly vocals: readonly Float32Array[];
  readonly accompaniment: readonly Float32Array[];
  /** Samples finished so far, wherever they lie, this chunk included, of `totalSamples`. */
  readonly doneSamples: number;
  readonly totalSamples: number;
}

/**
 * A finished piece of the song, at its rate and with its channels: vocals + accompaniment = the original in
 * [start, start + length).
 */
export interface SeparationChunk extends StemChunk {
  /** Columns that became final with this chunk. */
  readonly spectrogram: SpectrogramColumns;
  readonly scale: SpectrogramScale;
}
