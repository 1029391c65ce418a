import type { FusedNetwork } from '../graph/compile-fused.ts';
import type { LoadedModel } from '../load.ts';
import type { Stem } from '../manifest.ts';
import type { NetworkShape } from '../network-shape.ts';
import { networkOnBackend } from './network-on-backend.ts';
import { runNetworks } from './run-network.ts';

/** Input of a model's networks. */
export interface NetworkInput {
  /** The networks to run. */
  readonly stems: readonly Stem[];
  /** [n, bins, frames, channels]. */
  readonly values: Float32Array;
  readonly n: number;
  readonly shape: NetworkShape;
}

/** Where a model's networks are computed: here, or in workers (network-pool.ts). */
export interface Networks {
  /** Calls that keep all its processors busy, of an input with so many networks. */
  concurrency(networks: number): number;
  /**
   * The outputs of the networks, in the order of the stems, in the layout of the input.
   *
   * @param signal drops what is not done; the call rejects with its reason
   */
  run(input: NetworkInput, signal?: AbortSignal): Promise<readonly Float32Array[]>;
  /** Frees the weights' memory. */
  dispose(): Promise<void>;
}

/** Computes on the current backend of this thread. A network's weights go to the backend when it first runs. */
export class LocalNetworks implements Networks {
  readonly #loaded: LoadedModel;
  readonly #networks = new Map<Stem, Promise<FusedNetwork>>();

  constructor(loaded: LoadedModel) {
    this.#loaded = loaded;
  }

  concurrency(): number {
    return 1;
  }

  async run({ stems, values, n, shape }: NetworkInput): Promise<readonly Float32Array[]> {
    const outputs: Float32Array[] = [];
    // One after the other: the first run of a network frees memory of its weights (see freeFilter) for the next one.
    for (const stem of stems) outputs.push(...(await runNetworks([await this.#network(stem)], values, n, shape)));
    return outputs;
  }

  async dispose(): Promise<void> {
    const networks = [...this.#networks.values()];
    this.#networks.clear();
    for (const network of await Promise.allSettled(networks)) {
      if (network.status === 'fulfilled') network.value.dispose();
    }
  }

  #network(stem: Stem): Promise<FusedNetwork> {
    const known = this.#networks.get(stem);
    if (known) return known;
    const network = networkOnBackend(this.#loaded, stem);
    this.#networks.set(stem, network);
    // The next call tries again.
    network.catch(() => this.#networks.delete(stem));
    return network;
  }
}
