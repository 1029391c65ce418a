import type { LoadedModel } from '../load.ts';
import type { Stem, StoredNetwork } from '../manifest.ts';
import type { NetworkShape } from '../network-shape.ts';
import type { NamedWeights } from '../weights.ts';
import type { NetworkInput, Networks } from './networks.ts';
import { createStopper, type Stopper, stop } from './stop-run.ts';

/** A thread that runs networks, one input at a time. */
export interface NetworkThread {
  /** Puts a network's weights on the thread. Their arrays may be handed over. */
  load(stem: Stem, network: StoredNetwork, weights: NamedWeights): Promise<void>;
  /** Frees a network's memory. */
  unload(stem: Stem): Promise<void>;
  /**
   * The network's output, in the layout of the input: [n, bins, frames, channels].
   *
   * @throws an AbortError when the stopper says so
   */
  run(stem: Stem, values: Float32Array, n: number, shape: NetworkShape, stopper?: Stopper): Promise<Float32Array>;
  /** Ends the thread. */
  end(): void;
}

/** One network on one input. */
interface Task extends Omit<NetworkInput, 'stems'> {
  /** The network's place among those of its input, and how many these are. */
  readonly place: number;
  readonly places: number;
  readonly stem: Stem;
  /** Stops the run. */
  readonly stopper: Stopper | undefined;
  readonly resolve: (output: Float32Array) => void;
  readonly reject: (reason: unknown) => void;
}

interface Member {
  readonly thread: NetworkThread;
  readonly loaded: Set<Stem>;
  busy: boolean;
}

/**
 * Computes a model's networks on several threads at once. Each network of an input is a task of its own. Tasks begin in
 * the order in which they came; the outputs are those of one thread, bit for bit.
 *
 * Memory is what limits the number of threads, and most of it are weights. So each thread keeps to one network where
 * there are enough threads: two threads with one of two networks each need no more than one thread with both.
 */
export class NetworkPool implements Networks {
  readonly #loaded: LoadedModel;
  readonly #members: readonly Member[];
  readonly #waiting: Task[] = [];

  constructor(loaded: LoadedModel, threads: readonly NetworkThread[]) {
    this.#loaded = loaded;
    this.#members = threads.map((thread) => ({ thread, loaded: new Set<Stem>(), busy: false }));
  }

  /** One more than are computed at a time, so that no thread waits while an input is made or an output is used. */
  concurrency(networks: number): number {
    return Math.ceil(this.#members.length / networks) + 1;
  }

  async run({ stems, ...input }: NetworkInput, signal?: AbortSignal): Promise<readonly Float32Array[]> {
    signal?.throwIfAborted();
    const tasks: Task[] = [];
    const stopper = signal && createStopper();
    const outputs = stems.map(
      (stem, place) =>
        new Promise<Float32Array>((resolve, reject) => {
          tasks.push({ ...input, stem, place, places: stems.length, stopper, resolve, reject });
        }),
    );
    const drop = () => {
      stop(stopper);
      for (const task of tasks) {
        const at = this.#waiting.indexOf(task);
        if (at >= 0) this.#waiting.splice(at, 1);
        task.reject(signal?.reason);
      }
    };
    signal?.addEventListener('abort', drop);
    this.#waiting.push(...tasks);
    this.#assign();
    try {
      return await Promise.all(outputs);
    } finally {
      signal?.removeEventListener('abort', drop);
    }
  }

  async dispose(): Promise<void> {
    for (const { thread } of this.#members) thread.end();
  }

  /** Gives each idle thread the first task that it may do. */
  #assign(): void {
    for (const [index, member] of this.#members.entries()) {
      if (member.busy) continue;
      const at = this.#waiting.findIndex((task) => serves(index, this.#members.length, task));
      if (at < 0) continue;
      const [task] = this.#waiting.splice(at, 1);
      member.busy = true;
      void this.#compute(member, index, task)
        .then(task.resolve, task.reject)
        .finally(() => {
          member.busy = false;
          this.#assign();
        });
    }
  }

  async #compute({ thread, loaded }: Member, index: number, task: Task): Promise<Float32Array> {
    const { stem, values, n, shape, stopper } = task;
    if (!loaded.has(stem)) {
      // What it no longer serves: another quality runs other networks.
      if (servesOne(index, this.#members.length, task)) {
        for (const other of loaded) await thread.unload(other);
        loaded.clear();
      }
      const network = this.#loaded.manifest.networks[stem]!;
      await thread.load(stem, network, await this.#loaded.readWeights(stem));
      loaded.add(stem);
    }
    return await thread.run(stem, values, n, shape, stopper);
  }
}

/** Whether a thread runs the network of a task. */
function serves(thread: number, threads: number, { place, places }: Task): boolean {
  if (threads < places) return place % threads === thread;
  return !servesOne(thread, threads, { places }) || thread % places === place;
}

/** Whether a thread runs one network only: all but those that are left when each network has as many threads. */
function servesOne(thread: number, threads: number, { places }: Pick<Task, 'places'>): boolean {
  return thread < Math.floor(threads / places) * places;
}
