import { type AudioData, sampleCount } from './audio-data.ts';

/** Decoded sound that can be read anywhere, wherever it lies: in memory or on disk. One or two channels. */
export interface PcmSource {
  readonly sampleRate: number;
  readonly channelCount: number;
  /** Samples of one channel. */
  readonly samples: number;
  /**
   * Samples [start, end), one array per channel: to be read, not written, and good until the next call.
   * Both lie in the song.
   */
  read(start: number, end: number): Promise<readonly Float32Array[]>;
}

/** A song in memory, or a way to read one that is not. */
export type Song = AudioData | PcmSource;

/** The song as something to read from; views into its arrays where it is in memory. */
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
