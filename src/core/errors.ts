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

/** Why a file could not be saved. */
export type ExportFault =
  /** No room left where it was being written. */
  | 'disk-full'
  /** The browser or the system does not let the page write there. */
  | 'denied'
  /** The file, or the memory for it, was taken away while it was being written. */
  | 'interrupted'
  /** A ZIP of more than 4 GiB. */
  | 'zip-too-large'
  /** The encoder failed, or did not start. */
  | 'encoder';

/** A file could not be saved. Nothing else is lost. */
export class ExportError extends UnsungError {
  override name = 'ExportError';
  readonly fault: ExportFault;

  constructor(fault: ExportFault, message: string, hint: string, options?: ErrorOptions) {
    super(message, hint, options);
    this.fault = fault;
  }
}

/** What stands in the way of a song that does not fit in memory. */
export type LongSongFault =
  /** The browser gives the page less room on the disk than the song needs. */
  | 'no-room'
  /** The browser gives the page no file system of its own: some private windows, old browsers. */
  | 'no-disk'
  /** Longer than can be counted. */
  | 'too-long'
  /** The disk refused, or the files were taken away. */
  | 'disk';

/** A long song could not be kept on disk. `values` are what the message tells, for other languages. */
export class LongSongError extends UnsungError {
  override name = 'LongSongError';
  readonly fault: LongSongFault;
  readonly values: Readonly<Record<string, string | number>>;

  constructor(
    message: string,
    hint: string,
    options: ErrorOptions & { fault?: LongSongFault; values?: Readonly<Record<string, string | number>> } = {},
  ) {
    super(message, hint, options);
    this.fault = options.fault ?? 'disk';
    this.values = options.values ?? {};
  }
}
