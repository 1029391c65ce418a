/** Seconds of work: those in which another song had its turn do not count. */
export class Stopwatch {
  readonly #now: () => number;
  #before = 0;
  #since: number | undefined;
  /** When the first piece was there, and how much it was. */
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

  /** The first piece's time holds the loading of the model: the speed is taken from there on, if there is more. */
  speedAt(doneSeconds: number): number {
    const now = this.seconds;
    if (!this.#first) {
      this.#first = { at: now, done: doneSeconds };
      return doneSeconds / now;
    }
    return (doneSeconds - this.#first.done) / Math.max(1e-3, now - this.#first.at);
  }
}
