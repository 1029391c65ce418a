import type { AudioData } from '../../audio/audio-data.ts';
import type { ExampleSounds } from './example-sounds.ts';
import type { TrainSettings } from './trainer.ts';

/** What the worker reports after each step. */
export interface TrainReport {
  readonly step: number;
  readonly loss: number;
  /** Duration of the step. */
  readonly milliseconds: number;
  /** The held-out example, every few steps. */
  readonly example?: TrainExample;
}

/** An example, bins × frames (index = bin × frames + frame), the lowest frequency first. */
export interface TrainExample {
  readonly bins: number;
  readonly frames: number;
  /** Magnitudes divided by the mixture's greatest. */
  readonly mixture: Float32Array;
  readonly voice: Float32Array;
  /** The network's mask, values 0 to 1. */
  readonly mask: Float32Array;
  readonly loss: number;
  readonly sounds: ExampleSounds;
}

/** Why a backend is not used: it draws in software, its loss is not a number, or it failed with a message. */
export type Refusal =
  | { readonly backend: string; readonly why: 'software' | 'notANumber' }
  | { readonly backend: string; readonly why: 'error'; readonly message: string };

/** The backend that training runs on; undefined: none can train. */
export interface TrainBackend {
  readonly backend: string | undefined;
  /** Whether TF.js has the gradient of convolutions on it; else it is put together from other operations. */
  readonly ownGradient: boolean;
  /** The backends tried before. */
  readonly refused: readonly Refusal[];
}

/** What the worker offers (train.worker.ts). */
export interface TrainEngine {
  /** Chooses the first backend that can compute a training step. */
  open(backends: readonly string[]): Promise<TrainBackend>;
  /** Begins a new training with a voice and an accompaniment at any rate. @throws ParameterError when they are too short */
  use(voice: AudioData, accompaniment: AudioData, seed: number): Promise<TrainExample>;
  /** Trains until `pause`, and reports each step. */
  run(onReport: (report: TrainReport) => void): Promise<void>;
  pause(): Promise<void>;
  set(settings: TrainSettings): Promise<void>;
  /** Pauses. The files of the model's folder, by their paths. */
  files(title: string): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>>;
  /** The same files as a ZIP. */
  zip(title: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Continues from a ZIP that was saved here. @throws ModelError when it holds another network */
  load(zip: Uint8Array): Promise<TrainExample>;
}
