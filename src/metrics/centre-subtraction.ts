import type { Channels } from './sdr.ts';

/**
 * Centre-channel subtraction, the classic karaoke effect: a voice that is equal in both channels cancels in their
 * difference. The accompaniment is (L − R) / 2 in both channels; the vocals are the mixture minus the accompaniment.
 * For a mono song, or equal channels, the accompaniment is silent and the vocals are the whole song.
 *
 * @param mixture one or two channels
 * @returns stems with the mixture's channels
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
