/**
 * Where a separation should go next, said while it runs: to what a person wants to hear now. It goes there after the
 * patches in progress, on from there to the song's end, and then back to what it left out.
 *
 * @example
 * const priority = new Priority();
 * player.on('seek', (seconds) => priority.at(Math.round(seconds * sampleRate)));
 * for await (const chunk of client.separate(song, { priority })) store.write(chunk);
 */
export class Priority {
  #sample: number | undefined;
  #listener: ((sample: number) => void) | undefined;

  /** Asks for the samples from `sample` on. The last word counts. */
  at(sample: number): void {
    if (this.#listener) this.#listener(sample);
    else this.#sample = sample;
  }

  /** What was asked for since the last call. */
  take(): number | undefined {
    const sample = this.#sample;
    this.#sample = undefined;
    return sample;
  }

  /** Hands on what is asked for, and what was already; returns the way to stop that. */
  listen(listener: (sample: number) => void): () => void {
    const sample = this.take();
    this.#listener = listener;
    if (sample !== undefined) listener(sample);
    return () => {
      if (this.#listener === listener) this.#listener = undefined;
    };
  }
}
