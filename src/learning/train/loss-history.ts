/** Steps that the smoothed loss is the mean of. */
const SMOOTHING = 10;

/** The loss of the held-out example after some steps. */
export interface HeldOutLoss {
  readonly step: number;
  readonly loss: number;
}

/** The losses of a training. */
export class LossHistory {
  readonly #losses: number[] = [];
  readonly #heldOut: HeldOutLoss[] = [];

  /** The loss of each step. */
  get losses(): readonly number[] {
    return this.#losses;
  }

  get heldOut(): readonly HeldOutLoss[] {
    return this.#heldOut;
  }

  /** The running mean of the losses. */
  get smoothed(): readonly number[] {
    return this.#losses.map((_, n) => mean(this.#losses.slice(Math.max(0, n - SMOOTHING + 1), n + 1)));
  }

  /** Means of the first and of the last losses; undefined before there are two. */
  get ends(): { readonly first: number; readonly last: number } | undefined {
    if (this.#losses.length < 2) return undefined;
    return { first: mean(this.#losses.slice(0, SMOOTHING)), last: mean(this.#losses.slice(-SMOOTHING)) };
  }

  addStep(loss: number): void {
    this.#losses.push(loss);
  }

  addHeldOut(loss: HeldOutLoss): void {
    this.#heldOut.push(loss);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
