import { type Spectrogram, Stft } from '../../dsp/stft.ts';
import { sdr } from '../../metrics/sdr.ts';
import { noise } from '../noise.ts';

/**
 * Where the phase comes from, for a magnitude that has none: the sound's own (nothing is lost), the mixture's (what
 * separation by masks does), zero, or found by the algorithm of Griffin and Lim.
 */
export const START_PHASES = ['own', 'mixture', 'zero', 'griffinLim'] as const;

export type StartPhase = (typeof START_PHASES)[number];

/** A sound whose magnitude is kept, and what it is rebuilt with. */
export interface PhaseOrder {
  /** One channel. */
  readonly sound: Float32Array;
  /** The mixture that it was in: as long. */
  readonly mixture: Float32Array;
  readonly windowLength: number;
  readonly hop: number;
  /** Rounds of Griffin and Lim. */
  readonly iterations: number;
}

/** A sound made of a magnitude and a phase. */
export interface Rebuilt {
  readonly samples: Float32Array<ArrayBuffer>;
  /** Against the sound whose magnitude it is, decibels. */
  readonly sdr: number;
  /** 20·log₁₀(‖|X| − |S|‖ / ‖S‖): how far its own magnitude is from the one it was made of, decibels. */
  readonly spectralError: number;
}

/** Whether to go on; called between two rounds, and may wait. */
export type GoOn = (round: number) => Promise<boolean>;

/**
 * Rebuilds a sound from its magnitude and a phase.
 *
 * Griffin & Lim 1984: begin with any phase (noise, from a fixed seed), go to the time domain and back, keep the phase
 * that comes out and put the magnitude in its place, again and again; the spectral error never grows.
 *
 * @returns undefined when `goOn` said no
 * @throws ParameterError when the hop leaves samples uncovered
 */
export async function rebuild(
  phase: StartPhase,
  { sound, mixture, windowLength, hop, iterations }: PhaseOrder,
  goOn: GoOn = async () => true,
): Promise<Rebuilt | undefined> {
  const stft = new Stft({ fftSize: windowLength, hop });
  const own = stft.forward(sound);
  const magnitude = magnitudeOf(own);
  const { length } = sound;
  let samples: Float32Array<ArrayBuffer>;
  if (phase === 'own') samples = stft.inverse(own, length);
  else if (phase === 'mixture') samples = stft.inverse(withPhaseOf(magnitude, stft.forward(mixture)), length);
  else if (phase === 'zero') {
    samples = stft.inverse({ ...own, re: magnitude, im: new Float32Array(magnitude.length) }, length);
  } else {
    samples = stft.inverse(withPhaseOf(magnitude, noiseLike(own)), length);
    for (let round = 1; round <= iterations; round++) {
      if (!(await goOn(round))) return undefined;
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

/** |S|·X/|X|; where X is 0 its phase is taken as 0. */
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
