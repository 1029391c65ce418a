import type { Range } from '../core/ranges.ts';
import type { PlayerSource } from '../songs/storage/player-source.ts';
import type { CountIn } from './count-in.ts';
import type { Loop } from './loop.ts';
import type { RateAndKey } from './rate-and-key.ts';
import type { Stretcher } from './stretcher.ts';

/** Name under which the worklet registers. */
export const MIXER_NAME = 'unsung-mixer';

/** Name under which the worklet's scope knows how a stretcher is made, once that is loaded. */
export const STRETCH_NAME = 'unsungCreateStretcher';

/** What lies under `STRETCH_NAME`. */
export type CreateStretcher = (channels: number, sampleRate: number) => Promise<Stretcher>;

/** What the page tells the worklet. `token` numbers the orders, so that a report can say which it already knows. */
export type MixerOrder =
  /** `samples`: of one channel. */
  | { readonly kind: 'source'; readonly samples: number; readonly source: PlayerSource }
  | { readonly kind: 'done'; readonly ranges: readonly Range[] }
  | { readonly kind: 'mix'; readonly vocals: number; readonly accompaniment: number }
  | { readonly kind: 'loop'; readonly loop: Loop | undefined }
  /** Speed and key; what is not as recorded needs the stretcher to be loaded first. */
  | { readonly kind: 'rateAndKey'; readonly rateAndKey: RateAndKey }
  | { readonly kind: 'play'; readonly token: number; readonly countIn?: CountIn }
  | { readonly kind: 'pause'; readonly token: number }
  | { readonly kind: 'seek'; readonly token: number; readonly sample: number }
  | { readonly kind: 'end' };

/** What the mixer tells. `position` in samples of the song, at the start of the block that comes next. */
export interface MixerState {
  readonly position: number;
  /** The person wants it to play (it may be loading, or counting in). */
  readonly playing: boolean;
  /** Playing the original, in whole or in part: the stems that the mix needs are not separated here. */
  readonly standsIn: boolean;
  /** Playing, but what comes next is still being fetched from the disk: the position stands still. */
  readonly loading: boolean;
  /** The song's end was reached since the last `play()` or `seek()`. */
  readonly ended: boolean;
  /** Beats of the count-in that are still to be heard, this one included; the position stands still. */
  readonly counting: number;
  /** Seconds of the song in a second. */
  readonly speed: number;
  /** The loop that the position goes round in; undefined where there is none, and behind its end. */
  readonly loop: Loop | undefined;
  /** Samples of the song since it last jumped back to the loop's start; Infinity: it did not. */
  readonly sinceWrap: number;
}

/** What the worklet tells the page, about every 20 ms and at each change. */
export interface MixerReport extends MixerState {
  /** Time of the audio context, seconds, at which the sample at `position` leaves the worklet. */
  readonly contextTime: number;
  /** Newest order that is taken into account. */
  readonly token: number;
}

/** Options of the worklet's processor. */
export interface MixerOptions {
  readonly songRate: number;
  readonly channels: number;
}

/** What the worklet tells when the stretcher cannot be made. */
export interface MixerFailure {
  readonly failed: string;
}
