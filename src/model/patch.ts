import { freeMemory } from '../core/memory.ts';
import { type ModelDescription, mainNetwork, type NetworkDescription, type Stem } from './manifest.ts';
import type { NetworkShape } from './network-shape.ts';
import { combineMasks } from './runtime/combine-masks.ts';

type Scaling = Pick<ModelDescription, 'patch' | 'channels' | 'normalisation' | 'compression' | 'networks' | 'combine'>;

/** The output of a stem's network for one patch, bins × frames × channels. */
export type NetworkOutput = readonly [Stem, Float32Array];

/** Turns one patch of magnitudes into the networks' input, and their outputs into masks. */
export class Patch {
  readonly #scaling: Scaling;
  /** channels × frames × bins linear magnitudes. */
  readonly #magnitudes: Float32Array;
  readonly #shape: NetworkShape;
  readonly #divisor: number;

  /**
   * @param magnitudes channels × frames × bins, linear
   * @param songDivisor divisor of the whole song's magnitudes, for a model that is normalised by the song
   */
  constructor(magnitudes: Float32Array, scaling: Scaling, songDivisor: number) {
    this.#scaling = scaling;
    this.#magnitudes = magnitudes;
    const { patch, channels } = scaling;
    this.#shape = { bins: patch.bins, frames: patch.frames, channels };
    this.#divisor = divisorOf(magnitudes, scaling.normalisation, songDivisor);
  }

  /**
   * Writes the networks' input: divided, compressed, transposed to bins × frames × channels. Zeros for a silent patch,
   * as dividing would give NaN.
   */
  writeInput(input: Float32Array): void {
    if (this.#divisor === 0) {
      input.fill(0);
      return;
    }
    toNetwork(this.#magnitudes, input, this.#shape);
    const { compression } = this.#scaling;
    const gain = 1 / this.#divisor;
    if (compression.kind === 'none') {
      if (gain !== 1) for (let i = 0; i < input.length; i++) input[i] *= gain;
      return;
    }
    const scale = compression.scale * gain;
    for (let i = 0; i < input.length; i++) input[i] = Math.log1p(input[i] * scale);
  }

  /**
   * Writes the mask of the vocals in [0, 1], channels × frames × bins, from the networks' outputs. An output that is a
   * magnitude, in the normalised scale, is divided by the mixture's. In silence the mask is 0.
   *
   * @returns whether all values were finite; if not, the backend failed
   */
  readMask(outputs: readonly NetworkOutput[], mask: Float32Array): boolean {
    if (this.#divisor === 0) {
      mask.fill(0);
      return true;
    }
    const { networks, combine } = this.#scaling;
    let finite = true;
    const masks = outputs.map(([stem, output], n): NetworkOutput => {
      const own = n === 0 ? mask : new Float32Array(mask.length);
      finite = fromNetwork(output, own, this.#shape) && finite;
      return [stem, own];
    });
    if (networks[masks[0][0]]!.output === 'logit') softmax(masks.map(([, values]) => values));
    for (const [stem, values] of masks) this.#toMask(values, networks[stem]!, stem);
    // The mask of a single network of the vocals is final.
    if (combine.kind === 'ratio' || masks[0][0] !== 'vocals') {
      combineMasks(masks, this.#magnitudes, combine, mask);
    }
    freeMemory(masks.slice(1).map(([, values]) => values));
    return finite;
  }

  /**
   * Writes the output of the only network, channels × frames × bins: a mask of its stem, or a magnitude in the
   * mixture's scale.
   *
   * @returns whether all values were finite
   */
  readRaw([[, output]]: readonly NetworkOutput[], out: Float32Array): boolean {
    if (this.#divisor === 0) {
      out.fill(0);
      return true;
    }
    const finite = fromNetwork(output, out, this.#shape);
    const [, network] = mainNetwork(this.#scaling);
    if (network.output === 'magnitude') for (let i = 0; i < out.length; i++) out[i] *= this.#divisor;
    return finite;
  }

  #toMask(values: Float32Array, network: NetworkDescription, stem: Stem): void {
    const mixture = this.#magnitudes;
    if (network.output === 'magnitude') {
      const ofSilence = stem === 'vocals' ? 0 : 1;
      for (let i = 0; i < values.length; i++) {
        values[i] = mixture[i] > 0 ? (values[i] * this.#divisor) / mixture[i] : ofSilence;
      }
    }
    for (let i = 0; i < values.length; i++) values[i] = Math.min(1, Math.max(0, values[i]));
  }
}

/** Turns the logits of several networks into masks that add up to 1 in each cell, in place. */
function softmax(all: readonly Float32Array[]): void {
  for (let i = 0; i < all[0].length; i++) {
    let greatest = Number.NEGATIVE_INFINITY;
    for (const logits of all) greatest = Math.max(greatest, logits[i]);
    let sum = 0;
    for (const logits of all) {
      logits[i] = Math.exp(logits[i] - greatest);
      sum += logits[i];
    }
    for (const logits of all) logits[i] /= sum;
  }
}

/** Bins transposed in one go: the number of cache lines written at a time. */
const TILE = 8;

/** Transposes channels × frames × bins to bins × frames × channels. */
function toNetwork(from: Float32Array, to: Float32Array, { bins, frames, channels }: NetworkShape): void {
  const stride = frames * channels;
  for (let channel = 0; channel < channels; channel++) {
    for (let first = 0; first < bins; first += TILE) {
      const end = Math.min(bins, first + TILE);
      for (let frame = 0; frame < frames; frame++) {
        const row = (channel * frames + frame) * bins;
        const column = frame * channels + channel;
        for (let bin = first; bin < end; bin++) to[bin * stride + column] = from[row + bin];
      }
    }
  }
}

/** Transposes bins × frames × channels to channels × frames × bins. @returns whether all values were finite */
function fromNetwork(from: Float32Array, to: Float32Array, { bins, frames, channels }: NetworkShape): boolean {
  const stride = frames * channels;
  let sum = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let first = 0; first < bins; first += TILE) {
      const end = Math.min(bins, first + TILE);
      for (let frame = 0; frame < frames; frame++) {
        const row = (channel * frames + frame) * bins;
        const column = frame * channels + channel;
        for (let bin = first; bin < end; bin++) {
          const value = from[bin * stride + column];
          sum += value;
          to[row + bin] = value;
        }
      }
    }
  }
  return Number.isFinite(sum);
}

/** The divisor of a patch's magnitudes; 0 for a silent patch. */
function divisorOf(magnitudes: Float32Array, { kind }: Scaling['normalisation'], songDivisor: number): number {
  if (kind === 'none') return 1;
  if (kind !== 'patch-maximum') return songDivisor;
  let maximum = 0;
  for (let i = 0; i < magnitudes.length; i++) if (magnitudes[i] > maximum) maximum = magnitudes[i];
  return maximum;
}
