import type { ModelManifest } from './manifest.ts';
import { rowWidths, toBins, toRows } from './rows.ts';

type Scaling = Pick<ModelManifest, 'patch' | 'channels' | 'normalisation' | 'compression' | 'output' | 'target'>;

/** One patch on its way into the network and out again. */
export class Patch {
  readonly #scaling: Scaling;
  /** Bins of each row; undefined where every bin is one. */
  readonly #widths: readonly number[] | undefined;
  /** channels × frames × rows linear magnitudes. */
  readonly #rows: Float32Array;
  readonly #divisor: number;

  /**
   * @param magnitudes channels × frames × bins, linear
   * @param songMaximum what a model of normalisation `song-maximum` divides by
   */
  constructor(magnitudes: Float32Array, scaling: Scaling, songMaximum: number) {
    this.#scaling = scaling;
    this.#widths = scaling.patch.bands && rowWidths(scaling.patch);
    this.#rows = this.#widths ? toRows(magnitudes, this.#widths) : magnitudes;
    this.#divisor = divisorOf(this.#rows, scaling.normalisation, songMaximum);
  }

  /**
   * The patch as the network takes it: divided, compressed, and turned to rows × frames × channels. Zeros for a silent
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
    const rows = this.#rows;
    this.#places((at, inNetwork) => {
      const value = rows[at] * scale;
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
    const mixture = this.#rows;
    const rows = this.#widths ? new Float32Array(mixture.length) : mask;
    let sum = 0;
    this.#places((at, inNetwork) => {
      let value = output[inNetwork];
      sum += value;
      if (raw) {
        rows[at] = magnitude ? value * divisor : value;
        return;
      }
      if (magnitude) value = mixture[at] > 0 ? (value * divisor) / mixture[at] : ofSilence;
      rows[at] = Math.min(1, Math.max(0, value));
    });
    if (this.#widths) toBins(rows, this.#widths, mask);
    return Number.isFinite(sum);
  }

  /** Visits every cell: its place in channels × frames × rows, and in the network's rows × frames × channels. */
  #places(visit: (at: number, inNetwork: number) => void): void {
    const { patch, channels } = this.#scaling;
    const { frames } = patch;
    const rows = this.#rows.length / (frames * channels);
    for (let channel = 0, at = 0; channel < channels; channel++) {
      for (let frame = 0; frame < frames; frame++) {
        for (let row = 0; row < rows; row++, at++) visit(at, (row * frames + frame) * channels + channel);
      }
    }
  }
}

/** What the magnitudes of a patch are divided by; 0 for a silent patch, whose mask no network need tell. */
function divisorOf(rows: Float32Array, normalisation: Scaling['normalisation'], songMaximum: number): number {
  if (normalisation === 'none') return 1;
  if (normalisation === 'song-maximum') return songMaximum;
  let maximum = 0;
  for (const value of rows) if (value > maximum) maximum = value;
  return maximum;
}
