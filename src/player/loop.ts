/** A part of the song that is repeated: samples [start, end) of the song. */
export interface Loop {
  readonly start: number;
  readonly end: number;
}

/** Seconds over which the end of a loop is cross-faded into its beginning. */
export const SEAM_SECONDS = 0.01;

/** The shortest loop, seconds: shorter ones are tones, not passages. */
export const MIN_LOOP_SECONDS = 0.1;

/**
 * The loop between two places of a song, in either order: whole samples, inside the song, not shorter than
 * `MIN_LOOP_SECONDS` (its end moves later, or at the end of the song its start moves earlier).
 * @param a, b Places in seconds.
 */
export function loopBetween(a: number, b: number, sampleRate: number, totalSamples: number): Loop {
  const within = (seconds: number) => Math.min(totalSamples, Math.max(0, Math.round(seconds * sampleRate)));
  const shortest = Math.min(totalSamples, Math.ceil(MIN_LOOP_SECONDS * sampleRate));
  const first = within(Math.min(a, b));
  const end = Math.min(totalSamples, Math.max(within(Math.max(a, b)), first + shortest));
  return { start: Math.min(first, end - shortest), end };
}

/**
 * Where the song was `distance` samples before it came to `position`, of which `sinceWrap` samples ago it jumped from
 * the loop's end to its start (Infinity: it did not).
 */
export function positionBefore(position: number, distance: number, sinceWrap: number, loop: Loop | undefined): number {
  if (!loop || distance <= sinceWrap) return position - distance;
  return loop.end - ((distance - sinceWrap) % (loop.end - loop.start));
}

/** Where the song is `distance` samples after `position`; inside a loop, it repeats the loop. */
export function positionAfter(position: number, distance: number, loop: Loop | undefined): number {
  const after = position + distance;
  if (!loop || position >= loop.end || after < loop.end) return after;
  return loop.start + ((after - loop.end) % (loop.end - loop.start));
}

/**
 * How a loop of these bounds is joined without a click. `before`: what leads up to the start fades in under the end.
 * `after`: there is no sound before the start, so what follows the end fades out over the start. `dip`: there is sound
 * on neither side; the end fades out and the start fades in.
 */
export function seamKind(loop: Loop, seam: number, totalSamples: number): 'before' | 'after' | 'dip' {
  if (loop.start >= seam) return 'before';
  return loop.end + seam <= totalSamples ? 'after' : 'dip';
}
