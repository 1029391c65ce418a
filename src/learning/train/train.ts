import type { AudioData } from '../../audio/audio-data.ts';
import type { TrainSettings } from './trainer.ts';

/** What the worker tells while it trains. */
export interface TrainReport {
  readonly step: number;
  readonly loss: number;
  /** Milliseconds that the step took. */
  readonly milliseconds: number;
  /** The example that was never trained on, now and then. */
  readonly example?: TrainExample;
}

/** Pictures of bins × frames (index = bin × frames + frame), the lowest frequency first. */
export interface TrainExample {
  readonly bins: number;
  readonly frames: number;
  readonly mixture: Float32Array;
  readonly voice: Float32Array;
  readonly mask: Float32Array;
  /** Its loss. */
  readonly loss: number;
}

/** What training runs on, and what others could not do. */
export interface TrainBackend {
  readonly backend: string;
  /** TF.js’s own gradient of convolutions is there; else it is put together from other kernels. */
  readonly ownGradient: boolean;
  readonly refused: readonly { readonly backend: string; readonly reason: string }[];
}

/** What the worker offers: train.worker.ts. */
export interface TrainEngine {
  /** Chooses the backend: the first of those given that makes a step. */
  open(backends: readonly string[]): Promise<TrainBackend>;
  /** Takes a voice and an accompaniment, at any rate, and begins anew. @throws ParameterError when they are too short */
  use(voice: AudioData, accompaniment: AudioData, seed: number): Promise<TrainExample>;
  /** Trains until `pause`, telling of each step. */
  run(onReport: (report: TrainReport) => void): Promise<void>;
  pause(): Promise<void>;
  set(settings: TrainSettings): Promise<void>;
  /** The files of a model folder, by their paths; training goes on afterwards. */
  files(title: string): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>>;
  /** The same as a ZIP. */
  zip(title: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Goes on from a ZIP that was saved here. @throws ModelError when it is no such network */
  load(zip: Uint8Array): Promise<TrainExample>;
}
