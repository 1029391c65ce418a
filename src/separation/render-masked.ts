import type { MaskSize } from '../dsp/mask-paint.ts';
import type { SpectrogramScale } from '../dsp/spectrogram-scale.ts';
import { type FilterFacts, filterSize, StemFilter } from './stem-filter.ts';

/** What is the same for every piece of a song. */
export interface MaskedSong {
  /** Hertz. */
  readonly sampleRate: number;
  /** Of one channel of the whole song. */
  readonly samples: number;
  readonly facts: FilterFacts;
  readonly scale: SpectrogramScale;
}

/** Half-open ranges of samples and of mask frames. */
export interface MaskedSpan {
  /** Samples to render: all in which the changed frames have a share. */
  readonly start: number;
  readonly end: number;
  /** Samples of the song to read. */
  readonly readFrom: number;
  readonly readTo: number;
  /** Frames of the mask to read. */
  readonly maskFrom: number;
  readonly maskTo: number;
}

/** A piece of a song with its mask: the ranges of a span. */
export interface MaskedPiece {
  readonly span: MaskedSpan;
  /** Samples [readFrom, readTo), one array a channel. */
  readonly channels: readonly Float32Array[];
  /** Frames × bins, in [0, 1]. */
  readonly mask: Float32Array;
}

/** What the worker offers: see render-masked.worker.ts. It keeps nothing between calls. */
export interface RenderMaskedEngine {
  renderMasked(song: MaskedSong, piece: MaskedPiece): Promise<Float32Array<ArrayBuffer>[]>;
  /** A mask as an image, and an image as a mask: see mask-png.ts. */
  toPng(cells: Uint16Array, size: MaskSize): Promise<Uint8Array<ArrayBuffer>>;
  fromPng(bytes: Uint8Array, size: MaskSize): Promise<Uint16Array<ArrayBuffer>>;
}

/**
 * The samples that a change of the mask frames [fromFrame, toFrame) reaches, and what must be read to render them. The
 * filter computes one frame more on each side, as half of it overlaps with the wanted samples; the slice begins another
 * frame earlier, so that the first frame has all its samples.
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
 * Renders the vocals again where a song's mask has changed, with the filter that separation uses and one mask for both
 * channels. With the mask that the network gave, the samples are those of the separation, unless the network gave a
 * mask for each channel: then the stored mask is their mean.
 *
 * @returns samples [start, end) of the span, one array a channel
 */
export function renderMasked(song: MaskedSong, { span, channels, mask }: MaskedPiece): Float32Array<ArrayBuffer>[] {
  const { sampleRate, samples, facts, scale } = song;
  const { readFrom, readTo, start, end, maskFrom, maskTo } = span;
  const hop = filterSize(sampleRate, facts) / 2;
  // Frame f reads the samples from (f − 1) × hop to (f + 1) × hop.
  const firstFrame = readFrom === 0 ? 0 : readFrom / hop + 1;
  const stereo = channels.length === 2;
  const filter = new StemFilter({ sampleRate, channels: stereo ? 2 : 1, facts, scale, firstFrame });
  const toEnd = readTo >= samples;
  const lastFrame = toEnd ? filter.frameCount(samples) : readTo / hop;
  const from = filter.position;
  const masks = { masks: [mask], frames: maskTo - maskFrom, first: maskFrom };
  const part = { offset: readFrom, samples };
  for (let frame = firstFrame; frame < lastFrame; frame++) filter.process(channels, frame, masks, part);
  const vocals = toEnd ? filter.flush(samples) : filter.take();
  return vocals.map((channel) => channel.slice(start - from, end - from));
}
