import { Emitter } from '../core/emitter.ts';
import type { SongResult } from './song-results.ts';
import type { SongStorage } from './storage/song-storage.ts';

/** What choosing a result works with. */
export interface ResultChoiceOptions {
  /** Opens a result in the place of the one that is open. Resolves to whether it is open. */
  readonly listen: (id: string) => Promise<boolean>;
  /** Loads a result beside the open one. @throws whatever loading throws */
  readonly hold: (id: string) => Promise<SongStorage | undefined>;
  /** Plays the open result minus this one; undefined: the open one alone. */
  readonly hear: (minus: SongStorage | undefined) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Which of the open song's results is heard: one of them, or the difference of two. Remembers the one that was heard
 * before: one key switches between the two, and their difference is what can be heard.
 *
 * @example
 * const choice = new ResultChoice({ listen, hold, hear, failed });
 * choice.update(resultsOf(songs.state), songs.state.open?.song.id);
 * choice.toggle();
 */
export class ResultChoice extends Emitter<{ change: [] }> {
  readonly #options: ResultChoiceOptions;
  #results: readonly SongResult[] = [];
  #shown: string | undefined;
  #before: string | undefined;
  /** Id of the result that is subtracted. */
  #minus: string | undefined;
  /** Counts wishes: a result that was loaded for an earlier one is not heard. */
  #wish = 0;

  constructor(options: ResultChoiceOptions) {
    super();
    this.#options = options;
  }

  /** All of them; there is a choice from two on. */
  get results(): readonly SongResult[] {
    return this.#results;
  }

  /** The one that is open. */
  get shown(): SongResult | undefined {
    return this.#results.find(({ id }) => id === this.#shown);
  }

  /** The one that was open before; else the first other one. */
  get other(): SongResult | undefined {
    const others = this.#results.filter(({ id }) => id !== this.#shown);
    return others.find(({ id }) => id === this.#before) ?? others[0];
  }

  /** The one that is subtracted from the open one; undefined: no difference is heard. */
  get minus(): SongResult | undefined {
    return this.#results.find(({ id }) => id === this.#minus);
  }

  /** Whether the difference of two can be heard: both are separated whole. */
  get comparable(): boolean {
    return this.shown?.complete === true && this.other?.complete === true;
  }

  /** Takes the results of the open song, and which of them is open. */
  update(results: readonly SongResult[], shown: string | undefined): void {
    if (shown !== this.#shown) {
      this.#before = this.#shown;
      this.#shown = shown;
      // Another result is heard alone at first.
      this.#wish++;
      this.#minus = undefined;
    }
    this.#results = results;
    if (this.#minus !== undefined && (!this.minus || !this.comparable)) this.leaveDifference();
    this.emit('change');
  }

  /** Hears one of the results. */
  choose(id: string): void {
    if (id === this.#shown) this.leaveDifference();
    // Where it cannot be opened, the switch shows what is heard.
    else void this.#options.listen(id).then((opened) => opened || this.emit('change'));
  }

  /** Hears the other result; from the difference, the open one. */
  toggle(): void {
    if (this.minus) this.leaveDifference();
    else if (this.other) this.choose(this.other.id);
  }

  /** Hears the open result's vocals minus the other's. Never rejects. */
  async hearDifference(): Promise<void> {
    const { hold, hear, failed } = this.#options;
    const { other } = this;
    if (!other || !this.comparable || this.minus) return;
    const wish = ++this.#wish;
    try {
      const storage = await hold(other.id);
      if (wish !== this.#wish) return;
      if (storage) {
        this.#minus = other.id;
        hear(storage);
      }
    } catch (error) {
      failed(error);
    }
    // Also where it failed: the switch shows what is heard.
    if (wish === this.#wish) this.emit('change');
  }

  /** Hears the open result alone again. */
  leaveDifference(): void {
    this.#wish++;
    if (this.#minus === undefined) return;
    this.#minus = undefined;
    this.#options.hear(undefined);
    this.emit('change');
  }
}
