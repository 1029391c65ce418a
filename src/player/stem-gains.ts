/** Duration of a gain ramp, seconds. */
export const RAMP_SECONDS = 0.02;

/** Ramp of one gain. */
interface Glide {
  from: number;
  to: number;
}

/**
 * The gains of vocals and accompaniment. They mix the two signals that song-reader.ts reads:
 *
 *     gA · original + (gV − gA) · vocals        (accompaniment = original − vocals)
 *
 * Equal gains of 1 give the original bit for bit. Where the vocals are not separated yet, the original plays at the
 * greater of both gains. Gains ramp linearly over `RAMP_SECONDS`. They are applied last, after a change of speed and
 * key, so that they take effect at once.
 */
export class StemGains {
  readonly #rampSamples: number;
  readonly #vocals: Glide = { from: 1, to: 1 };
  readonly #accompaniment: Glide = { from: 1, to: 1 };
  /** Gain of the original where it replaces the stems: a ramp of its own avoids a dip when switching stems. */
  readonly #original: Glide = { from: 1, to: 1 };
  /** Remaining samples of the ramp; 0: gains are at their targets. */
  #rampLeft = 0;

  /** @param rate Sample rate of the output, hertz. */
  constructor(rate: number) {
    this.#rampSamples = Math.max(1, Math.round(RAMP_SECONDS * rate));
  }

  /** The mix is not just the original at some level. */
  get parted(): boolean {
    return this.#vocals.to !== this.#accompaniment.to;
  }

  /** Ramps to new gains (linear, ≥ 0); at once if `audible` is false. */
  set(vocals: number, accompaniment: number, audible: boolean): void {
    for (const glide of [this.#vocals, this.#accompaniment, this.#original]) glide.from = this.#gain(glide);
    this.#vocals.to = vocals;
    this.#accompaniment.to = accompaniment;
    this.#original.to = Math.max(vocals, accompaniment);
    this.#rampLeft = audible ? this.#rampSamples : 0;
  }

  /** Sets the gains to their targets without a ramp. Call it only during silence. */
  settle(): void {
    this.#rampLeft = 0;
  }

  /**
   * Mixes `count` samples into `out` from index `from` on; a mono song fills all output channels.
   * @param stems From index 0: the original's channels, then as many of the vocals times their share.
   * @param shareAt Share of the stems in sample i, 0 (only the original) to 1.
   */
  mix(
    stems: readonly Float32Array[],
    shareAt: (i: number) => number,
    out: readonly Float32Array[],
    from: number,
    count: number,
  ): void {
    const channels = stems.length / 2;
    for (let i = 0; i < count; i++) {
      if (this.#rampLeft > 0) this.#rampLeft--;
      const a = this.#gain(this.#accompaniment);
      const share = shareAt(i);
      const gain = share === 1 ? a : a + (1 - share) * (this.#gain(this.#original) - a);
      const difference = this.#gain(this.#vocals) - a;
      for (let c = 0; c < out.length; c++) {
        const source = Math.min(c, channels - 1);
        out[c][from + i] = gain * stems[source][i] + difference * stems[channels + source][i];
      }
    }
  }

  #gain(glide: Glide): number {
    if (this.#rampLeft === 0) return glide.to;
    return glide.to + (glide.from - glide.to) * (this.#rampLeft / this.#rampSamples);
  }
}

/** Adds the vocals, times `factor`, to the channels that come before them. */
export function addVocals(stems: readonly Float32Array[], count: number, factor: number): void {
  const channels = stems.length / 2;
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < count; i++) stems[c][i] += factor * stems[channels + c][i];
  }
}
