import { HighBandGains } from '../dsp/high-band.ts';
import { MaskInterpolator } from '../dsp/interpolate-mask.ts';
import type { MaskSize } from '../dsp/mask-paint.ts';
import { StereoMaskFilter } from '../dsp/stereo-filter.ts';
import type { ModelManifest } from '../model/manifest.ts';
import { filterSize } from './stem-maker.ts';
import type { SpectrogramScale } from './types.ts';

/** What refiltering needs of a manifest. */
export type FilterFacts = Pick<ModelManifest, 'stft' | 'sampleRate' | 'highBand'>;

/** What is the same for every piece of a song. */
export interface MaskedSong {
  readonly sampleRate: number;
  /** Of the whole song. */
  readonly samples: number;
  readonly facts: FilterFacts;
  readonly scale: SpectrogramScale;
}

/** Half-open ranges of samples and of mask frames. */
export interface MaskedSpan {
  /** What is made anew: every sample that the changed frames have a part in. */
  readonly start: number;
  readonly end: number;
  /** What is read of the song. */
  readonly readFrom: number;
  readonly readTo: number;
  /** What is read of the mask. */
  readonly maskFrom: number;
  readonly maskTo: number;
}

/** A piece of a song with its mask: the ranges of a span. */
export interface MaskedPiece {
  readonly span: MaskedSpan;
  readonly channels: readonly Float32Array[];
  /** Frames × bins, in [0, 1]. */
  readonly mask: Float32Array;
}

/** What the worker offers, renderMasked.worker.ts: nothing is kept between calls. */
export interface RenderMaskedEngine {
  renderMasked(song: MaskedSong, piece: MaskedPiece): Promise<Float32Array<ArrayBuffer>[]>;
  /** A mask as a spectrogram, and a spectrogram as a mask: mask-png.ts. */
  toPng(cells: Uint16Array, size: MaskSize): Promise<Uint8Array<ArrayBuffer>>;
  fromPng(bytes: Uint8Array, size: MaskSize): Promise<Uint16Array<ArrayBuffer>>;
}

/**
 * What a change of the mask frames [fromFrame, toFrame) reaches, and what is needed to make it anew. One filter frame
 * more on each side is computed: its half overlaps with what is wanted. The slice begins another frame earlier, so that
 * the first frame is whole where it counts.
 */
export function renderMaskedSpan(song: MaskedSong, fromFrame: number, toFrame: number): MaskedSpan {
  const { sampleRate, samples, facts, scale } = song;
  const hop = filterSize(sampleRate, facts) / 2;
  const all = Math.ceil(samples / hop) + 1;
  const atSeconds = (seconds: number) => (seconds * sampleRate) / hop;
  // A mask frame reaches to its neighbours' centres. Frames beyond the mask's last repeat it.
  const first = Math.max(0, Math.floor(atSeconds((fromFrame - 1) * scale.frameSeconds)));
  const last =
    toFrame >= scale.frames ? all - 1 : Math.min(all - 1, Math.ceil(atSeconds(toFrame * scale.frameSeconds)));
  const firstRead = Math.max(0, first - 3);
  const lastRead = Math.min(all - 1, last + 2);
  const frameAt = (frame: number) => (frame * hop) / sampleRate / scale.frameSeconds;
  return {
    start: Math.max(0, (first - 1) * hop),
    end: Math.min(samples, (last + 1) * hop),
    readFrom: firstRead * hop,
    readTo: Math.min(samples, lastRead * hop),
    maskFrom: Math.min(scale.frames - 1, Math.floor(frameAt(firstRead))),
    maskTo: Math.min(scale.frames, Math.floor(frameAt(lastRead)) + 2),
  };
}

/**
 * The vocals made anew where a song's mask has changed: the samples of the same filter that separation uses
 * (stem-maker.ts), in the neighbourhood alone, by one mask for both channels. With the mask that the network gave, the
 * samples are those that separation gave; not where it gave a mask for each channel, whose mean the spectrogram shows.
 *
 * @returns the samples [span.start, span.end) of each channel
 */
export function renderMasked(song: MaskedSong, { span, channels, mask }: MaskedPiece): Float32Array<ArrayBuffer>[] {
  const { sampleRate, facts, scale } = song;
  const fftSize = filterSize(sampleRate, facts);
  const hop = fftSize / 2;
  const filter = new StereoMaskFilter({ fftSize, hop, window: 'sine', channels: channels.length === 2 ? 2 : 1 });
  const interpolator = new MaskInterpolator({ grid: scale, fftSize, sampleRate, highBand: facts.highBand });
  const topHz = scale.firstBinHz + (scale.bins - 1) * scale.binHz;
  const gains =
    facts.highBand.rule === 'learnt' && sampleRate / 2 > topHz + scale.binHz
      ? new HighBandGains(facts.highBand, { fftSize, sampleRate, topHz })
      : undefined;
  const row = new Float32Array(filter.bins);
  const power = new Float32Array(filter.bins);
  const pieces: Float32Array[][] = [];
  const length = channels[0].length;
  const frames = filter.frameCount(length);
  for (let frame = 0; frame < frames; frame++) {
    filter.analyse(channels, frame);
    if (gains) filter.power(power);
    const seconds = (frame * hop + span.readFrom) / sampleRate;
    interpolator.at(mask, span.maskTo - span.maskFrom, seconds, row, span.maskFrom);
    gains?.fill(row, power);
    filter.apply(row);
    pieces.push(filter.take());
  }
  pieces.push(filter.flush(length));
  return channels.map((_, channel) => cut(pieces, channel, span.start - span.readFrom, span.end - span.start));
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
