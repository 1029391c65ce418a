import { UnsungError } from '../../src/core/errors.ts';
import { CommandLineError } from './command-line-error.ts';

/** The text of an error for a person: its message and hint; for a fault of the code, the stack. */
export function describeError(error: unknown): string {
  if (error instanceof UnsungError || error instanceof CommandLineError) return `${error.message} ${error.hint}`;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // Errors of the system: no space, no permission, no such folder.
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return `${(error as Error).message}.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
