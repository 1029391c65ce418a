import { message } from '../../core/message.ts';
import { type Calls, WorkerBridge, WorkerCrashedError } from '../../core/worker-bridge.ts';
import type { ExportEngine, ExportOutcome } from './export-engine.ts';

type Failure = Extract<ExportOutcome, { readonly kind: 'failed' }>;
type Ended = Failure | Extract<ExportOutcome, { readonly kind: 'cancelled' }>;

/** The worker that exports files, started with the first export. A failure is an outcome, never an exception. */
export class ExportLink {
  readonly #bridge = new WorkerBridge<ExportEngine>(
    () => new Worker(new URL('./export.worker.ts', import.meta.url), { type: 'module', name: 'export' }),
  );
  /** Ends the time before the worker begins. */
  #waiting: AbortController | undefined;

  /**
   * Calls the worker.
   * @param ready is awaited before the call
   */
  async call<Outcome>(
    ask: (engine: Calls<ExportEngine>) => Promise<Outcome>,
    ready: Promise<void> = Promise.resolve(),
  ): Promise<Outcome | Ended> {
    const waiting = new AbortController();
    this.#waiting = waiting;
    const ended = new Promise<void>((resolve) => {
      waiting.signal.addEventListener('abort', () => resolve());
    });
    await Promise.race([ended, ready]);
    this.#waiting = undefined;
    // Also if the abort came after the race: the worker must not begin work that nobody waits for.
    if (waiting.signal.aborted) return waiting.signal.reason as Ended;
    return await ask(this.#bridge.engine).catch(failure);
  }

  /** Cancels the current export: its outcome is “cancelled”. */
  async cancel(): Promise<void> {
    if (this.#waiting) this.#waiting.abort({ kind: 'cancelled' } satisfies Ended);
    // If the worker crashes meanwhile, the call itself rejects.
    else if (this.#bridge.running) await this.#bridge.engine.cancel().catch(() => undefined);
  }

  /** Ends the worker. */
  dispose(): void {
    const closed = new Error('The page was closed.');
    this.#waiting?.abort(failure(closed));
    this.#bridge.dispose(closed);
  }
}

function failure(error: unknown): Failure {
  const detail = error instanceof Error ? error.message : String(error);
  const code = error instanceof WorkerCrashedError ? 'export.interrupted' : 'export.encoder';
  return { kind: 'failed', error: message(code, { detail }) };
}
