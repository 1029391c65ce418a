import type { AudioData } from '../../audio/audio-data.ts';
import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { SeparationClient } from '../../separation/separation-client.ts';
import type { Estimate } from './scoring.ts';

/** The separation of a whole song. */
export interface WholeSeparation {
  readonly estimate: Estimate;
  /** The mask of the vocals, frames × bins, values 0 to 1. */
  readonly mask: Float32Array<ArrayBuffer>;
  readonly scale: SpectrogramScale;
}

/**
 * Separates a short song as a whole.
 *
 * @param onProgress receives the share that is done, 0 to 1
 * @throws what the engine throws; the signal's reason
 */
export type SeparateWhole = (
  song: AudioData,
  signal: AbortSignal,
  onProgress: (part: number) => void,
) => Promise<WholeSeparation>;

/** {@link SeparateWhole} with the page's engine and its present model. */
export async function separateWhole(
  client: Pick<SeparationClient, 'separate'>,
  song: AudioData,
  signal: AbortSignal,
  onProgress: (part: number) => void,
): Promise<WholeSeparation> {
  const empty = () => song.channels.map((channel) => new Float32Array(channel.length));
  const estimate = { vocals: empty(), accompaniment: empty() };
  let scale: SpectrogramScale | undefined;
  let mask = new Float32Array(0);
  let done = 0;
  for await (const chunk of client.separate(song, { signal })) {
    scale ??= chunk.scale;
    if (mask.length === 0) mask = new Float32Array(scale.frames * scale.bins);
    const { firstFrame, bins, frames } = chunk.spectrogram;
    const count = Math.min(frames, scale.frames - firstFrame);
    mask.set(chunk.spectrogram.mask.subarray(0, count * bins), firstFrame * bins);
    for (const part of ['vocals', 'accompaniment'] as const) {
      chunk[part].forEach((channel, c) => void estimate[part][c].set(channel, chunk.start));
    }
    done += chunk.vocals[0].length;
    onProgress(done / chunk.totalSamples);
  }
  if (!scale) throw new Error('The song gave no chunk.');
  return { estimate, mask, scale };
}
