import { type AudioData, sampleCount } from '../../audio/audio-data.ts';
import type { AudioTrack } from '../../audio/decode/song-stream.ts';
import type { SampleDepth } from '../../audio/sample-depth.ts';
import { subtractChannels } from '../../audio/subtract.ts';
import type { Message } from '../../core/message.ts';

/** Original and vocals, one array per channel. The accompaniment is original − vocals. */
export interface SongPiece {
  readonly original: readonly Float32Array[];
  readonly vocals: readonly Float32Array[];
}

/** A separated song that can be read anywhere, also where its samples are not in this thread's memory. */
export interface SongSource {
  readonly sampleRate: number;
  /** 1 or 2. */
  readonly channels: number;
  /** Samples of one channel. */
  readonly samples: number;
  /** Samples [start, end). The arrays are for reading, and good until the next call. */
  read(start: number, end: number): Promise<SongPiece>;
}

/** The arrays that have to be written to keep a song. All arrays of one kind have one length. */
export interface SongContent {
  readonly original: readonly Float32Array[];
  readonly vocals: readonly Float32Array[];
  /** The network's mask, 65535 being 1, frame by frame. */
  readonly mask: Uint16Array;
  /** The mixture's levels: see spectrogram-cells.ts. */
  readonly levels: Uint8Array;
}

/** A song before anything of it is separated. */
export interface SongShape {
  readonly sampleRate: number;
  /** 1 or 2. */
  readonly channels: number;
  /** Samples of one channel. */
  readonly samples: number;
  /** What there is to say about the decoded file; default: nothing. */
  readonly notes?: readonly Message[];
  /** The audio tracks of its file; default: not known. */
  readonly tracks?: readonly AudioTrack[];
  /** How the file stores the samples; undefined: not known. */
  readonly depth?: SampleDepth;
}

/** The source of a song whose samples this thread has; it reads views into the arrays. */
export function songSource(original: AudioData, vocals: AudioData): SongSource {
  const arrays = { original: original.channels, vocals: vocals.channels };
  return {
    sampleRate: original.sampleRate,
    channels: original.channels.length,
    samples: sampleCount(original),
    read: async (start, end) => pieceOf(arrays, start, end),
  };
}

/** Samples [start, end) as views. */
export function pieceOf({ original, vocals }: SongPiece, start: number, end: number): SongPiece {
  const cut = (channels: readonly Float32Array[]) => channels.map((channel) => channel.subarray(start, end));
  return { original: cut(original), vocals: cut(vocals) };
}

/** What the vocals of one separation of a song have more than those of another: new arrays. */
export function minusVocals({ vocals }: SongPiece, other: SongPiece): readonly Float32Array[] {
  return subtractChannels(vocals, other.vocals);
}

/** A song whose vocals are the difference of two separations of it, of equal length and channels. */
export function differenceSource(of: SongSource, minus: SongSource): SongSource {
  const { sampleRate, channels, samples } = of;
  return {
    sampleRate,
    channels,
    samples,
    async read(start, end) {
      const [a, b] = await Promise.all([of.read(start, end), minus.read(start, end)]);
      return { original: a.original, vocals: minusVocals(a, b) };
    },
  };
}

/** The same samples in arrays of their own, in memory that is not shared. */
export function copyOf({ original, vocals }: SongPiece): SongPiece {
  // Of shared memory, too, `slice` makes an array that can be handed over.
  const copy = (channels: readonly Float32Array[]) => channels.map((channel) => channel.slice());
  return { original: copy(original), vocals: copy(vocals) };
}

/** The memory of a piece that is handed over to another thread. */
export function pieceBuffers({ original, vocals }: SongPiece): ArrayBuffer[] {
  return [...original, ...vocals].map(({ buffer }) => buffer as ArrayBuffer);
}
