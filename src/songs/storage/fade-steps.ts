import { nextTask } from '../../core/next-task.ts';

/** Long enough that a player that reads meanwhile jumps by small parts of the difference. */
const FADE_MS = 60;

/**
 * The way from samples that are heard to others, in small steps: a sudden change while a player reads them would click.
 * Without timers, which browsers slow down in pages that nobody sees. The last step, the new samples themselves, is left
 * to the caller.
 *
 * @param from not changed meanwhile
 * @param now milliseconds
 * @returns the same arrays at each step
 */
export async function* fadeSteps(
  from: readonly Float32Array[],
  to: readonly Float32Array[],
  now = () => performance.now(),
): AsyncGenerator<readonly Float32Array[], void, undefined> {
  const between = to.map(({ length }) => new Float32Array(length));
  const begun = now();
  for (let share = 0; share < 1; share = (now() - begun) / FADE_MS) {
    if (share > 0) {
      for (const [c, channel] of between.entries()) {
        const [old, wanted] = [from[c], to[c]];
        for (let n = 0; n < channel.length; n++) channel[n] = old[n] + share * (wanted[n] - old[n]);
      }
      yield between;
    }
    await nextTask();
  }
}
