import type { Channels } from './sdr.ts';

/**
 * Centre-channel subtraction, the classic karaoke method: a voice that is equal in both channels cancels in their
 * difference. Accompaniment: (L − R) / 2 in both channels; vocals: the mixture minus that. For a mono song, or one with
 * equal channels, the accompaniment is silence and the vocals are the whole song.
 */
export function centreSubtraction(mixture: Channels): {
  readonly vocals: Float32Array[];
  readonly accompaniment: Float32Array[];
} {
  const [left, right = left] = mixture;
  const difference = left.map((value, n) => 0.5 * (value - right[n]));
  return {
    vocals: mixture.map((channel) => channel.map((value, n) => value - difference[n])),
    accompaniment: mixture.map(() => difference),
  };
}
