import type { Message } from '../../core/message.ts';
import type { AudioData } from '../audio-data.ts';
import type { AudioTrack, SongStream } from './song-stream.ts';

/** A damaged header may state any length. No usual codec has more samples in a byte: speech at 4 kbit/s has 96. */
const MAX_SAMPLES_PER_BYTE = 100;

/** Share of a song's memory that may stay unused where its header states a little more: a copy takes time and memory. */
const MAX_SPARE = 0.01;

/** A song in memory. */
export interface DecodedSong extends AudioData {
  /** What there is to say about it: see SongStream. */
  readonly notes: readonly Message[];
  readonly tracks: readonly AudioTrack[];
  readonly track: AudioTrack;
}

/**
 * Decodes all of a song to memory, and disposes of the stream.
 *
 * @param allocate gives a channel of so many zeros; default: in memory of this thread
 */
export async function decodeWhole(
  stream: SongStream,
  allocate: (length: number) => Float32Array = (length) => new Float32Array(length),
): Promise<DecodedSong> {
  const { sampleRate, tracks, track } = stream;
  const resized = (channel: Float32Array, length: number) => {
    const copy = allocate(length);
    copy.set(channel.subarray(0, length));
    return copy;
  };
  let length = 0;
  const expected = Math.min(stream.expectedSamples, stream.bytes * MAX_SAMPLES_PER_BYTE);
  let channels = Array.from({ length: stream.channels }, () => allocate(expected));
  try {
    for await (const piece of stream.pieces()) {
      const end = length + piece[0].length;
      if (end > channels[0].length) channels = channels.map((channel) => resized(channel, Math.ceil(end * 1.5)));
      for (const [c, channel] of channels.entries()) channel.set(piece[c], length);
      length = end;
    }
  } finally {
    stream.dispose();
  }
  const exact = channels.map((channel) =>
    channel.length - length > MAX_SPARE * length ? resized(channel, length) : channel.subarray(0, length),
  );
  return { sampleRate, channels: exact, depth: track.depth, notes: stream.notes, tracks, track };
}
