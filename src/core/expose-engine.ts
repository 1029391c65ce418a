import * as Comlink from 'comlink';
import { carryErrors } from './transfer-errors.ts';

/** What a worker says once, when it holds a lock for as long as it lives. The page waits for that lock: WorkerBridge. */
export interface AliveMessage {
  readonly aliveLock: string;
}

/** What a worker asks of `navigator.locks`. */
export interface HoldLocks {
  request(name: string, callback: () => Promise<never>): Promise<unknown>;
}

/**
 * The worker's end of a WorkerBridge: offers the methods of `engine` to the page, with the errors of errors.ts whole.
 * Called once, at the end of the worker's script.
 *
 * @param page the way to the page; default: the worker's own
 * @param locks default: the browser's
 */
export function exposeEngine(
  engine: object,
  page: Comlink.Endpoint = globalThis as unknown as Comlink.Endpoint,
  locks: HoldLocks | undefined = globalThis.navigator?.locks,
): void {
  carryErrors();
  Comlink.expose(engine, page);
  if (!locks) return;
  const aliveLock = `unsung-worker-${crypto.randomUUID()}`;
  const hold = () => {
    page.postMessage({ aliveLock } satisfies AliveMessage);
    return new Promise<never>(() => undefined);
  };
  // If the browser refuses locks, errors still reach the page.
  locks.request(aliveLock, hold).catch(() => undefined);
}
