import { type MaskedPiece, type MaskedSong, renderMasked } from '../../separation/render-masked.ts';
import { noise } from '../noise.ts';

/** A piece of a song and a mask of its vocals, to be made sound. */
export interface MaskedOrder {
  readonly song: MaskedSong;
  /** Its mask is that of the vocals. */
  readonly piece: MaskedPiece;
  readonly part: 'vocals' | 'accompaniment';
}

/** The samples [span.start, span.end) of the piece, one array a channel. */
export interface MaskedSound {
  /** Mask × mixture, by the filter that separation uses; the accompaniment is the rest. */
  readonly product: readonly Float32Array<ArrayBuffer>[];
  /** Mask × white noise, one channel: what the mask itself sounds like. */
  readonly mask: readonly Float32Array<ArrayBuffer>[];
}

/** Level of the noise: loud enough to be heard, no louder than a song. */
const NOISE_LEVEL = 0.1;

export function maskedSound({ song, piece, part }: MaskedOrder): MaskedSound {
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
