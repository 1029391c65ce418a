import type { AudioData } from '../../audio/audio-data.ts';
import type { BackendReport } from '../../model/runtime/backend.ts';
import type { EngineOptions } from '../../separation/separation-engine.ts';

/** A patch as the network gets it, and its answer: frames × bins each, frame by frame. */
export interface InsidePatch {
  readonly magnitudes: Float32Array<ArrayBuffer>;
  readonly mask: Float32Array<ArrayBuffer>;
}

/** What a layer makes of a patch. */
export interface FeatureMaps {
  readonly frames: number;
  /** Rows of the layer's picture, the lowest frequency first. */
  readonly bins: number;
  /** The strongest first. */
  readonly maps: readonly FeatureMap[];
}

export interface FeatureMap {
  readonly channel: number;
  /** Mean |activation|. */
  readonly strength: number;
  readonly greatest: number;
  /** frames × bins, frame by frame: 128 is 0, 255 (and 1) the greatest |activation| of this map. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** How far one cell of the mask looks. */
export interface FieldOfView {
  /** |∂ mask / ∂ input|, frames × bins. */
  readonly gradient: Float32Array<ArrayBuffer>;
  /** Cells that the box round all that counts has, and round all that has any influence. */
  readonly strong: { readonly frames: number; readonly bins: number };
  readonly any: { readonly frames: number; readonly bins: number };
}

/** What cutting skip connections does. */
export interface CutResult {
  readonly mask: Float32Array<ArrayBuffer>;
  /** Mean |change| of the mask. */
  readonly maskChange: number;
  /** The piece's vocals, whole and cut. */
  readonly whole: readonly Float32Array<ArrayBuffer>[];
  readonly vocals: readonly Float32Array<ArrayBuffer>[];
  /** SDR in decibels, where the truth was given. */
  readonly sdr?: { readonly whole: number; readonly cut: number };
}

/** What the worker offers (inside.worker.ts). Skip connections are named by the encoder layer they come from. */
export interface InsideEngine {
  /** Loads the network. */
  open(options: EngineOptions): Promise<{ readonly backend: string; readonly report: readonly BackendReport[] }>;
  /** Takes the piece to look at, and the truth about its vocals where it is known. */
  take(piece: AudioData, truth: AudioData | undefined): Promise<InsidePatch>;
  featureMaps(layer: string, cut: readonly number[]): Promise<FeatureMaps>;
  cut(cut: readonly number[]): Promise<CutResult>;
  field(frame: number, bin: number, cut: readonly number[]): Promise<FieldOfView>;
}
