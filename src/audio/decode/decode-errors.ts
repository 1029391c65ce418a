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

/** The file has fewer audio tracks than the one asked for. @param track from 0 on */
export function noSuchTrack(name: string, track: number, tracks: number): AudioDecodeError {
  return new AudioDecodeError('audio.no-such-track', { name, track: track + 1, tracks });
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
 * @param codec its name, or undefined
 */
export function unknownCodec(name: string, codec: string | undefined): AudioDecodeError {
  if (codec === undefined || codec === 'none' || codec === 'unknown_codec') {
    return new AudioDecodeError('audio.unknown-codec', { name });
  }
  return new AudioDecodeError('audio.unsupported-codec', { name, codec });
}

/** The file was there when it was opened, but reading it fails: it was moved or changed, or its disk is gone. */
export function unreadable(name: string, options: ErrorOptions): AudioDecodeError {
  return new AudioDecodeError('audio.unreadable', { name }, options);
}
