import { Emitter } from '../core/emitter.ts';

/** How the work on a song ended. */
export type WorkEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'cancelled' }
  /** It waits for its turn again, and begins anew then. */
  | { readonly kind: 'requeued' };

/** A song's turn, which the queue gives to its work. */
export interface Turn {
  /** Aborts when the song is cancelled, removed or requeued. Later results of the work are ignored. */
  readonly signal: AbortSignal;
  /** Resolves when it is this song's turn; await it before each piece. @throws the signal's reason */
  wait(): Promise<void>;
}

/** Does all the work on one song. If it rejects, the song has failed; the others continue. */
export type Work = (id: string, turn: Turn) => Promise<void>;

export type QueueEvents = {
  /** Songs were added, removed, moved, started or ended. */
  change: [];
  /** The work on a queued song has ended. Emitted before its signal aborts. */
  end: [id: string, end: WorkEnd];
};

/** Thrown by the work on a song that has to start again without having failed. */
export class BeginAgain extends Error {}

/** Most songs in progress: each has its samples in memory. */
const MAX_BEGUN = 3;

interface Place {
  readonly id: string;
  /** Whether there is work to do. */
  due: boolean;
  job: { readonly control: AbortController; resume: (() => void) | undefined } | undefined;
}

/**
 * Schedules the songs of the list, one at a time: the preferred song, else the first one in progress, else the first
 * waiting one. A song in progress that is overtaken pauses and continues later. Songs that are not due only have a place.
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

  /** Whether a song is being processed or waits for it. */
  get busy(): boolean {
    return this.#places.some(({ due }) => due);
  }

  /** The song that is being processed. */
  get active(): string | undefined {
    return this.#active()?.id;
  }

  /** Puts songs at the end. @param due whether there is something to do */
  add(ids: readonly string[], due = true): void {
    for (const id of ids) this.#places.push({ id, due, job: undefined });
    this.#go();
  }

  /** Sets the song that is processed first, whatever its place; undefined: none. */
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

  /** Sorts the songs in this order; songs that are not named follow in their present order. */
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

  /** Queues a song, unless it already waits or is being processed. */
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
      // The song that is furthest from its turn starts again later.
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
    // It was cancelled: the end was already emitted.
    if (place.job !== job) return;
    place.job = undefined;
    place.due = end.kind === 'requeued';
    this.emit('end', place.id, end);
    this.#go();
  }
}
