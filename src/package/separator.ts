import { type AudioData, sampleCount } from '../audio/audio-data.ts';
import { ParameterError } from '../core/errors.ts';
import {
  type EngineEvent,
  type EngineStatus,
  type Quality,
  SeparationClient,
} from '../separation/separation-client.ts';
import type { SeparationChunk, SeparationOptions } from '../separation/types.ts';
import { type AudioInput, toAudioData } from './audio-input.ts';

export interface SeparatorOptions {
  /** Address of a model's folder, as `npm run convert` writes it, relative to the page. */
  readonly model: string | URL;
  /** `webgpu`, `webgl`, `wasm` or `cpu`. Default: the fastest that computes the model's test values correctly. */
  readonly backend?: string;
  /**
   * `best` or `fast`, for a model that has both. Default: best if the backend is fast enough for it, otherwise fast.
   * Each separation can override it: `options.quality`.
   */
  readonly quality?: Quality;
  /** Called while the model loads and the backends are tried. */
  readonly onEvent?: (event: EngineEvent) => void;
}

export interface SeparateOptions extends SeparationOptions {
  /** Called after each finished chunk; seconds of the song. */
  readonly onProgress?: (progress: { readonly doneSeconds: number; readonly totalSeconds: number }) => void;
}

/** Both stems of a song, at its sample rate and with its channels; vocals + accompaniment = the song. */
export interface Stems {
  readonly sampleRate: number;
  readonly vocals: readonly Float32Array<ArrayBuffer>[];
  readonly accompaniment: readonly Float32Array<ArrayBuffer>[];
}

/** Separates songs in a worker; see `createSeparator`. */
export interface Separator {
  /**
   * Loads the model and chooses a backend, so that the first separation starts at once.
   *
   * @throws ModelError, BackendError
   */
  prepare(): Promise<EngineStatus>;
  /**
   * Separates a whole song.
   * @throws AudioDecodeError, ModelError, BackendError; the signal's reason
   */
  separate(audio: AudioInput, options?: SeparateOptions): Promise<Stems>;
  /**
   * Separates a song chunk by chunk, for playing or saving on the way. Chunks come as soon as they are final, in order
   * and without gaps unless a `priority` says otherwise; `previews` come sooner and are not final. Leaving the loop ends
   * the work.
   *
   * @throws AudioDecodeError, ModelError, BackendError; the signal's reason
   */
  stream(audio: AudioInput, options?: SeparateOptions): AsyncGenerator<SeparationChunk, void, undefined>;
  /** Ends the worker and frees its memory. */
  dispose(): void;
}

/**
 * Makes a separator with one model. Its worker starts with the first call. Nothing is sent anywhere; it fetches only
 * the model, the package's own files and the sound.
 *
 * @throws ParameterError if `model` is not the address of a folder
 * @example
 * const separator = createSeparator({ model: './models/spleeter/' });
 * const { vocals, accompaniment, sampleRate } = await separator.separate('song.mp3', {
 *   signal: AbortSignal.timeout(60_000),
 *   onProgress: ({ doneSeconds, totalSeconds }) => console.log(doneSeconds / totalSeconds),
 * });
 * separator.dispose();
 */
export function createSeparator({ model, backend, quality, onEvent }: SeparatorOptions): Separator {
  const client = new SeparationClient({ ...folderOf(model), backend, quality, onEvent });

  async function* pieces(song: AudioData, { onProgress, ...options }: SeparateOptions) {
    for await (const chunk of client.separate(song, options)) {
      const seconds = (samples: number) => samples / song.sampleRate;
      const progress = { doneSeconds: seconds(chunk.doneSamples), totalSeconds: seconds(chunk.totalSamples) };
      if (!chunk.isPreview) onProgress?.(progress);
      yield chunk;
    }
  }

  return {
    prepare: () => client.prepare(),
    async separate(audio, options = {}) {
      const song = await toAudioData(audio, options.signal);
      const empty = () => song.channels.map(() => new Float32Array(sampleCount(song)));
      const stems = { sampleRate: song.sampleRate, vocals: empty(), accompaniment: empty() };
      for await (const chunk of pieces(song, options)) {
        for (const stem of ['vocals', 'accompaniment'] as const) {
          chunk[stem].forEach((channel, c) => {
            stems[stem][c].set(channel, chunk.start);
          });
        }
      }
      return stems;
    },
    async *stream(audio, options = {}) {
      yield* pieces(await toAudioData(audio, options.signal), options);
    },
    dispose: () => client.dispose(),
  };
}

/** Splits a model's address into the folder of models and the name in it. */
function folderOf(model: string | URL) {
  const url = new URL(model, document.baseURI);
  const parts = /^(.*\/)([^/]+)\/?$/.exec(url.pathname);
  if (!parts) {
    throw new ParameterError('parameter.model-address', { url: url.href });
  }
  const modelsUrl = new URL(parts[1], url).href;
  return { modelsUrl, model: { origin: 'built-in', id: decodeURIComponent(parts[2]) } as const };
}
