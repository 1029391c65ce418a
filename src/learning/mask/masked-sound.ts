import { type MaskedPiece, type MaskedSong, renderMasked } from '../../separation/render-masked.ts';
import { noise } from '../noise.ts';

/** An excerpt of a song and a mask of its vocals, to be made audible. */
export interface MaskedRequest {
  readonly song: MaskedSong;
  /** The excerpt; its mask is that of the vocals. */
  readonly piece: MaskedPiece;
  readonly part: 'vocals' | 'accompaniment';
}

/** The samples [span.start, span.end) of the excerpt, one array a channel. */
export interface MaskedSound {
  /** Mask × mixture, made with the filter that separation uses. The accompaniment is the rest. */
  readonly product: readonly Float32Array<ArrayBuffer>[];
  /** Mask × white noise, one channel: the sound of the mask itself. */
  readonly mask: readonly Float32Array<ArrayBuffer>[];
}

/** Amplitude of the noise: audible, but no louder than a song. */
const NOISE_LEVEL = 0.1;

export function maskedSound({ song, piece, part }: MaskedRequest): MaskedSound {
  const white = noise(piece.channels[0].length).map((value) => NOISE_LEVEL * value);
  const cut = (channels: readonly Float32Array[]) => {
    const vocals = renderMasked(song, { ...piece, channels });
    return part === 'vocals' ? vocals : rest(channels, vocals, piece);
  };
  return { product: cut(piece.channels), mask: cut([white]) };
}

function rest(channels: readonly Float32Array[], vocals: Float32Array<ArrayBuffer>[], { span }: MaskedPiece) {
  const offset = span.start - span.readFrom;
  return vocals.map((voice, c) => voice.map((value, n) => channels[c][offset + n] - value));
}
