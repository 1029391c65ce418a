import { type AudioData, sampleCount } from '../../audio/audio-data.ts';
import { isShared } from '../../audio/shared-audio.ts';

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
  readonly samples: number;
  /** Samples [start, end). The arrays are for reading, and good until the next call. */
  read(start: number, end: number): Promise<SongPiece>;
}

/** The source of a song whose samples this thread has. */
export function songSource(original: AudioData, vocals: AudioData): SongSource {
  const piece = (channels: readonly Float32Array[], start: number, end: number) =>
    channels.map((channel) => channel.subarray(start, end));
  return {
    sampleRate: original.sampleRate,
    channels: original.channels.length,
    samples: sampleCount(original),
    read: async (start, end) => ({
      original: piece(original.channels, start, end),
      vocals: piece(vocals.channels, start, end),
    }),
  };
}

/** Whether another thread can read these samples without a copy. */
export function isSharedSong(original: AudioData, vocals: AudioData): boolean {
  return [...original.channels, ...vocals.channels].every(isShared);
}
