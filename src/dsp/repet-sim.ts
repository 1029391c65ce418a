import { ParameterError } from '../errors.ts';
import { nonLocalMedian } from './non-local-median.ts';
import { StereoMaskFilter } from './stereo-filter.ts';
import { Stft } from './stft.ts';

export interface RepetSimOptions {
  /** Points of the transform. Default: the power of two nearest to 46 ms at the rate. */
  readonly fftSize?: number;
  /** Default: half of fftSize. */
  readonly hop?: number;
  /** Neighbouring bins that are summed before frames are compared: 1 is exact, 4 four times as fast. Default: 4. */
  readonly group?: number;
  /** Similar frames lie at least so far apart in time from the frame itself. Default: 2. */
  readonly apartSeconds?: number;
  /** Below this everything is accompaniment: no voice reaches there (Rafii & Pardo, section 3.3). Default: 100 Hz. */
  readonly highPassHz?: number;
}

/**
 * REPET-SIM (Rafii & Pardo, “Music/voice separation using the similarity matrix”, ISMIR 2012): what comes again in a song
 * is its accompaniment. For each frame of the magnitude spectrogram the frames most like it (cosine, of the channels'
 * mean) are sought; the median over them, bin by bin, never more than the frame itself, is the repeating part W; what it
 * leaves, V − W, is the voice. The mask is soft, (V − W)² / ((V − W)² + W²), as in librosa's version of the method
 * (“Vocal separation”, with margins of 1 so that the stems add up).
 *
 * @param mixture one or two channels of one length
 * @returns vocals and accompaniment, which add up to the mixture
 * @throws ParameterError for another number of channels
 */
export function repetSim(
  mixture: readonly Float32Array[],
  sampleRate: number,
  options: RepetSimOptions = {},
): { readonly vocals: Float32Array[]; readonly accompaniment: Float32Array[] } {
  if (mixture.length < 1 || mixture.length > 2) {
    throw new ParameterError(`REPET-SIM takes no ${mixture.length} channels.`, 'Give one or two.');
  }
  const { fftSize = 2 ** Math.round(Math.log2(0.046 * sampleRate)), hop = fftSize / 2 } = options;
  const { group = 4, apartSeconds = 2, highPassHz = 100 } = options;
  const samples = mixture[0].length;
  const stft = new Stft({ fftSize, hop });
  const magnitudes = mixture.map((channel) => stft.magnitude(channel));
  const width = Math.max(1, Math.floor((apartSeconds * sampleRate) / hop));
  const frames = stft.frameCount(samples);
  const repeating = nonLocalMedian(bandsOf(magnitudes, frames, stft.bins, group), magnitudes, frames, width);
  const firstBin = Math.ceil((highPassHz * fftSize) / sampleRate);
  const vocals = magnitudes.map((magnitude, c) => {
    const filter = new StereoMaskFilter({ fftSize, hop, channels: 1 });
    const mask = new Float32Array(stft.bins);
    for (let frame = 0; frame < filter.frameCount(samples); frame++) {
      const at = frame * stft.bins;
      for (let bin = 0; bin < stft.bins; bin++) {
        const back = Math.min(magnitude[at + bin], repeating[c][at + bin]);
        mask[bin] = bin < firstBin ? 0 : voiceMask(magnitude[at + bin] - back, back);
      }
      filter.process([mixture[c]], frame, mask);
    }
    return filter.flush(samples)[0];
  });
  const accompaniment = vocals.map((stem, c) => stem.map((value, n) => mixture[c][n] - value));
  return { vocals, accompaniment };
}

/** The sum of the channels' magnitudes, over groups of bins: frames × ⌈bins / group⌉. */
function bandsOf(magnitudes: readonly Float32Array[], frames: number, bins: number, group: number): Float32Array {
  const bands = Math.ceil(bins / group);
  const out = new Float32Array(frames * bands);
  for (const magnitude of magnitudes) {
    for (let frame = 0, i = 0; frame < frames; frame++) {
      for (let bin = 0; bin < bins; bin++, i++) out[frame * bands + Math.floor(bin / group)] += magnitude[i];
    }
  }
  return out;
}

/** voice² / (voice² + back²); ½ where both are 0, as librosa.util.softmask has it with split_zeros. */
function voiceMask(voice: number, back: number): number {
  const greater = Math.max(voice, back);
  if (greater === 0) return 0.5;
  const v = (voice / greater) ** 2;
  return v / (v + (back / greater) ** 2);
}
