import { ParameterError } from '../core/errors.ts';
import { MAX_BLOCK_FRAMES, Stft } from './stft.ts';

/** The approximate length of a frame: long enough to resolve low notes, short enough not to smear attacks. */
const FRAME_SECONDS = 0.1;

/** The frequencies to keep, in hertz. */
export interface Band {
  readonly lowHz: number;
  readonly highHz: number;
}

/**
 * Keeps a band of a sound's frequencies. Multiplies the short-time spectrum by 1 inside the band and 0 outside, with a
 * slope of one bin, and inverts it. The first and last half frame are not exact, so pass some margin. Keeps a few
 * frames in memory beside the sound.
 *
 * @param channels one array for each channel, all of the same length; not changed
 * @param sampleRate hertz
 * @returns new arrays of the same shape
 * @throws ParameterError when highHz is not above lowHz
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
