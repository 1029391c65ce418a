/** Seconds in which a gain reaches its target. */
export const RAMP_SECONDS = 0.02;

/** Gain of one stem on its way to a target. */
interface Glide {
  from: number;
  to: number;
}

/**
 * The gains of vocals and accompaniment: they make what is heard of the two signals that are read (song-reader.ts),
 *
 *     gA · original + (gV − gA) · vocals        (accompaniment = original − vocals)
 *
 * so that equal gains of 1 are the original bit for bit. Where the vocals are not separated yet, the original stands in
 * at the greater of both gains. Gains glide linearly over `RAMP_SECONDS`. They come last, behind a change of speed and
 * key, so that they are heard at once.
 */
export class StemGains {
  readonly #rampSamples: number;
  readonly #vocals: Glide = { from: 1, to: 1 };
  readonly #accompaniment: Glide = { from: 1, to: 1 };
  /** Of the original where it stands in: a glide of its own, so that going from stem to stem is no dip. */
  readonly #original: Glide = { from: 1, to: 1 };
  /** Samples of the ramp still to go; 0: gains stand at their targets. */
  #rampLeft = 0;

  /** @param rate Samples of the output a second. */
  constructor(rate: number) {
    this.#rampSamples = Math.max(1, Math.round(RAMP_SECONDS * rate));
  }

  /** Something else than the original, at whatever level, was asked for. */
  get parted(): boolean {
    return this.#vocals.to !== this.#accompaniment.to;
  }

  /** Glides to new gains (linear, ≥ 0); at once where `audible` is false. */
  set(vocals: number, accompaniment: number, audible: boolean): void {
    for (const glide of [this.#vocals, this.#accompaniment, this.#original]) glide.from = this.#gain(glide);
    this.#vocals.to = vocals;
    this.#accompaniment.to = accompaniment;
    this.#original.to = Math.max(vocals, accompaniment);
    this.#rampLeft = audible ? this.#rampSamples : 0;
  }

  /** Puts the gains to their targets: to be done where nothing can be heard. */
  settle(): void {
    this.#rampLeft = 0;
  }

  /**
   * Mixes `count` samples into `out` from index `from` on; a mono song goes to all of its channels.
   * @param stems From index 0: the original's channels, then as many of the vocals times their share.
   * @param shareAt Share of the stems in sample i, 0 (the original stands in) to 1.
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
