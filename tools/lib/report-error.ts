import { UnsungError } from '../../src/core/errors.ts';
import { CommandLineError } from './command-line-error.ts';

/** What a person is told of an error: its message and what to do; where the code is at fault, the whole of it. */
export function describeError(error: unknown): string {
  if (error instanceof UnsungError || error instanceof CommandLineError) return `${error.message} ${error.hint}`;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // The system's refusals: no room, no permission, no such folder.
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return `${(error as Error).message}.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
