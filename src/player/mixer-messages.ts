import type { Range } from '../core/ranges.ts';
import type { PlayerSource } from '../songs/storage/player-source.ts';
import type { CountIn } from './count-in.ts';
import type { Loop } from './loop.ts';
import type { RateAndKey } from './rate-and-key.ts';
import type { HeardResult } from './result-reader.ts';
import type { Stretcher } from './stretcher.ts';

/** Name under which the worklet registers. */
export const MIXER_NAME = 'unsung-mixer';

/** Global name in the worklet's scope of the function that creates a stretcher, after it is loaded. */
export const STRETCH_NAME = 'unsungCreateStretcher';

/** The function stored under `STRETCH_NAME`. */
export type CreateStretcher = (channels: number, sampleRate: number) => Promise<Stretcher>;

/**
 * Messages from the page to the worklet. `token` numbers the requests, so that a report can name the newest it
 * includes.
 */
export type MixerRequest =
  /** `result`: number of the separation. `samples`: of one channel. */
  | { readonly kind: 'source'; readonly result: number; readonly samples: number; readonly source: PlayerSource }
  | { readonly kind: 'done'; readonly result: number; readonly ranges: readonly Range[] }
  | { readonly kind: 'hear'; readonly heard: HeardResult }
  /** The result is not heard any longer. */
  | { readonly kind: 'drop'; readonly result: number }
  | { readonly kind: 'mix'; readonly vocals: number; readonly accompaniment: number }
  | { readonly kind: 'loop'; readonly loop: Loop | undefined }
  /** Speed and key. The stretcher must be loaded first, unless both are as recorded. */
  | { readonly kind: 'rateAndKey'; readonly rateAndKey: RateAndKey }
  | { readonly kind: 'play'; readonly token: number; readonly countIn?: CountIn }
  | { readonly kind: 'pause'; readonly token: number }
  | { readonly kind: 'seek'; readonly token: number; readonly sample: number }
  | { readonly kind: 'end' };

/** State of the mixer. `position` in samples of the song, at the start of the next block. */
export interface MixerState {
  readonly position: number;
  /** Playback was requested (the mixer may be loading, or counting in). */
  readonly playing: boolean;
  /** The original replaces the stems, fully or partly, because they are not separated here. */
  readonly standsIn: boolean;
  /** Playing, but the next samples are still being read from the disk: the position does not advance. */
  readonly loading: boolean;
  /** The song's end was reached since the last `play()` or `seek()`. */
  readonly ended: boolean;
  /** Beats of the count-in that remain, the current one included; the position does not advance. */
  readonly counting: number;
  /** Seconds of the song per second. */
  readonly speed: number;
  /** The loop that is being repeated; undefined without a loop and after its end. */
  readonly loop: Loop | undefined;
  /** Samples of the song since it last jumped back to the loop's start; Infinity: it did not. */
  readonly sinceWrap: number;
}

/** Report of the worklet to the page, about every 20 ms and at each change. */
export interface MixerReport extends MixerState {
  /** Time of the audio context, seconds, at which the sample at `position` leaves the worklet. */
  readonly contextTime: number;
  /** The newest request that this report includes. */
  readonly token: number;
}

/** The report of a mixer that has done nothing yet. */
export const IDLE: MixerReport = {
  position: 0,
  playing: false,
  standsIn: false,
  loading: false,
  ended: false,
  counting: 0,
  speed: 1,
  loop: undefined,
  sinceWrap: Number.POSITIVE_INFINITY,
  contextTime: 0,
  token: 0,
};

/** Options of the worklet's processor. */
export interface MixerOptions {
  readonly songRate: number;
  readonly channels: number;
}

/** Message of the worklet when the stretcher cannot be created. */
export interface MixerFailure {
  readonly failed: string;
}
