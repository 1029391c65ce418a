/**
 * An error that a person can act on: `message` says what happened, `hint` what to do next.
 * Every error that the code throws on purpose is one of its named subclasses.
 *
 * @example
 * throw new AudioDecodeError('“notes.txt” is not an audio file.', 'Choose a WAV, MP3, FLAC, Ogg, Opus, M4A or WebM file.');
 */
export class UnsungError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    // Not new.target.name: a minifier changes that.
    this.name = 'UnsungError';
    this.hint = hint;
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
