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

/** Length in seconds. */
export function durationSeconds(audio: AudioData): number {
  return sampleCount(audio) / audio.sampleRate;
}
