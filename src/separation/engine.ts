import type { AudioData } from '../audio/audio-data.ts';
import type { BackendReport } from '../model/backend.ts';
import type { SeparationChunk, SeparationOptions } from './types.ts';

/** What the engine runs on. */
export interface EngineStatus {
  readonly backend: string;
  readonly report: readonly BackendReport[];
  readonly model: { readonly id: string; readonly title: string };
}

/** What the engine tells while it gets ready or works. */
export type EngineEvent =
  | { readonly kind: 'loading-model'; readonly loadedBytes: number; readonly totalBytes: number }
  | { readonly kind: 'probing'; readonly backend: string }
  | { readonly kind: 'ready'; readonly status: EngineStatus }
  | { readonly kind: 'note'; readonly message: string };

export interface EngineOptions {
  /** Absolute address of the model's folder, with a slash at the end. */
  readonly modelUrl: string;
  /** A backend to use whatever the probe says of the others. */
  readonly backend?: string;
}

/** What the worker offers: see worker.ts. Every call may reject with the errors of errors.ts. */
export interface SeparationEngine {
  prepare(options: EngineOptions, onEvent: (event: EngineEvent) => void): Promise<EngineStatus>;
  /** Starts a separation; nothing is computed before the first `next`. */
  open(song: AudioData, options: Omit<SeparationOptions, 'signal'>): Promise<number>;
  /** The job's next piece; nothing after the last. */
  next(job: number): Promise<SeparationChunk | undefined>;
  /** Ends a job, finished or not. */
  close(job: number): Promise<void>;
}
