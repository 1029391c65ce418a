import { AudioDecodeError } from '../../core/errors.ts';

/** The file has 0 bytes. */
export function emptyFile(name: string): AudioDecodeError {
  return new AudioDecodeError('audio.empty-file', { name });
}

/** Not audio: text, a document, an archive. */
export function notAudio(name: string): AudioDecodeError {
  return new AudioDecodeError('audio.not-audio', { name });
}

/** An image. */
export function isImage(name: string): AudioDecodeError {
  return new AudioDecodeError('audio.picture', { name });
}

/** A container without an audio track: a video without sound. */
export function noAudioTrack(name: string): AudioDecodeError {
  return new AudioDecodeError('audio.no-track', { name });
}

/** The audio track has no samples. */
export function noSamples(name: string): AudioDecodeError {
  return new AudioDecodeError('audio.no-samples', { name });
}

/** The container is known, but nothing in it can be decoded. */
export function damaged(name: string, options?: ErrorOptions): AudioDecodeError {
  return new AudioDecodeError('audio.damaged', { name }, options);
}

/**
 * The container is known, but its codec is not.
 * @param codec name of the codec as people know it, or null
 */
export function unknownCodec(name: string, codec: string | null, options?: ErrorOptions): AudioDecodeError {
  if (codec === null) return new AudioDecodeError('audio.unknown-codec', { name }, options);
  return new AudioDecodeError('audio.unsupported-codec', { name, codec }, options);
}
