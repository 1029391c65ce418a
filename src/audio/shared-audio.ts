import { canShare, shareable } from '../core/memory.ts';
import type { AudioData } from './audio-data.ts';

/** Samples copied at a time: 16 MB, a few milliseconds, so that the page stays responsive. */
const COPY_SAMPLES = 4_194_304;

/** A silent channel of `length` samples, in memory that page, workers and worklet share, if the browser allows it. */
export function channelOf(length: number): Float32Array {
  return new Float32Array(shareable(length * Float32Array.BYTES_PER_ELEMENT));
}

/** Whether two threads can read this channel without a copy. */
export function isShared(channel: Float32Array): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && channel.buffer instanceof SharedArrayBuffer;
}

/**
 * Copies a sound to shared memory, with `pause()` between pieces. Returns the sound itself if it is shared already, or
 * cannot be.
 */
export async function shareAudio(audio: AudioData, pause: () => Promise<void>): Promise<AudioData> {
  if (!canShare() || audio.channels.every(isShared)) return audio;
  const channels: Float32Array[] = [];
  for (const channel of audio.channels) {
    const copy = channelOf(channel.length);
    for (let start = 0; start < channel.length; start += COPY_SAMPLES) {
      copy.set(channel.subarray(start, start + COPY_SAMPLES), start);
      await pause();
    }
    channels.push(copy);
  }
  return { ...audio, channels };
}
