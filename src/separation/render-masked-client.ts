import * as Comlink from 'comlink';
import { carryErrors } from '../core/transfer-errors.ts';
import type { MaskSize } from '../dsp/mask-paint.ts';
import type { MaskedPiece, MaskedSong, RenderMaskedEngine } from './render-masked.ts';

carryErrors();

/** Makes pieces of vocals anew, in a worker that starts with the first one; see renderMasked.ts. */
export class RenderMaskedClient {
  #worker: Worker | undefined;
  #engine: Comlink.Remote<RenderMaskedEngine> | undefined;

  /** @throws whatever the worker throws; never ends after `dispose` */
  async renderMasked(song: MaskedSong, piece: MaskedPiece): Promise<readonly Float32Array[]> {
    const buffers = [...piece.channels, piece.mask].map((array) => array.buffer as ArrayBuffer);
    return await this.#start().renderMasked(song, Comlink.transfer(piece, buffers));
  }

  /** A mask as a grey PNG of 16 bits; see mask-png.ts. */
  toPng(cells: Uint16Array, size: MaskSize): Promise<Uint8Array<ArrayBuffer>> {
    return this.#start().toPng(cells, size);
  }

  /** A PNG as a mask. @throws ModelError when it cannot be read */
  fromPng(bytes: Uint8Array, size: MaskSize): Promise<Uint16Array<ArrayBuffer>> {
    return this.#start().fromPng(bytes, size);
  }

  /** Ends the worker. */
  dispose(): void {
    this.#engine?.[Comlink.releaseProxy]();
    this.#worker?.terminate();
    this.#engine = undefined;
    this.#worker = undefined;
  }

  #start(): Comlink.Remote<RenderMaskedEngine> {
    if (this.#engine) return this.#engine;
    this.#worker = new Worker(new URL('./render-masked.worker.ts', import.meta.url), {
      type: 'module',
      name: 'renderMasked',
    });
    this.#engine = Comlink.wrap<RenderMaskedEngine>(this.#worker);
    return this.#engine;
  }
}
