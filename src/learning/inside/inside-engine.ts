import type { AudioData } from '../../audio/audio-data.ts';
import type { BackendReport } from '../../model/runtime/backend.ts';
import type { EngineOptions } from '../../separation/separation-engine.ts';

/** A patch as the network receives it, and its mask: frames × bins each, frame by frame. */
export interface InsidePatch {
  readonly magnitudes: Float32Array<ArrayBuffer>;
  readonly mask: Float32Array<ArrayBuffer>;
}

/** The output of a layer for a patch. */
export interface FeatureMaps {
  readonly frames: number;
  /** Rows of the layer's output, the lowest frequency first. */
  readonly bins: number;
  /** One for each channel, the strongest first. */
  readonly maps: readonly FeatureMap[];
}

export interface FeatureMap {
  readonly channel: number;
  /** Mean |activation|. */
  readonly strength: number;
  readonly greatest: number;
  /** |activation| of the bytes 255 and 1: 95 % of this map's cells are no greater. */
  readonly scale: number;
  /** frames × bins, frame by frame: 128 is 0; 255 is `scale` and above, 1 is −`scale` and below. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What one cell of the mask depends on. */
export interface ReceptiveField {
  /** |∂ mask / ∂ input|, frames × bins. */
  readonly gradient: Float32Array<ArrayBuffer>;
  /** The box round the cells with at least 1 % of the greatest influence, and round all with any, in cells. */
  readonly strong: { readonly frames: number; readonly bins: number };
  readonly any: { readonly frames: number; readonly bins: number };
}

/** The effect of cutting skip connections. */
export interface CutResult {
  readonly mask: Float32Array<ArrayBuffer>;
  /** Mean absolute change of the mask. */
  readonly maskChange: number;
  /** The vocals of the excerpt, with all connections and with some cut. */
  readonly whole: readonly Float32Array<ArrayBuffer>[];
  readonly vocals: readonly Float32Array<ArrayBuffer>[];
  /** SDR, decibels, where the truth was given. */
  readonly sdr?: { readonly whole: number; readonly cut: number };
}

/** What the worker offers (inside.worker.ts). A skip connection has the index of the encoder layer that it starts from. */
export interface InsideEngine {
  /** Loads the network. */
  open(options: EngineOptions): Promise<{ readonly backend: string; readonly report: readonly BackendReport[] }>;
  /** Takes an excerpt whose beginning is the patch, and its true vocals where they are known. */
  take(excerpt: AudioData, truth: AudioData | undefined): Promise<InsidePatch>;
  featureMaps(layer: string, cut: readonly number[]): Promise<FeatureMaps>;
  cut(cut: readonly number[]): Promise<CutResult>;
  field(frame: number, bin: number, cut: readonly number[]): Promise<ReceptiveField>;
}
