import type { Range } from '../core/ranges.ts';
import type { MaskKind } from '../dsp/mask.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../dsp/spectrogram-scale.ts';
import type { Quality } from '../model/manifest.ts';
import type { Priority } from './priority.ts';

/**
 * A song that another worker reads from disk: `port` answers `read(start, end)` of PcmSource by Comlink. The
 * separation's worker receives it and uses it for one separation.
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
  /** Share of a patch by which the next one overlaps it, in [0, 1); more takes longer. Default: 0.125. */
  readonly overlap?: number;
  /** Patches given to the network in one call. Default: chosen by the backend. */
  readonly batchSize?: number;
  /** Ranges of samples that are separated already and are left out. Default: none. */
  readonly done?: readonly Range[];
  /** Asks for a place in the song while the separation runs; see priority.ts. */
  readonly priority?: Priority;
  /**
   * A person listens meanwhile. Of the beginning, and of each place that `priority` asks for, there is a preview (see
   * `SeparationChunk.isPreview`), where that is there sooner than the whole patch, and this patch is computed alone. The
   * whole song takes about half a second longer. Default: false.
   */
  readonly previews?: boolean;
  /** Ends the generator at the next patch when it fires. */
  readonly signal?: AbortSignal;
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
  /**
   * The stems are to be heard until the chunks of the same samples come, which replace them: the network saw less of the
   * song. There are no columns, and the samples do not count as done.
   */
  readonly isPreview?: boolean;
  /** Columns that became final with this chunk. */
  readonly spectrogram: SpectrogramColumns;
  readonly scale: SpectrogramScale;
}
