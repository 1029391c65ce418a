import * as Comlink from 'comlink';
import type { RefilterEngine, RefilterPiece, RefilterSong } from './refilter.ts';

/** Makes pieces of vocals anew, in a worker that starts with the first one; see refilter.ts. */
export class RefilterClient {
  #worker: Worker | undefined;
  #engine: Comlink.Remote<RefilterEngine> | undefined;

  /** @throws whatever the worker throws; never ends after `dispose` */
  async refilter(song: RefilterSong, piece: RefilterPiece): Promise<readonly Float32Array[]> {
    const buffers = [...piece.channels, piece.mask].map((array) => array.buffer as ArrayBuffer);
    return await this.#start().refilter(song, Comlink.transfer(piece, buffers));
  }

  /** Ends the worker. */
  dispose(): void {
    this.#engine?.[Comlink.releaseProxy]();
    this.#worker?.terminate();
    this.#engine = undefined;
    this.#worker = undefined;
  }

  #start(): Comlink.Remote<RefilterEngine> {
    if (this.#engine) return this.#engine;
    this.#worker = new Worker(new URL('./refilter.worker.ts', import.meta.url), { type: 'module', name: 'refilter' });
    this.#engine = Comlink.wrap<RefilterEngine>(this.#worker);
    return this.#engine;
  }
}
