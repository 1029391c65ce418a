import { AudioDecodeError } from '../../core/errors.ts';

const CHOOSE = 'Choose a WAV, MP3, FLAC, Ogg, Opus, M4A, AAC or WebM file, or an MP4 video with sound.';

/** 0 bytes. */
export function emptyFile(name: string): AudioDecodeError {
  return new AudioDecodeError(
    `“${name}” is empty (0 bytes).`,
    'Copy or download the file again, or choose another one.',
  );
}

/** Text, a document, an archive: nothing in it looks like sound. */
export function notAudio(name: string): AudioDecodeError {
  return new AudioDecodeError(`“${name}” is not an audio file.`, CHOOSE);
}

/** A still picture. */
export function isPicture(name: string): AudioDecodeError {
  return new AudioDecodeError(`“${name}” is a picture: there is no sound in it.`, CHOOSE);
}

/** A container without an audio track: a video without sound. */
export function noAudioTrack(name: string): AudioDecodeError {
  return new AudioDecodeError(
    `“${name}” has no sound: it holds no audio track.`,
    'Choose a video with sound, or an audio file.',
  );
}

/** An audio track of length 0. */
export function noSamples(name: string): AudioDecodeError {
  return new AudioDecodeError(
    `“${name}” holds no sound: its length is zero.`,
    'Export or download the file again, or choose another one.',
  );
}

/** The container is known, but nothing in it can be decoded. */
export function damaged(name: string, options?: ErrorOptions): AudioDecodeError {
  return new AudioDecodeError(
    `“${name}” is damaged or incomplete: no sound in it can be decoded.`,
    'Download or copy the file again, or convert it to WAV or FLAC with an audio editor.',
    options,
  );
}

/** The container is known, but its codec is not: `codec` as a person knows it, or null where it has no name here. */
export function unknownCodec(name: string, codec: string | null, options?: ErrorOptions): AudioDecodeError {
  const coding = codec === null ? 'in a way that is not known here' : `as ${codec}, which cannot be decoded here`;
  return new AudioDecodeError(
    `The sound of “${name}” is coded ${coding}.`,
    'Convert it to WAV, FLAC or MP3 with an audio editor, then choose it again.',
    options,
  );
}
