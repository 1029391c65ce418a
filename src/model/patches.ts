import type { ModelManifest } from './manifest.ts';

type Scaling = Pick<ModelManifest, 'patch' | 'channels' | 'normalisation' | 'compression' | 'output' | 'target'>;

/** One patch on its way into the network and out again. */
export class Patch {
  readonly #scaling: Scaling;
  /** channels × frames × bins, linear. */
  readonly #magnitudes: Float32Array;
  readonly #divisor: number;

  /**
   * @param magnitudes channels × frames × bins, linear
   * @param songMaximum what a model of normalisation `song-maximum` divides by
   */
  constructor(magnitudes: Float32Array, scaling: Scaling, songMaximum: number) {
    this.#scaling = scaling;
    this.#magnitudes = magnitudes;
    this.#divisor = divisorOf(magnitudes, scaling.normalisation, songMaximum);
  }

  /**
   * The patch as the network takes it: divided, compressed, and turned to bins × frames × channels. Zeros for a silent
   * patch: dividing would make NaN.
   */
  writeInput(input: Float32Array): void {
    const divisor = this.#divisor;
    if (divisor === 0) {
      input.fill(0);
      return;
    }
    const { compression } = this.#scaling;
    const gain = 1 / divisor;
    const log = compression.kind === 'log';
    const scale = log ? compression.scale * gain : gain;
    const magnitudes = this.#magnitudes;
    this.#places((at, inNetwork) => {
      const value = magnitudes[at] * scale;
      input[inNetwork] = log ? Math.log1p(value) : value;
    });
  }

  /**
   * The network's output as a mask in [0, 1], turned back to channels × frames × bins. An output that is a magnitude,
   * in the normalised scale, is divided by the mixture's. Silence is no voice: there the mask of the vocals is 0, and
   * that of the accompaniment, which leaves the vocals the rest, 1.
   *
   * @param raw the output itself, a magnitude in the mixture's scale, not as a mask of it
   * @returns whether all values were finite: if not, the backend failed
   */
  readMask(output: Float32Array, mask: Float32Array, raw = false): boolean {
    const divisor = this.#divisor;
    const ofSilence = this.#scaling.target === 'accompaniment' ? 1 : 0;
    if (divisor === 0) {
      mask.fill(ofSilence);
      return true;
    }
    const magnitude = this.#scaling.output === 'magnitude';
    const mixture = this.#magnitudes;
    let sum = 0;
    this.#places((at, inNetwork) => {
      let value = output[inNetwork];
      sum += value;
      if (raw) {
        mask[at] = magnitude ? value * divisor : value;
        return;
      }
      if (magnitude) value = mixture[at] > 0 ? (value * divisor) / mixture[at] : ofSilence;
      mask[at] = Math.min(1, Math.max(0, value));
    });
    return Number.isFinite(sum);
  }

  /** Visits every cell: its place in channels × frames × bins, and in the network's bins × frames × channels. */
  #places(visit: (at: number, inNetwork: number) => void): void {
    const { patch, channels } = this.#scaling;
    const { frames, bins } = patch;
    for (let channel = 0, at = 0; channel < channels; channel++) {
      for (let frame = 0; frame < frames; frame++) {
        for (let bin = 0; bin < bins; bin++, at++) visit(at, (bin * frames + frame) * channels + channel);
      }
    }
  }
}

/** What the magnitudes of a patch are divided by; 0 for a silent patch, whose mask no network need tell. */
function divisorOf(magnitudes: Float32Array, normalisation: Scaling['normalisation'], songMaximum: number): number {
  if (normalisation === 'none') return 1;
  if (normalisation === 'song-maximum') return songMaximum;
  let maximum = 0;
  for (const value of magnitudes) if (value > maximum) maximum = value;
  return maximum;
}
