import * as Comlink from 'comlink';
import type { SeparationEngine } from '../separation/separation-engine.ts';
import { carryErrors } from './transfer-errors.ts';

carryErrors();

/** A worker that runs, and the way to it. */
export interface WorkerLink {
  readonly engine: Comlink.Remote<SeparationEngine>;
  /** Rejects when the worker stops by itself, or is ended; never resolves. */
  readonly ended: Promise<never>;
  /** Ends it; work in progress is lost. */
  end(): void;
}

/** Starts the worker. */
export function startWorker(name: string): WorkerLink {
  const worker = new Worker(new URL('../separation/separation.worker.ts', import.meta.url), { type: 'module', name });
  const engine = Comlink.wrap<SeparationEngine>(worker);
  let fail: (reason: unknown) => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Whoever waits for it hears of it; nobody may be waiting.
  ended.catch(() => undefined);
  worker.addEventListener('error', (event) => fail(new Error(`The worker stopped: ${event.message}`)), { once: true });
  return {
    engine,
    ended,
    end() {
      engine[Comlink.releaseProxy]();
      worker.terminate();
      fail(new DOMException('The worker was ended.', 'AbortError'));
    },
  };
}
