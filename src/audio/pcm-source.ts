import { type AudioData, sampleCount } from './audio-data.ts';

/** Decoded sound that can be read at any position, in memory or on disk. One or two channels. */
export interface PcmSource {
  readonly sampleRate: number;
  readonly channelCount: number;
  /** Number of samples of one channel. */
  readonly samples: number;
  /**
   * Reads samples [start, end) of the song, one array per channel. The arrays must not be changed, and are valid until
   * the next call.
   */
  read(start: number, end: number): Promise<readonly Float32Array[]>;
}

/** A song in memory, or a source for one that is not. */
export type Song = AudioData | PcmSource;

/** A song as a source; views into its arrays if it is in memory. */
export function pcmSource(song: Song): PcmSource {
  if ('read' in song) return song;
  const { sampleRate, channels } = song;
  return {
    sampleRate,
    channelCount: channels.length,
    samples: sampleCount(song),
    read: async (start, end) => channels.map((channel) => channel.subarray(start, end)),
  };
}
