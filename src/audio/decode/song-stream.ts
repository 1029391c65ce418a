import type { Message } from '../../core/message.ts';
import type { SampleDepth } from '../sample-depth.ts';

/** An audio track of a file. */
export interface AudioTrack {
  /** Its number among the file's audio tracks, from 0 on. */
  readonly index: number;
  /** Name of the codec, as FFmpeg calls it: "aac", "mp3", "pcm_s16le" … */
  readonly codec: string;
  /** Hertz. */
  readonly sampleRate: number;
  /** Channels in the file. */
  readonly channels: number;
  /** How the samples are stored; undefined: not known. */
  readonly depth?: SampleDepth;
  /** Seconds, as the file states them; undefined: it does not. */
  readonly seconds?: number;
  /** Language tag as the file has it: "eng", "de" …; undefined without one. */
  readonly language?: string;
  readonly title?: string;
  /** The file names it as the one to play. */
  readonly isDefault: boolean;
}

/** The track that is decoded where none is asked for: the one that the file names, or its first. */
export function defaultTrack(tracks: readonly AudioTrack[]): AudioTrack | undefined {
  return tracks.find(({ isDefault }) => isDefault) ?? tracks[0];
}

/** A file that is decoded piece by piece. */
export interface SongStream {
  /** Name of the container, as FFmpeg calls it: "wav", "mov", "matroska" … */
  readonly container: string;
  /** All audio tracks of the file. */
  readonly tracks: readonly AudioTrack[];
  /** The one that is decoded. */
  readonly track: AudioTrack;
  /** Hertz of the decoded sound. */
  readonly sampleRate: number;
  /** Number of channels after mixing down. */
  readonly channels: 1 | 2;
  /** Expected number of samples of the whole song; exact if the container states it, 0 if nothing tells it. */
  readonly expectedSamples: number;
  /** Size of the file. */
  readonly bytes: number;
  /**
   * The song from `from` (see OpenSongOptions) to its end, once: one array per channel, valid until the next piece is
   * requested. The last piece may be shorter. A truncated file yields its decodable part; see `brokeOff`.
   *
   * @throws AudioDecodeError if the file can no longer be read
   */
  pieces(): AsyncGenerator<readonly Float32Array[], void, undefined>;
  /** Samples of the song up to the end of the last piece, with those before `from`. */
  readonly position: number;
  /** Whether the song ended before the length that its file states. Known after the last piece. */
  readonly brokeOff: boolean;
  /** What there is to say about the decoded song, for a person. Known after the last piece. */
  readonly notes: readonly Message[];
  /** Frees the decoder and the file. */
  dispose(): void;
}

/** Options of opening a song. */
export interface OpenSongOptions {
  /** The audio track to decode, from 0 on. Default: the one that the file names, or its first. */
  readonly track?: number;
  /**
   * Seconds of the song before the first sample of `pieces`, rounded to whole samples. Where the container tells exactly
   * which samples lie where (docs/formats.md), what comes before is not decoded. Default: 0.
   */
  readonly from?: number;
}

/** Seconds of a song, as its file states them or as they follow from its size; undefined if nothing tells them. */
export function statedSeconds({ expectedSamples, sampleRate }: SongStream): number | undefined {
  return expectedSamples > 0 ? expectedSamples / sampleRate : undefined;
}
