import type { Scope } from '../core/scope.ts';
import type { SongStorage } from '../songs/storage/song-storage.ts';
import type { MixerRequest } from './mixer-messages.ts';

/** Tells the worklet which separations of the song it can read, by numbers, and how far each is separated. */
export class PlayerResults {
  readonly #scope: Scope;
  readonly #request: (request: MixerRequest, transfer?: Transferable[]) => void;
  readonly #known = new Map<SongStorage, { readonly number: number; readonly scope: Scope }>();

  constructor(scope: Scope, request: (request: MixerRequest, transfer?: Transferable[]) => void) {
    this.#scope = scope;
    this.#request = request;
  }

  /** The number of a result, which the worklet can read from now on. */
  numberOf(store: SongStorage): number {
    return this.#known.get(store)?.number ?? this.#add(store);
  }

  /** Releases all results but these. */
  keep(stores: ReadonlySet<SongStorage>): void {
    for (const [store, { number, scope }] of this.#known) {
      if (stores.has(store)) continue;
      scope.dispose();
      this.#known.delete(store);
      this.#request({ kind: 'drop', result: number });
    }
  }

  #add(store: SongStorage): number {
    const taken = new Set([...this.#known.values()].map(({ number }) => number));
    let number = 0;
    while (taken.has(number)) number++;
    const scope = this.#scope.child();
    this.#known.set(store, { number, scope });
    const tellSource = () => {
      const source = store.playerSource();
      const transfer = source.kind === 'blocks' ? [source.port] : [];
      this.#request({ kind: 'source', result: number, samples: store.samples, source }, transfer);
    };
    const tellDone = () => this.#request({ kind: 'done', result: number, ranges: store.audibleRanges });
    tellSource();
    tellDone();
    scope.add(store.on('crash', tellSource));
    scope.add(store.on('grew', tellDone));
    scope.add(store.on('previewed', tellDone));
    return number;
  }
}
