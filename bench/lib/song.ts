import type { AudioData } from '../../src/audio/audio-data.ts';
import { sampleCount } from '../../src/audio/audio-data.ts';

/** What is to be separated: a file, or noise of this length. */
export type SongSource = { readonly file: string } | { readonly seconds: number };

/** Stereo noise at 44.1 kHz, the same every time, in shared memory where there is some. */
export function madeUpSong(seconds: number): AudioData {
  const length = Math.round(seconds * 44100);
  const shared = typeof SharedArrayBuffer !== 'undefined' && globalThis.crossOriginIsolated !== false;
  let state = 1;
  const noise = (): Float32Array => {
    const channel = shared ? new Float32Array(new SharedArrayBuffer(4 * length)) : new Float32Array(length);
    for (let n = 0; n < length; n++) {
      // xorshift32, Marsaglia 2003
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      channel[n] = state / 2 ** 32;
    }
    return channel;
  };
  return { sampleRate: 44100, channels: [noise(), noise()] };
}

/** The beginning of a song, without a copy. */
export function beginning(song: AudioData, seconds: number): AudioData {
  const samples = Math.min(sampleCount(song), Math.round(seconds * song.sampleRate));
  return { ...song, channels: song.channels.map((channel) => channel.subarray(0, samples)) };
}
