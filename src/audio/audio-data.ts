import type { SampleDepth } from './sample-depth.ts';

/**
 * Decoded sound: one Float32Array per channel (1: mono, 2: left and right), all of one length, nominal range [−1, 1]
 * (greater values are kept), at the file's own `sampleRate` in hertz. The arrays may lie in a SharedArrayBuffer.
 */
export interface AudioData {
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
  /** How the file stores the samples; undefined: not known. */
  readonly depth?: SampleDepth;
}

/** Length in samples of one channel. */
export function sampleCount(audio: AudioData): number {
  return audio.channels[0]?.length ?? 0;
}

/** Whether two sounds are equal, sample by sample. */
export function sameAudio(a: AudioData, b: AudioData): boolean {
  return (
    a.sampleRate === b.sampleRate &&
    a.channels.length === b.channels.length &&
    a.channels.every((channel, c) => sameSamples(channel, b.channels[c]))
  );
}

function sameSamples(a: Float32Array, b: Float32Array): boolean {
  if (a.length !== b.length) return false;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return false;
  return true;
}

/** Length in seconds. */
export function durationSeconds(audio: AudioData): number {
  return sampleCount(audio) / audio.sampleRate;
}
