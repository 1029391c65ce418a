import { endedBy } from './exit-status.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Tells when the process has been asked to end. */
export interface Stop {
  /** Fires at the first request. Its holders remove their unfinished files. */
  readonly signal: AbortSignal;
  /** Exit status for what asked; undefined: nothing did. */
  readonly status: () => number | undefined;
}

/**
 * Listens for Ctrl+C, SIGTERM, a closed terminal, and for a reader of standard output that has gone away. The same signal
 * a second time ends the process at once.
 */
export function listenForStop(): Stop {
  const stop = new AbortController();
  let status: number | undefined;
  const end = (code: number): void => {
    status ??= code;
    stop.abort();
  };
  for (const name of SIGNALS) process.once(name, () => end(endedBy(name)));
  // Node ignores SIGPIPE, which would end other programs: its number is 13.
  process.stdout.on('error', () => end(128 + 13));
  return { signal: stop.signal, status: () => status };
}
