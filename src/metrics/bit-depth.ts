import type { Channels } from './sdr.ts';

/** Half of the smallest step of 24-bit sound, −144 dB of full scale. */
const SILENCE = 2 ** -24;

/**
 * Rounds samples to 16 bits, the depth of the published BSS Eval results (MUSDB18). Sound from a lossy codec has empty
 * bands; there the distortion filters would fit rounding errors with unlimited gains, and ISR, SIR and SAR would be
 * meaningless. The noise of 16 bits, at −98 dB, limits those filters.
 */
export function in16Bits(channel: Float32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(channel, (value) => Math.round(value * 32768) / 32768);
}

/**
 * Sets samples below the resolution of 24-bit sound to 0, in place, so that silent frames are skipped: lossy codecs
 * decode silence to values such as 1e-34, whose ratios in decibels mean nothing.
 */
export function silenceBelow24Bits(channels: Channels): void {
  for (const channel of channels) {
    for (let n = 0; n < channel.length; n++) if (Math.abs(channel[n]) < MIN_AMPLITUDE) channel[n] = 0;
  }
}

/** Whether every sample is 0. */
export function isSilent(sound: Channels): boolean {
  return sound.every((channel) => channel.every((value) => value === 0));
}
