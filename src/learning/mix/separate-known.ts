import type { AudioData } from '../../audio/audio-data.ts';
import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { SeparationClient } from '../../separation/separation-client.ts';
import type { Estimate } from './scoring.ts';

/** A whole song taken apart by the engine. */
export interface WholeSeparation {
  readonly estimate: Estimate;
  /** Of the vocals, frames × bins. */
  readonly mask: Float32Array<ArrayBuffer>;
  readonly scale: SpectrogramScale;
}

/**
 * Separates a short song as a whole, by the engine of the page with its present model.
 *
 * @param onProgress receives the part that is done, 0 to 1
 * @throws what the engine throws; the signal's reason
 */
export async function separateWhole(
  client: SeparationClient,
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
    const room = Math.min(frames, scale.frames - firstFrame);
    mask.set(chunk.spectrogram.mask.subarray(0, room * bins), firstFrame * bins);
    for (const part of ['vocals', 'accompaniment'] as const) {
      chunk[part].forEach((channel, c) => void estimate[part][c].set(channel, chunk.start));
    }
    done += chunk.vocals[0].length;
    onProgress(done / chunk.totalSamples);
  }
  if (!scale) throw new Error('The song gave no chunk.');
  return { estimate, mask, scale };
}
