import {
  ADTS,
  BufferSource,
  EncodedPacketSink,
  FLAC,
  Input,
  type InputAudioTrack,
  MATROSKA,
  MP3,
  MP4,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from 'mediabunny';

/** What a file contains, according to its headers. */
export type AudioProbe =
  /** A container with an audio track. */
  | {
      readonly kind: 'audio';
      /** The container's name: "WAVE", "MP3", "Ogg", "FLAC", "MP4", "ADTS", "WebM" … */
      readonly container: string;
      /** "pcm-s16", "mp3", "vorbis", "opus", "flac", "aac" …; null if it has no name here. */
      readonly codec: string | null;
      /** Hertz of the decoded sound: 48000 for all Opus (RFC 7845, 5.1: its “input sample rate” is informational). */
      readonly sampleRate: number;
      readonly channels: number;
      /** True for a WAV file with an empty data chunk; other containers are empty only when they are damaged. */
      readonly empty: boolean;
    }
  /** A container without a sound track. */
  | { readonly kind: 'no-audio'; readonly container: string }
  /** A container that cannot be read. */
  | { readonly kind: 'damaged'; readonly container: string }
  | { readonly kind: 'image' }
  | { readonly kind: 'unknown' };

/** The containers of songs. */
export const SONG_FORMATS = [WAVE, MP3, FLAC, OGG, MP4, QTFF, WEBM, MATROSKA, ADTS];

/**
 * Finds out what a file is, without decoding it: container, codec, sample rate and channels of the sound. Works on the
 * page, in a worker and in Node. Reads `bytes` and keeps nothing. Never throws.
 */
export async function probe(bytes: ArrayBuffer | Uint8Array): Promise<AudioProbe> {
  const input = new Input({ source: new BufferSource(bytes), formats: SONG_FORMATS });
  let container: string;
  try {
    container = (await input.getFormat()).name;
  } catch {
    input.dispose();
    return isImageFile(bytes) ? { kind: 'image' } : { kind: 'unknown' };
  }
  try {
    const track = await input.getPrimaryAudioTrack();
    if (track !== null) return await describe(container, track);
    // A container with no track has lost its index: recorders write it last, so a truncated file has none.
    return (await input.getTracks()).length > 0 ? { kind: 'no-audio', container } : { kind: 'damaged', container };
  } catch {
    return { kind: 'damaged', container };
  } finally {
    input.dispose();
  }
}

async function describe(container: string, track: InputAudioTrack): Promise<AudioProbe> {
  const codec = await track.getCodec();
  return {
    kind: 'audio',
    container,
    codec,
    sampleRate: codec === 'opus' ? 48000 : await track.getSampleRate(),
    channels: await track.getNumberOfChannels(),
    empty: container === WAVE.name && (await new EncodedPacketSink(track).getFirstPacket()) === null,
  };
}

/** First bytes of PNG, JPEG, GIF, BMP and TIFF; WebP and AVIF/HEIC state their names later. */
const IMAGES = ['\x89PNG', '\xff\xd8\xff', 'GIF8', 'BM', 'II*\0', 'MM\0*'];

function isImageFile(bytes: ArrayBuffer | Uint8Array): boolean {
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  const head = String.fromCharCode(...view.subarray(0, 12));
  return (
    IMAGES.some((magic) => head.startsWith(magic)) ||
    (head.startsWith('RIFF') && head.endsWith('WEBP')) ||
    /ftyp(avif|heic|heix|mif1)$/.test(head)
  );
}
