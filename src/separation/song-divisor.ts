import { pcmSource, type Song } from '../audio/pcm-source.ts';
import type { ModelManifest } from '../model/manifest.ts';
import { type ChannelSelector, MixtureFrames } from './mixture-frames.ts';

/** Samples of the song that are read at once. */
const BLOCK = 1 << 16;

/**
 * The number by which a song's magnitudes are divided before the networks run, for models that are normalised by the
 * song; undefined for the others. Reads the whole song. 0 for a silent song.
 *
 * @param selectors one for each channel of the model
 */
export async function songDivisor(
  song: Song,
  manifest: ModelManifest,
  selectors: readonly ChannelSelector[],
): Promise<number | undefined> {
  const { normalisation } = manifest;
  switch (normalisation.kind) {
    case 'song-maximum': {
      let maximum = 0;
      for (const selector of new Set(selectors))
        maximum = Math.max(maximum, await songMaximum(song, manifest, selector));
      return maximum;
    }
    case 'song-level':
      return (await rootMeanSquare(song)) / normalisation.level;
    default:
      return undefined;
  }
}

/** Root mean square of all samples of all channels; full scale is 1. */
async function rootMeanSquare(song: Song): Promise<number> {
  const source = pcmSource(song);
  let sum = 0;
  for (let start = 0; start < source.samples; start += BLOCK) {
    for (const channel of await source.read(start, Math.min(source.samples, start + BLOCK))) sum += energy(channel);
  }
  return Math.sqrt(sum / (source.samples * source.channelCount));
}

/** The sum of squares. An iterator would take five times as long, while a person waits for the first piece. */
function energy(channel: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < channel.length; i++) sum += channel[i] * channel[i];
  return sum;
}

/**
 * The largest magnitude of all bins, also of those outside the patch, as Jansson et al.'s Chainer and TensorFlow
 * versions take it.
 */
async function songMaximum(song: Song, manifest: ModelManifest, selector: ChannelSelector): Promise<number> {
  const step = manifest.patch.frames;
  const patch = { frames: step, firstBin: 0, bins: manifest.stft.fftSize / 2 + 1 };
  const mixture = await MixtureFrames.open(song, { ...manifest, patch }, selector);
  try {
    const piece = new Float32Array(step * patch.bins);
    let maximum = 0;
    for (let frame = 0; frame < mixture.frames; frame += step) {
      await mixture.read(step, piece, 0);
      for (let n = 0; n < piece.length; n++) if (piece[n] > maximum) maximum = piece[n];
    }
    return maximum;
  } finally {
    mixture.dispose();
  }
}
