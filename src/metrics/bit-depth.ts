import type { Channels } from './sdr.ts';

/** Half of the least step of 24-bit sound, −144 dB of full scale. */
const SILENCE = 2 ** -24;

/**
 * Samples as a 16-bit file holds them, which is what BSS Eval is published of (MUSDB18). Sound from a lossy codec has bands
 * that are quite empty; there the distortion filters would follow rounding errors with gains without limit, and ISR, SIR
 * and SAR would say nothing. The noise of 16 bits, 98 dB down, is the floor that those filters stand on.
 */
export function in16Bits(channel: Float32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(channel, (value) => Math.round(value * 32768) / 32768);
}

/**
 * Lossy codecs decode silence to values such as 1e-34, of which a ratio in decibels says nothing: what 24-bit sound
 * cannot hold is made silence, in place, so that its frames are skipped.
 */
export function silenceBelow24Bits(channels: Channels): void {
  for (const channel of channels) {
    for (let n = 0; n < channel.length; n++) if (Math.abs(channel[n]) < SILENCE) channel[n] = 0;
  }
}

/** Whether every sample is 0. */
export function isSilent(sound: Channels): boolean {
  return sound.every((channel) => channel.every((value) => value === 0));
}
