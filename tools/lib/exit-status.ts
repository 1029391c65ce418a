/** Some songs failed. */
export const SOME_FAILED = 1;
/** The command line is invalid. */
export const WRONG_USAGE = 2;
/** Interrupted by Ctrl+C: 128 + the number of SIGINT, as in shells. */
export const INTERRUPTED = 130;
