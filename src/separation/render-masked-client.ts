import { retryAfterCrash, WorkerBridge, type WorkerCrashedError } from '../core/worker-bridge.ts';
import type { MaskSize } from '../dsp/mask-paint.ts';
import type { MaskedPiece, MaskedSong, RenderMaskedEngine } from './render-masked.ts';

/**
 * Milliseconds without a call after which the worker ends: nobody paints any more, and it holds megabytes of FFT
 * tables.
 */
const IDLE_MS = 60_000;

/**
 * Renders pieces of vocals in a worker; see render-masked.ts. The worker starts with the first call, and again after it was
 * idle. A call that a crash cut off is made once more.
 */
export class RenderMaskedClient {
  readonly #bridge: WorkerBridge<RenderMaskedEngine>;

  constructor(onCrash?: (error: WorkerCrashedError) => void) {
    const start = () =>
      new Worker(new URL('./render-masked.worker.ts', import.meta.url), { type: 'module', name: 'renderMasked' });
    this.#bridge = new WorkerBridge(start, { onCrash, idleMs: IDLE_MS });
  }

  /** @throws whatever the worker throws; an AbortError after `dispose` */
  renderMasked(song: MaskedSong, piece: MaskedPiece): Promise<readonly Float32Array[]> {
    // Copied, not transferred: a second try needs it again.
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
