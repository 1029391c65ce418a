/**
 * The place in the song that a running separation should do next: what a person wants to hear now. The separation goes
 * there after the patches in progress, continues to the song's end, and then does what it left out.
 *
 * @example
 * const priority = new Priority();
 * player.on('seek', (seconds) => priority.at(Math.round(seconds * sampleRate)));
 * for await (const chunk of client.separate(song, { priority })) store.write(chunk);
 */
export class Priority {
  #sample: number | undefined;
  #listener: ((sample: number) => void) | undefined;

  /** Asks for the samples from `sample` on. The last call counts. */
  at(sample: number): void {
    if (this.#listener) this.#listener(sample);
    else this.#sample = sample;
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
