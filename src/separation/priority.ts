/**
 * The place in the song that a running separation should do next: what a person wants to hear now. The separation goes
 * there at once, or where the network takes one patch at a time, after the one in progress. It continues to the song's end, and then does what it left out.
 *
 * @example
 * const priority = new Priority();
 * player.on('seek', (seconds) => priority.at(Math.round(seconds * sampleRate)));
 * for await (const chunk of client.separate(song, { priority })) store.write(chunk);
 */
export class Priority {
  #sample: number | undefined;
  #listener: ((sample: number) => void) | undefined;
  /** Call it when there is a sample to take; undefined: nobody waits for one. */
  #tell: (() => void) | undefined;
  #asked: Promise<void> | undefined;

  /** Asks for the samples from `sample` on. The last call counts. */
  at(sample: number): void {
    if (this.#listener) {
      this.#listener(sample);
      return;
    }
    this.#sample = sample;
    this.#tell?.();
    this.#asked = undefined;
  }

  /** Resolves as soon as there is a sample to take. */
  asked(): Promise<void> {
    if (this.#sample !== undefined) return Promise.resolve();
    this.#asked ??= new Promise((resolve) => {
      this.#tell = resolve;
    });
    return this.#asked;
  }

  /** The sample asked for since the last call; undefined: none. */
  take(): number | undefined {
    const sample = this.#sample;
    this.#sample = undefined;
    return sample;
  }

  /**
   * Calls `listener` with every sample asked for, also an earlier one that nobody took. Returns a function that stops
   * it.
   */
  listen(listener: (sample: number) => void): () => void {
    const sample = this.take();
    this.#listener = listener;
    if (sample !== undefined) listener(sample);
    return () => {
      if (this.#listener === listener) this.#listener = undefined;
    };
  }
}
