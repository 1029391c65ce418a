import { Emitter } from '../core/emitter.ts';

/** How the work on a song ended. */
export type WorkEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'cancelled' }
  /** It waits for its turn again, and begins anew then. */
  | { readonly kind: 'requeued' };

/** What a song's work gets from the queue. */
export interface Turn {
  /** Fires when the song is cancelled or removed, or has to give its memory back. What the work says afterwards does not count. */
  readonly signal: AbortSignal;
  /** Ends when it is this song's turn; to be awaited before each piece. @throws the signal's reason */
  wait(): Promise<void>;
}

/** Does all the work on one song. Rejecting, it fails; the others go on. */
export type Work = (id: string, turn: Turn) => Promise<void>;

export type QueueEvents = {
  /** Songs came, went, changed places, began or ended. */
  change: [];
  /** The work on a song that was in the queue has ended. Comes before its signal fires. */
  end: [id: string, end: WorkEnd];
};

/** Thrown by the work on a song that has to begin anew, by no fault of its own. */
export class BeginAgain extends Error {}

/** Songs that are begun and not finished: each holds its samples in memory. */
const MAX_BEGUN = 3;

interface Place {
  readonly id: string;
  /** There is something to do. */
  due: boolean;
  job: { readonly control: AbortController; resume: (() => void) | undefined } | undefined;
}

/**
 * Songs in the order of the list, one worked on at a time: the preferred one, else the first that is begun, else the first
 * that waits. A song that was begun and is overtaken stands still and goes on later. Songs that are not due only have
 * their places.
 *
 * @example
 * const queue = new SongQueue(async (id, turn) => {
 *   for await (const chunk of separate(id, turn.signal)) { keep(chunk); await turn.wait(); }
 * });
 * queue.add(['a', 'b']);
 * queue.prefer('b'); // b first; a goes on afterwards
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
  get ids(): readonly string[] {
    return this.#places.map(({ id }) => id);
  }

  /** Something is worked on, or waits for that. */
  get busy(): boolean {
    return this.#places.some(({ due }) => due);
  }

  /** The song that is worked on now. */
  get active(): string | undefined {
    return this.#active()?.id;
  }

  /** Puts songs at the end. @param due whether there is something to do */
  add(ids: readonly string[], due = true): void {
    for (const id of ids) this.#places.push({ id, due, job: undefined });
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

  /** Ends the work on a song; nothing happens where there is none. */
  cancel(id: string): void {
    const place = this.#find(id);
    if (!place?.due) return;
    this.#end(place, { kind: 'cancelled' });
    this.#go();
  }

  /** Ends the work on all songs. */
  cancelAll(): void {
    for (const place of this.#places) if (place.due) this.#end(place, { kind: 'cancelled' });
    this.#go();
  }

  /** Lets a song wait for its turn; nothing happens to one that does, or is worked on. */
  start(id: string): void {
    const place = this.#find(id);
    if (!place || place.due) return;
    place.due = true;
    this.#go();
  }

  /** Takes a song out of the queue. */
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
    const due = this.#places.filter((place) => place.due);
    return due.find(({ id }) => id === this.#preferred) ?? due.find(({ job }) => job) ?? due[0];
  }

  #end(place: Place, end: WorkEnd): void {
    const { job } = place;
    place.job = undefined;
    place.due = end.kind === 'requeued';
    this.emit('end', place.id, end);
    job?.control.abort(new DOMException('Cancelled', 'AbortError'));
  }

  /** Starts or wakes the song whose turn it is. */
  #go(): void {
    const active = this.#active();
    if (active && !active.job) {
      const begun = this.#places.filter(({ job }) => job);
      // The one that is furthest from its turn begins anew later.
      if (begun.length >= MAX_BEGUN) this.#end(begun[begun.length - 1], { kind: 'requeued' });
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
    };
    let end: WorkEnd = { kind: 'done' };
    try {
      await this.#work(place.id, turn);
    } catch (error) {
      end = error instanceof BeginAgain ? { kind: 'requeued' } : { kind: 'failed', error };
    }
    // Whoever cancelled it has said how it ended.
    if (place.job !== job) return;
    place.job = undefined;
    place.due = end.kind === 'requeued';
    this.emit('end', place.id, end);
    this.#go();
  }
}
