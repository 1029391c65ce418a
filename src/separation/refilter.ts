import { type AudioData, sampleCount } from '../audio/audio-data.ts';
import { HighBandGains } from '../dsp/high-band.ts';
import { MaskInterpolator } from '../dsp/interpolate-mask.ts';
import { StereoMaskFilter } from '../dsp/stereo-filter.ts';
import type { ModelManifest } from '../model/manifest.ts';
import { filterSize } from './stem-maker.ts';
import type { PictureScale } from './types.ts';

/** A piece of a stem. */
export interface StemPiece {
  /** Its first sample. */
  readonly start: number;
  readonly channels: readonly Float32Array<ArrayBuffer>[];
}

/** What refiltering needs of a manifest. */
export type FilterFacts = Pick<ModelManifest, 'stft' | 'sampleRate' | 'highBand'>;

/**
 * The vocals made anew where a song's mask has changed: the samples of the same filter that separation uses
 * (stem-maker.ts, `channels: 'mean'`, no Wiener rounds), in the neighbourhood alone. With the mask that the network
 * gave, the samples are those that separation gave.
 *
 * @param mask frames × bins of the whole song, in [0, 1]
 * @param fromFrame first mask frame that changed
 * @param toFrame the frame after the last that changed
 * @returns all samples that those frames have a part in, and no other
 */
export function refilter(
  song: AudioData,
  facts: FilterFacts,
  scale: PictureScale,
  mask: Float32Array,
  fromFrame: number,
  toFrame: number,
): StemPiece {
  const { sampleRate, channels } = song;
  const samples = sampleCount(song);
  const fftSize = filterSize(sampleRate, facts);
  const hop = fftSize / 2;
  const filter = new StereoMaskFilter({ fftSize, hop, window: 'sine', channels: channels.length === 2 ? 2 : 1 });
  const interpolator = new MaskInterpolator({ grid: scale, fftSize, sampleRate, highBand: facts.highBand });
  const topHz = scale.firstBinHz + (scale.bins - 1) * scale.binHz;
  const gains =
    facts.highBand.rule === 'learnt' && sampleRate / 2 > topHz + scale.binHz
      ? new HighBandGains(facts.highBand, { fftSize, sampleRate, topHz })
      : undefined;
  const all = filter.frameCount(samples);
  const atSeconds = (seconds: number) => (seconds * sampleRate) / hop;
  // A mask frame reaches to its neighbours' centres. Frames beyond the mask's last repeat it.
  const firstChanged = Math.max(0, Math.floor(atSeconds((fromFrame - 1) * scale.frameSeconds)));
  const lastChanged =
    toFrame >= scale.frames ? all - 1 : Math.min(all - 1, Math.ceil(atSeconds(toFrame * scale.frameSeconds)));
  const start = Math.max(0, (firstChanged - 1) * hop);
  const end = Math.min(samples, (lastChanged + 1) * hop);
  // One frame more on each side: their second, or first, half overlaps with what is wanted. The slice begins another
  // frame earlier, so that the filter's frame 0 is whole where it counts.
  const firstFrame = Math.max(0, firstChanged - 2);
  const lastFrame = Math.min(all - 1, lastChanged + 1);
  const offset = Math.max(0, firstFrame - 1) * hop;
  const slice = channels.map((channel) => channel.subarray(offset, Math.min(samples, (lastFrame + 1) * hop)));
  const row = new Float32Array(filter.bins);
  const power = new Float32Array(filter.bins);
  const pieces: Float32Array[][] = [];
  const frames = filter.frameCount(slice[0].length);
  for (let frame = 0; frame < frames; frame++) {
    filter.analyse(slice, frame);
    if (gains) filter.power(power);
    interpolator.at(mask, scale.frames, (frame * hop + offset) / sampleRate, row);
    gains?.fill(row, power);
    filter.apply(row);
    pieces.push(filter.take());
  }
  pieces.push(filter.flush(slice[0].length));
  return { start, channels: channels.map((_, channel) => cut(pieces, channel, start - offset, end - start)) };
}

function cut(pieces: readonly Float32Array[][], channel: number, from: number, length: number) {
  const out = new Float32Array(length);
  let at = -from;
  for (const piece of pieces) {
    const samples = piece[channel];
    const first = Math.max(0, -at);
    const last = Math.min(samples.length, length - at);
    if (last > first) out.set(samples.subarray(first, last), at + first);
    at += samples.length;
  }
  return out;
}
