import { type Spectrogram, Stft } from '../../dsp/stft.ts';
import { sdr } from '../../metrics/sdr.ts';
import { noise } from '../noise.ts';

/**
 * Where the phase for a magnitude comes from: from the sound itself (nothing is lost), from the mixture (as separation by
 * masks does it), zero, or from the Griffin-Lim algorithm.
 */
export const PHASE_SOURCES = ['own', 'mixture', 'zero', 'griffinLim'] as const;

export type PhaseSource = (typeof PHASE_SOURCES)[number];

/** A sound whose magnitude is kept, and how to transform it. */
export interface PhaseRequest {
  /** One channel. */
  readonly sound: Float32Array;
  /** The mixture that contains the sound, of the same length. */
  readonly mixture: Float32Array;
  /** Samples: a power of two. */
  readonly windowLength: number;
  /** Samples. */
  readonly hop: number;
  /** Iterations of the Griffin-Lim algorithm. */
  readonly iterations: number;
}

/** A sound made of a magnitude and a phase. */
export interface Reconstruction {
  readonly samples: Float32Array<ArrayBuffer>;
  /** Against the sound that the magnitude was taken from, decibels. */
  readonly sdr: number;
  /** 20·log₁₀(‖|X| − |S|‖ / ‖S‖), decibels: how far its magnitude |X| is from the given magnitude |S|. */
  readonly spectralError: number;
}

/** Called before each iteration. Returns whether to continue; may wait. */
export type Continue = (iteration: number) => Promise<boolean>;

/**
 * Makes a sound from the magnitude of another and a phase.
 *
 * The Griffin-Lim algorithm (Griffin & Lim 1984) starts with any phase (here noise from a fixed seed). It
 * transforms to the time domain and back, keeps the resulting phase, and restores the magnitude. The spectral error never
 * grows.
 *
 * @returns undefined when `shouldContinue` returned false
 * @throws ParameterError when the hop leaves samples uncovered
 */
export async function reconstruct(
  source: PhaseSource,
  { sound, mixture, windowLength, hop, iterations }: PhaseRequest,
  shouldContinue: Continue = async () => true,
): Promise<Reconstruction | undefined> {
  const stft = new Stft({ fftSize: windowLength, hop });
  const own = stft.forward(sound);
  const magnitude = magnitudeOf(own);
  const { length } = sound;
  let samples: Float32Array<ArrayBuffer>;
  if (source === 'own') samples = stft.inverse(own, length);
  else if (source === 'mixture') samples = stft.inverse(withPhaseOf(magnitude, stft.forward(mixture)), length);
  else if (source === 'zero') {
    samples = stft.inverse({ ...own, re: magnitude, im: new Float32Array(magnitude.length) }, length);
  } else {
    samples = stft.inverse(withPhaseOf(magnitude, noiseLike(own)), length);
    for (let iteration = 1; iteration <= iterations; iteration++) {
      if (!(await shouldContinue(iteration))) return undefined;
      samples = stft.inverse(withPhaseOf(magnitude, stft.forward(samples)), length);
    }
  }
  return {
    samples,
    sdr: sdr([sound], [samples]),
    spectralError: spectralError(magnitude, magnitudeOf(stft.forward(samples))),
  };
}

function magnitudeOf({ re, im }: Spectrogram): Float32Array<ArrayBuffer> {
  const magnitude = new Float32Array(re.length);
  for (let i = 0; i < magnitude.length; i++) magnitude[i] = Math.hypot(re[i], im[i]);
  return magnitude;
}

/** |S|·X/|X|; where X is 0, its phase counts as 0. */
function withPhaseOf(magnitude: Float32Array, { re, im, ...size }: Spectrogram): Spectrogram {
  const newRe = new Float32Array(re.length);
  const newIm = new Float32Array(im.length);
  for (let i = 0; i < magnitude.length; i++) {
    const length = Math.hypot(re[i], im[i]);
    const factor = length > 0 ? magnitude[i] / length : 0;
    newRe[i] = length > 0 ? re[i] * factor : magnitude[i];
    newIm[i] = im[i] * factor;
  }
  return { ...size, re: newRe, im: newIm };
}

function noiseLike({ frames, bins }: Spectrogram): Spectrogram {
  const values = noise(2 * frames * bins);
  return { frames, bins, re: values.subarray(0, frames * bins), im: values.subarray(frames * bins) };
}

function spectralError(wanted: Float32Array, got: Float32Array): number {
  let error = 0;
  let whole = 0;
  for (let i = 0; i < wanted.length; i++) {
    error += (wanted[i] - got[i]) ** 2;
    whole += wanted[i] ** 2;
  }
  return 10 * Math.log10(error / whole);
}
