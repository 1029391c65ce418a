import { AudioDecodeError } from '../../core/errors.ts';

/** 0 bytes. */
export function emptyFile(name: string): AudioDecodeError {
  return new AudioDecodeError('audio.empty-file', { name });
}

/** Text, a document, an archive: nothing in it looks like sound. */
export function notAudio(name: string): AudioDecodeError {
  return new AudioDecodeError('audio.not-audio', { name });
}

/** A still picture. */
export function isPicture(name: string): AudioDecodeError {
  return new AudioDecodeError('audio.picture', { name });
}

/** A container without an audio track: a video without sound. */
export function noAudioTrack(name: string): AudioDecodeError {
  return new AudioDecodeError('audio.no-track', { name });
}

/** An audio track of length 0. */
export function noSamples(name: string): AudioDecodeError {
  return new AudioDecodeError('audio.no-samples', { name });
}

/** The container is known, but nothing in it can be decoded. */
export function damaged(name: string, options?: ErrorOptions): AudioDecodeError {
  return new AudioDecodeError('audio.damaged', { name }, options);
}

/** The container is known, but its codec is not: `codec` as a person knows it, or null where it has no name here. */
export function unknownCodec(name: string, codec: string | null, options?: ErrorOptions): AudioDecodeError {
  if (codec === null) return new AudioDecodeError('audio.unknown-codec', { name }, options);
  return new AudioDecodeError('audio.unsupported-codec', { name, codec }, options);
}
