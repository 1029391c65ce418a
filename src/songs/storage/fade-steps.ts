/** Milliseconds from one step to the next: about as long as an audio thread takes for the blocks of one go. */
const STEP_MS = 5;
const STEPS = 20;

/**
 * The way from samples that are heard to others, in steps of a tenth of a second in all: a player that reads them
 * meanwhile jumps by a twentieth of the difference at each step, which is no click. The last step, the new samples
 * themselves, is left to the caller.
 */
export async function* fadeSteps(
  from: readonly Float32Array[],
  to: readonly Float32Array[],
): AsyncGenerator<Float32Array[], void, undefined> {
  for (let step = 1; step < STEPS; step++) {
    const share = step / STEPS;
    yield to.map((channel, c) => channel.map((value, n) => from[c][n] + share * (value - from[c][n])));
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}
