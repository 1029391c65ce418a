/**
 * A mistake on the command line, or a file given there that cannot be used. The command line speaks English, so its own
 * errors are sentences; those of the library have codes (src/core/errors.ts).
 */
export class CommandLineError extends Error {
  override name = 'CommandLineError';
  /** What to do next. */
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
