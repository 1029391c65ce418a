import { ParameterError } from '../core/errors.ts';
import { MAX_BLOCK_FRAMES, Stft } from './stft.ts';

/** Approximate length of a frame, seconds: long enough to separate low notes, short enough not to smear attacks. */
const FRAME_SECONDS = 0.1;

/** Frames in memory at a time. */
const STEP = 64;

/** A band of frequencies, hertz. */
export interface Band {
  readonly lowHz: number;
  readonly highHz: number;
}

/**
 * Filters a sound to a band: multiplies its short-time spectrum by 1 inside and 0 outside, with a slope one bin wide,
 * and inverts it (`Stft.inverse`). The first and last half frame of the sound are not exact: give it some margin. Uses
 * memory for a few frames besides the sound.
 *
 * @param channels one array per channel, all of one length; not changed
 * @returns new arrays of the same length
 * @throws ParameterError if the band is invalid
 */
export function bandPass(channels: readonly Float32Array[], sampleRate: number, band: Band): Float32Array[] {
  const { lowHz, highHz } = band;
  if (!(highHz > lowHz)) {
    throw new ParameterError('filter.band', { lowHz, highHz });
  }
  const fftSize = 2 ** Math.max(6, Math.round(Math.log2(FRAME_SECONDS * sampleRate)));
  const stft = new Stft({ fftSize, hop: fftSize / 4 });
  const gains = bandGains(stft.bins, sampleRate / fftSize, band);
  return channels.map((signal) => {
    const { bins } = stft;
    const re = new Float32Array(MAX_BLOCK_FRAMES * bins);
    const im = new Float32Array(MAX_BLOCK_FRAMES * bins);
    return stft.inverseBlocks(stft.frameCount(signal.length), signal.length, (first, frames) => {
      for (let frame = 0; frame < frames; frame++) {
        const offset = frame * bins;
        stft.forwardFrame(signal, first + frame, { re, im }, offset);
        for (let bin = 0; bin < bins; bin++) {
          re[offset + bin] *= gains[bin];
          im[offset + bin] *= gains[bin];
        }
      }
      return { frames, bins, re, im };
    });
  });
}

/** The gain of each bin: 1 in the band, 0 outside, half at its edges. */
function bandGains(bins: number, binHz: number, { lowHz, highHz }: Band): Float32Array {
  const slope = (bins: number) => Math.min(1, Math.max(0, bins + 0.5));
  return Float32Array.from({ length: bins }, (_, bin) => {
    const hz = bin * binHz;
    return slope((hz - lowHz) / binHz) * slope((highHz - hz) / binHz);
  });
}
