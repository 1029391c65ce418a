import { type AudioData, sampleCount } from '../../audio/audio-data.ts';
import { resample } from '../../audio/resample.ts';
import { silenceBelow24Bits } from '../../metrics/bit-depth.ts';

/** A voice and an accompaniment to be mixed. */
export interface PairOrder {
  readonly voice: AudioData;
  readonly accompaniment: AudioData;
  /** What is longer is cut. */
  readonly seconds: number;
}

/** The two made alike: one rate, channels and length; the voice's rate. */
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
 * Makes a voice and an accompaniment alike: the accompaniment at the voice's rate, both cut to the shorter, a mono one
 * as both channels where the other is stereo, what is below 24 bits made silence: as `npm run evaluate` reads stems.
 */
export async function fitPair({ voice, accompaniment, seconds }: PairOrder): Promise<Pair> {
  const { sampleRate } = voice;
  const band = await atRate(accompaniment, sampleRate);
  const most = Math.max(1, Math.round(seconds * sampleRate));
  const length = Math.min(most, sampleCount(voice), sampleCount(band));
  const count = Math.min(2, Math.max(voice.channels.length, band.channels.length));
  const alike = ({ channels }: AudioData) => {
    const fitted = Array.from({ length: count }, (_, c) =>
      Float32Array.from(channels[Math.min(c, channels.length - 1)].subarray(0, length)),
    );
    silenceBelow24Bits(fitted);
    return fitted;
  };
  return { sampleRate, vocals: alike(voice), accompaniment: alike(band) };
}

async function atRate(sound: AudioData, sampleRate: number): Promise<AudioData> {
  if (sound.sampleRate === sampleRate) return sound;
  const channels: Float32Array[] = [];
  for (const channel of sound.channels) channels.push(await resample(channel, sound.sampleRate, sampleRate));
  return { sampleRate, channels };
}

/** The sum of the two, the voice made louder by so many decibels: that voice is then the true one. */
export function mixPair({ sampleRate, vocals, accompaniment }: Pair, voiceDecibels: number): KnownSong {
  const gain = 10 ** (voiceDecibels / 20);
  const scaled = vocals.map((channel) => channel.map((value) => gain * value));
  const mixture = scaled.map((channel, c) => channel.map((value, n) => value + accompaniment[c][n]));
  return { sampleRate, vocals: scaled, accompaniment, mixture };
}
