/**
 * One number in memory that threads share: 0, or 1 when the run of a network is of no use any more. A thread that
 * computes receives no message before it is done, but it can look there.
 */
export type Stopper = Int32Array<SharedArrayBuffer>;

/** Undefined where threads cannot share memory: a run goes on to its end there. */
export function createStopper(): Stopper | undefined {
  return typeof SharedArrayBuffer === 'undefined' ? undefined : new Int32Array(new SharedArrayBuffer(4));
}

export function stop(stopper: Stopper | undefined): void {
  if (stopper) Atomics.store(stopper, 0, 1);
}

/** @throws an AbortError when it was stopped */
export function throwIfStopped(stopper: Stopper): void {
  if (Atomics.load(stopper, 0) !== 0) throw new DOMException('The run was stopped.', 'AbortError');
}
