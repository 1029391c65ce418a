import * as Comlink from 'comlink';
import { carryErrors } from '../../core/transfer-errors.ts';
import type { OpfsSongEngine } from './opfs-song-engine.ts';

carryErrors();

/** The worker of a song in files. */
export interface OpfsLink {
  readonly engine: Comlink.Remote<OpfsSongEngine>;
  /** Rejects when the worker stops by itself, or the signal fires; never resolves. */
  readonly gone: Promise<never>;
  /** Ends it, once it has let go of its files. */
  end(): Promise<void>;
}

/** Starts a worker; see opfs-song.worker.ts. */
export function startOpfsWorker(signal: AbortSignal | undefined): OpfsLink {
  const worker = new Worker(new URL('./opfs-song.worker.ts', import.meta.url), { type: 'module', name: 'long song' });
  const engine = Comlink.wrap<OpfsSongEngine>(worker);
  const gone = new Promise<never>((_, reject) => {
    worker.onerror = (event) => reject(new Error(`The worker stopped: ${event.message}`));
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // Nobody may be waiting when a song that is open is given up.
  gone.catch(() => undefined);
  return {
    engine,
    gone,
    async end() {
      await engine.close().catch(() => undefined);
      worker.terminate();
    },
  };
}
