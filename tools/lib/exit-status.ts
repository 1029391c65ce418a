import { constants } from 'node:os';

/** Some songs failed. */
export const SOME_FAILED = 1;
/** The command line is invalid. */
export const WRONG_USAGE = 2;
/** Interrupted by Ctrl+C. */
export const INTERRUPTED = endedBy('SIGINT');

/** Status of a process that a signal ended: 128 + the signal's number, as in shells. */
export function endedBy(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): number {
  return 128 + constants.signals[signal];
}
