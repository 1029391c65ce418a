import type { AudioData } from '../audio/audio-data.ts';
import type { Message } from '../core/message.ts';
import type { StartOnPage } from '../core/page-started-worker.ts';
import type { ExaminedFiles, PresetEntry } from '../model/import/import-checkpoint.ts';
import type { BuildOptions, BuiltModel } from '../model/import/types.ts';
import type { ModelManifest, Quality } from '../model/manifest.ts';
import type { BackendReport } from '../model/runtime/backend.ts';
import type { ModelChoice } from './model-choice.ts';
import type { PortSong, SeparationChunk, SeparationOptions } from './types.ts';

/** A model in the list of those to choose from. */
export interface ModelEntry extends ModelChoice {
  /** Undefined where it cannot be read; `fault` says why. */
  readonly manifest?: ModelManifest;
  /** Bytes of its files. */
  readonly bytes: number;
  /** Whether it will be there at the next visit. */
  readonly lasts: 'browser' | 'page';
  /** Why it cannot be used, as a sentence. */
  readonly fault?: Message;
}

/** What the engine runs on. */
export interface EngineStatus {
  readonly backend: string;
  readonly report: readonly BackendReport[];
  readonly model: Pick<ModelManifest, 'id' | 'title'>;
  /** The quality that is used unless another is asked for; undefined where the model has only one. */
  readonly quality?: Quality;
  /** Seconds of song per second of the networks' time, for each quality, by the probe. */
  readonly speeds?: Readonly<Record<Quality, number>>;
}

/** What the engine reports while it starts or works. */
export type EngineEvent =
  | { readonly kind: 'loading-model'; readonly loadedBytes: number; readonly totalBytes: number }
  | { readonly kind: 'probing'; readonly backend: string }
  | { readonly kind: 'ready'; readonly status: EngineStatus }
  | { readonly kind: 'note'; readonly message: Message };

export interface EngineOptions {
  readonly model: ModelChoice;
  /** Absolute address of the folder of the page's own models, with a slash at the end. */
  readonly modelsUrl: string;
  /** A backend to use whatever the probe says of the others. */
  readonly backend?: string;
  /** A quality to use whatever the probe says of its speed; ignored for a model that has only one. */
  readonly quality?: Quality;
}

/** A model to be made from files. */
export interface ImportRequest {
  /** By base name, or by their paths in a converted model's folder. */
  readonly files: readonly { readonly name: string; readonly file: Blob }[];
  /** Undefined: the files say what they are. */
  readonly presetId?: string;
  readonly options: BuildOptions;
}

/** What the worker offers: see separation.worker.ts. Every call may reject with the errors of core/errors.ts. */
export interface SeparationEngine {
  /** Says how the workers of the networks are started; to be called first. */
  startNetworksBy(start: StartOnPage): Promise<void>;
  /** Loads a model in place of the one before; jobs that are open end. */
  prepare(options: EngineOptions, onEvent: (event: EngineEvent) => void): Promise<EngineStatus>;
  /**
   * Gets ready for a song that comes soon: starts again what has ended while it idled. Does nothing before the model is
   * loaded, or during a separation.
   *
   * @param quality default: see EngineStatus
   */
  warmUp(quality?: Quality): Promise<void>;
  /** Starts a separation; it computes nothing before the first `next`. */
  open(song: AudioData | PortSong, options: Omit<SeparationOptions, 'signal' | 'priority'>): Promise<number>;
  /** Sends a job to a sample of its song: it goes there after the patches in progress. */
  prioritise(job: number, sample: number): Promise<void>;
  /** The job's next piece; nothing after the last. */
  next(job: number): Promise<SeparationChunk | undefined>;
  /** Ends a job, finished or not. */
  close(job: number): Promise<void>;
  /** The page's own models, then those stored in the browser. */
  models(modelsUrl: string): Promise<readonly ModelEntry[]>;
  /** What a checkpoint can be. */
  presets(): Promise<readonly PresetEntry[]>;
  /** Tells what files are, and refuses those that cannot be imported. */
  examine(files: ImportRequest['files']): Promise<ExaminedFiles>;
  /** Makes a model of files; stores nothing. */
  build(request: ImportRequest): Promise<BuiltModel>;
  /** Stores a model, under another id where its own is taken. */
  keep(built: BuiltModel, taken: readonly string[]): Promise<ModelEntry>;
  /** Removes a stored model. */
  remove(id: string): Promise<void>;
}
