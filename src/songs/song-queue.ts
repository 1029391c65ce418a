import { Emitter } from '../core/emitter.ts';

/** How a song stands. `part`: 0 to 1; undefined: not known. */
export type SongState =
  | { readonly kind: 'waiting' }
  /** Another page has it, and works on it in its turn. */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'decoding'; readonly part?: number }
  | { readonly kind: 'separating'; readonly part: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'cancelled' };

/** A song in the line. */
export interface QueuedSong {
  readonly id: string;
  readonly state: SongState;
}

/** What a song's work gets from the line. */
export interface Turn {
  /** Fires when the song is cancelled, or has to give its memory back. */
  readonly signal: AbortSignal;
  /** Ends when it is this song's turn; to be awaited before each piece. @throws the signal's reason */
  wait(): Promise<void>;
  /** Says how far it is. */
  tell(state: Extract<SongState, { kind: 'decoding' | 'separating' }>): void;
}

/** Does all the work on one song. Rejecting, it fails; the others go on. */
export type Work = (id: string, turn: Turn) => Promise<void>;

export interface QueueEvents extends Record<string, readonly unknown[]> {
  /** Songs came, went, or changed places or states. */
  change: [];
  /** One song's state is another. */
  state: [id: string, state: SongState];
}

/** Thrown by the work on a song that has to begin anew, by no fault of its own. */
export class BeginAgain extends Error {}

/** Songs that are begun and not finished: each holds its samples in memory. */
const MAX_BEGUN = 3;

interface Place {
  readonly id: string;
  state: SongState;
  job: { readonly control: AbortController; resume: (() => void) | undefined } | undefined;
}

const isOpen = ({ state }: Place) => ['waiting', 'decoding', 'separating'].includes(state.kind);

/**
 * Songs, one worked on at a time: the preferred one, else the first that is begun, else the first that waits. What was
 * begun and is overtaken stands still and goes on later.
 *
 * @example
 * const line = new SongQueue(async (id, turn) => {
 *   for await (const chunk of separate(id, turn.signal)) { keep(chunk); await turn.wait(); }
 * });
 * line.add('a');
 * line.add('b');
 * line.prefer('b'); // b first; a goes on afterwards
 */
export class SongQueue extends Emitter<QueueEvents> {
  readonly #work: Work;
  #places: Place[] = [];
  #preferred: string | undefined;

  constructor(work: Work) {
    super();
    this.#work = work;
  }

  /** All songs, in the order of their places. */
  get songs(): readonly QueuedSong[] {
    return this.#places.map(({ id, state }) => ({ id, state }));
  }

  /** A song's state; undefined: there is no such song. */
  stateOf(id: string): SongState | undefined {
    return this.#find(id)?.state;
  }

  /** Something is worked on, or waits for that. */
  get busy(): boolean {
    return this.#places.some(isOpen);
  }

  /** The song that is worked on now. */
  get active(): string | undefined {
    return this.#active()?.id;
  }

  /** Puts songs at the end of the line. @param state all but `waiting`: there is nothing to do */
  add(ids: readonly string[], state: 'waiting' | 'done' | 'cancelled' | 'elsewhere' = 'waiting'): void {
    for (const id of ids) this.#places.push({ id, state: { kind: state }, job: undefined });
    this.#go();
  }

