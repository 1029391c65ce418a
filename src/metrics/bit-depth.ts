import type { Channels } from './sdr.ts';

/** The smallest amplitude: half a step of 24-bit audio, −144 dB of full scale. */
const MIN_AMPLITUDE = 2 ** -24;

/**
 * Rounds samples to 16 bits, the format of published BSS Eval results (MUSDB18). Audio from a lossy codec has empty
 * bands. There the distortion filters would follow rounding errors with unlimited gain, and ISR, SIR and SAR would be
 * meaningless. The rounding noise of 16 bits, 98 dB down, limits that gain.
 */
export function in16Bits(channel: Float32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(channel, (value) => Math.round(value * 32768) / 32768);
}

/**
 * Sets samples too small for 24-bit audio to 0, in place, so that the metrics skip silent frames. Lossy codecs decode
 * silence to values such as 1e-34, for which a ratio in decibels is meaningless.
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
