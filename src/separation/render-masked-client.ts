import { retryAfterCrash, WorkerBridge, type WorkerCrashedError } from '../core/worker-bridge.ts';
import type { MaskSize } from '../dsp/mask-paint.ts';
import type { MaskedPiece, MaskedSong, RenderMaskedEngine } from './render-masked.ts';

/**
 * Makes pieces of vocals anew, in a worker that starts with the first one; see renderMasked.ts. What a crash of the
 * worker cut off is made again, once.
 */
export class RenderMaskedClient {
  readonly #bridge: WorkerBridge<RenderMaskedEngine>;

  constructor(onCrash?: (error: WorkerCrashedError) => void) {
    const start = () =>
      new Worker(new URL('./render-masked.worker.ts', import.meta.url), { type: 'module', name: 'renderMasked' });
    this.#bridge = new WorkerBridge(start, { onCrash });
  }

  /** @throws whatever the worker throws; an AbortError after `dispose` */
  renderMasked(song: MaskedSong, piece: MaskedPiece): Promise<readonly Float32Array[]> {
    // Not handed over: a second try needs it too.
    return retryAfterCrash(() => this.#bridge.engine.renderMasked(song, piece));
  }

  /** A mask as a grey PNG of 16 bits; see mask-png.ts. */
  toPng(cells: Uint16Array, size: MaskSize): Promise<Uint8Array<ArrayBuffer>> {
    return retryAfterCrash(() => this.#bridge.engine.toPng(cells, size));
  }

  /** A PNG as a mask. @throws ModelError when it cannot be read */
  fromPng(bytes: Uint8Array, size: MaskSize): Promise<Uint16Array<ArrayBuffer>> {
    return retryAfterCrash(() => this.#bridge.engine.fromPng(bytes, size));
  }

  /** Ends the worker. */
  dispose(): void {
    this.#bridge.dispose();
  }
}