  /** Makes a song the one that is worked on first, wherever its place is; undefined: none is. */
  prefer(id: string | undefined): void {
    if (this.#preferred === id) return;
    this.#preferred = id;
    this.#go();
  }

  /** Moves a song to another place, 0 being the first. */
  move(id: string, to: number): void {
    const place = this.#find(id);
    if (!place) return;
    const others = this.#places.filter((other) => other !== place);
    const at = Math.min(others.length, Math.max(0, to));
    this.#places = [...others.slice(0, at), place, ...others.slice(at)];
    this.#go();
  }

  /** Puts the songs in this order; those that it does not name come after, as they are. */
  arrange(ids: readonly string[]): void {
    const places = new Map(ids.map((id, place) => [id, place]));
    const placeOf = ({ id }: Place) => places.get(id) ?? ids.length;
    const arranged = [...this.#places].sort((a, b) => placeOf(a) - placeOf(b));
    if (arranged.every((place, n) => place === this.#places[n])) return;
    this.#places = arranged;
    this.#go();
  }

  /** What another page had is this one's now, or is done. Nothing happens to any other song. */
  settle(id: string, state: 'waiting' | 'cancelled' | 'done'): void {
    const place = this.#find(id);
    if (place?.state.kind !== 'elsewhere') return;
    this.#set(place, { kind: state });
    this.#go();
  }

  /** Ends the work on a song; nothing happens where there is none. */
  cancel(id: string): void {
    const place = this.#find(id);
    if (!place || !isOpen(place)) return;
    this.#end(place, { kind: 'cancelled' });
    this.#go();
  }

  /** Ends the work on all songs. */
  cancelAll(): void {
    for (const place of this.#places) if (isOpen(place)) this.#end(place, { kind: 'cancelled' });
    this.#go();
  }

  /** Lets a song wait again, whatever became of it. */
  retry(id: string): void {
    const place = this.#find(id);
    if (!place || isOpen(place) || place.state.kind === 'elsewhere') return;
    this.#set(place, { kind: 'waiting' });
    this.#go();
  }

  /** Takes a song out of the line. */
  remove(id: string): void {
    const place = this.#find(id);
    if (!place) return;
    this.#places = this.#places.filter((other) => other !== place);
    if (this.#preferred === id) this.#preferred = undefined;
    place.job?.control.abort(new DOMException('Removed', 'AbortError'));
    place.job = undefined;
    this.#go();
  }

  #find(id: string): Place | undefined {
    return this.#places.find((place) => place.id === id);
  }

  #active(): Place | undefined {
    const open = this.#places.filter(isOpen);
    return open.find(({ id }) => id === this.#preferred) ?? open.find(({ job }) => job) ?? open[0];
  }

  #end(place: Place, state: SongState): void {
    const { job } = place;
    place.job = undefined;
    this.#set(place, state);
    job?.control.abort(new DOMException('Cancelled', 'AbortError'));
  }

  #set(place: Place, state: SongState): void {
    place.state = state;
    this.emit('state', place.id, state);
  }

  /** Starts or wakes the song whose turn it is. */
  #go(): void {
    const active = this.#active();
    if (active && !active.job) {
      const begun = this.#places.filter(({ job }) => job);
      // The one that is furthest from its turn begins anew later.
      if (begun.length >= MAX_BEGUN) this.#end(begun[begun.length - 1], { kind: 'waiting' });
      void this.#run(active);
    }
    active?.job?.resume?.();
    this.emit('change');
  }

  async #run(place: Place): Promise<void> {
    const control = new AbortController();
    const job: NonNullable<Place['job']> = { control, resume: undefined };
    place.job = job;
    const { signal } = control;
    // Whoever cancels sets the state: what the work says afterwards does not count.
    const current = () => place.job === job;
    const turn: Turn = {
      signal,
      wait: async () => {
        while (!signal.aborted && this.#active() !== place) {
          await new Promise<void>((resolve) => {
            job.resume = resolve;
            signal.addEventListener('abort', () => resolve(), { once: true });
          });
          job.resume = undefined;
        }
        signal.throwIfAborted();
      },
      tell: (state) => {
        if (current()) this.#set(place, state);
      },
    };
    let end: SongState = { kind: 'done' };
    try {
      await this.#work(place.id, turn);
    } catch (error) {
      end = error instanceof BeginAgain ? { kind: 'waiting' } : { kind: 'failed', error };
    }
    if (!current()) return;
    place.job = undefined;
    this.#set(place, end);
    this.#go();
  }
}
