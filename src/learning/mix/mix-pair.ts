import { type AudioData, sampleCount } from '../../audio/audio-data.ts';
import { resample } from '../../audio/resample.ts';
import { silenceBelow24Bits } from '../../metrics/bit-depth.ts';

/** A voice and an accompaniment to mix. */
export interface PairRequest {
  readonly voice: AudioData;
  readonly accompaniment: AudioData;
  /** Longer sounds are cut to this length. */
  readonly seconds: number;
}

/** A voice and an accompaniment of the same rate, channel count and length. */
export interface Pair {
  readonly sampleRate: number;
  readonly vocals: readonly Float32Array<ArrayBuffer>[];
  readonly accompaniment: readonly Float32Array<ArrayBuffer>[];
}

/** A song whose truth is known: mixture = vocals + accompaniment. */
export interface KnownSong extends Pair {
  readonly mixture: readonly Float32Array<ArrayBuffer>[];
}

/**
 * Fits a voice and an accompaniment to each other, as `npm run evaluate` reads stems. The accompaniment is resampled to the
 * voice's rate; both are cut to the shorter one; a mono sound fills both channels where the other is stereo; values below
 * 24 bits become silence.
 */
export async function fitPair({ voice, accompaniment, seconds }: PairRequest): Promise<Pair> {
  const { sampleRate } = voice;
  const resampled = await atRate(accompaniment, sampleRate);
  const most = Math.max(1, Math.round(seconds * sampleRate));
  const length = Math.min(most, sampleCount(voice), sampleCount(resampled));
  const count = Math.min(2, Math.max(voice.channels.length, resampled.channels.length));
  const alike = ({ channels }: AudioData) => {
    const fitted = Array.from({ length: count }, (_, c) =>
      Float32Array.from(channels[Math.min(c, channels.length - 1)].subarray(0, length)),
    );
    silenceBelow24Bits(fitted);
    return fitted;
  };
  return { sampleRate, vocals: alike(voice), accompaniment: alike(resampled) };
}

async function atRate(sound: AudioData, sampleRate: number): Promise<AudioData> {
  if (sound.sampleRate === sampleRate) return sound;
  const channels: Float32Array[] = [];
  for (const channel of sound.channels) channels.push(await resample(channel, sound.sampleRate, sampleRate));
  return { sampleRate, channels };
}

/** Raises the voice by some decibels and adds both. The raised voice is the truth of the mix. */
export function mixPair({ sampleRate, vocals, accompaniment }: Pair, voiceDecibels: number): KnownSong {
  const gain = 10 ** (voiceDecibels / 20);
  const scaled = vocals.map((channel) => channel.map((value) => gain * value));
  const mixture = scaled.map((channel, c) => channel.map((value, n) => value + accompaniment[c][n]));
  return { sampleRate, vocals: scaled, accompaniment, mixture };
}
