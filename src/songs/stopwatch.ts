/** Measures seconds of work, without the time of other songs. */
export class Stopwatch {
  readonly #now: () => number;
  #before = 0;
  #since: number | undefined;
  /** Time and size of the first piece. */
  #first: { readonly at: number; readonly done: number } | undefined;

  /** @param now milliseconds */
  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  get seconds(): number {
    return (this.#before + (this.#since === undefined ? 0 : this.#now() - this.#since)) / 1000;
  }

  stop(): void {
    this.#before = 1000 * this.seconds;
    this.#since = undefined;
  }

  go(): void {
    this.#since ??= this.#now();
  }

  /** Speed so far. The first piece's time includes loading the model, so it is left out as soon as there are more. */
  speedAt(doneSeconds: number): number {
    const now = this.seconds;
    if (!this.#first) {
      this.#first = { at: now, done: doneSeconds };
      return doneSeconds / now;
    }
    return (doneSeconds - this.#first.done) / Math.max(1e-3, now - this.#first.at);
  }
}
