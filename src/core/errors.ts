import {
  type ErrorCode,
  type Given,
  hintText,
  type Message,
  type MessageValues,
  message,
  messageText,
} from './message.ts';

/** A code, the values that its texts need, and what else an error may have. */
type ErrorArguments = { [C in ErrorCode]: [code: C, ...given: Given<C, [options?: ErrorOptions]>] }[ErrorCode];

/**
 * An error that a person can act on, by the code of its texts (i18n/en/errors.ts) and the values that fill them in. The
 * page says it in its own language; `message` (what happened) and `hint` (what to do next) are in English, for the
 * command line, the console and users of the library. Its subclasses are kinds to catch; `code` tells which error it is.
 *
 * @example
 * throw new AudioDecodeError('audio.not-audio', { name: 'notes.txt' });
 */
export class UnsungError extends Error implements Message<ErrorCode> {
  readonly code: ErrorCode;
  readonly values: MessageValues;
  readonly hint: string;

  constructor(...[code, values = {}, options]: ErrorArguments) {
    super(messageText({ code, values }), options);
    // Not new.target.name: a minifier changes that.
    this.name = 'UnsungError';
    this.code = code;
    this.values = values;
    this.hint = hintText({ code, values });
  }
}

/** The file cannot be read as audio: unknown format, no audio track, damaged or empty. */
export class AudioDecodeError extends UnsungError {
  override name = 'AudioDecodeError';
}

/** A parameter of a transform or of a conversion has no meaningful result. */
export class ParameterError extends UnsungError {
  override name = 'ParameterError';
}

/** The model's manifest or files are missing, damaged, or do not fit together. */
export class ModelError extends UnsungError {
  override name = 'ModelError';
}

/** No backend computes correctly on this device, or the one in use failed for good. */
export class BackendError extends UnsungError {
  override name = 'BackendError';
}

/** A file could not be saved. Nothing else is lost. */
export class ExportError extends UnsungError {
  override name = 'ExportError';
}

/** A song that does not fit in memory could not be kept on disk. */
export class LongSongError extends UnsungError {
  override name = 'LongSongError';
}

/** The message of anything thrown; for other errors, their own text. */
export function messageOf(error: unknown): Message {
  if (error instanceof UnsungError) return { code: error.code, values: error.values };
  return message('detail', { detail: error instanceof Error ? error.message : String(error) });
}
