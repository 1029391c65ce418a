/** Milliseconds from one step to the next: about as long as an audio thread takes for the blocks of one go. */
const STEP_MS = 5;
const STEPS = 12;

/**
 * The way from samples that are heard to others, in small steps: a player that reads them meanwhile jumps by a twelfth
 * of the difference at each step, which is no click. The last step, the new samples themselves, is left to the caller.
 *
 * @returns arrays of the caller's until the next step
 */
export async function* fadeSteps(
  from: readonly Float32Array[],
  to: readonly Float32Array[],
): AsyncGenerator<readonly Float32Array[], void, undefined> {
  const now = to.map((_, c) => from[c].slice());
  for (let step = 1; step < STEPS; step++) {
    for (const [c, channel] of now.entries()) {
      const [old, wanted] = [from[c], to[c]];
      const share = step / STEPS;
      for (let n = 0; n < channel.length; n++) channel[n] = old[n] + share * (wanted[n] - old[n]);
    }
    yield now;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}
