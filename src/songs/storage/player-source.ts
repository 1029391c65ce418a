import type { SongPiece } from './song-source.ts';

/** Source of the audio worklet: arrays in shared memory, or blocks of the song that it requests. */
export type PlayerSource =
  | { readonly kind: 'arrays'; readonly arrays: SongPiece }
  /** The port takes `BlockRequest` and answers with `BlockMessage`. */
  | { readonly kind: 'blocks'; readonly port: MessagePort };

/** Samples of one block; the last block of a song is shorter. */
export const BLOCK_SAMPLES = 1 << 16;

/** Requests of the player. */
export type BlockRequest =
  /** Numbers of blocks, the most urgent first. */
  | { readonly need: readonly number[] }
  /** The player has ended. */
  | { readonly end: true };

/** Answers to the player: a block, or changed vocals, from sample `start` on. */
export type BlockMessage =
  | { readonly index: number; readonly piece: SongPiece }
  | { readonly start: number; readonly vocals: readonly Float32Array[] };

/** The number of the block that a sample lies in. */
export function blockOf(sample: number): number {
  return Math.floor(sample / BLOCK_SAMPLES);
}
