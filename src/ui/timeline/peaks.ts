/** Peaks per second of song: fine enough at any useful zoom. */
const PEAKS_PER_SECOND = 100;

/**
 * Maximum number of peaks, reached by a song of 20 minutes: they are drawn again several times a second while they
 * arrive.
 */
const MAX_PEAKS = 120_000;

/**
 * The outline of one stem: for each of equal intervals of time, the greatest and the least sample over all channels,
 * clamped to [−1, 1]. It fills in as samples arrive. wavesurfer.js draws `upper` above and `lower` below the line.
 *
 * @example
 * const peaks = new PeakTrack(song.length, 44_100);
 * peaks.add(0, [left, right]);
 */
export class PeakTrack {
  readonly upper: Float32Array;
  readonly lower: Float32Array;
  readonly #samplesPerPeak: number;
  #peak = 0;

  constructor(totalSamples: number, sampleRate: number) {
    const count = Math.min(MAX_PEAKS, Math.max(1, Math.ceil((totalSamples / sampleRate) * PEAKS_PER_SECOND)));
    this.upper = new Float32Array(count);
    this.lower = new Float32Array(count);
    this.#samplesPerPeak = Math.max(1, totalSamples / count);
  }

  /** Greatest absolute sample so far, 0 to 1. */
  get peak(): number {
    return this.#peak;
  }

  /** Adds samples; `start` is the number of the first one in the song. */
  add(start: number, channels: readonly Float32Array[]): void {
    for (const channel of channels) this.#addChannel(start, channel);
  }

  /** Copies of `upper` and `lower`, times `factor`. */
  scaled(factor: number): Float32Array[] {
    return [this.upper, this.lower].map((side) => {
      const copy = side.slice();
      for (let n = 0; n < copy.length; n++) copy[n] *= factor;
      return copy;
    });
  }

  #addChannel(start: number, channel: Float32Array): void {
    const { upper, lower } = this;
    let sample = 0;
    while (sample < channel.length) {
      const peak = Math.min(upper.length - 1, Math.floor((start + sample) / this.#samplesPerPeak));
      const nextPeak = Math.ceil((peak + 1) * this.#samplesPerPeak) - start;
      const end = peak === upper.length - 1 ? channel.length : Math.min(channel.length, Math.max(nextPeak, sample + 1));
      let high = upper[peak];
      let low = lower[peak];
      for (; sample < end; sample++) {
        const value = channel[sample];
        if (value > high) high = value;
        else if (value < low) low = value;
      }
      upper[peak] = Math.min(1, high);
      lower[peak] = Math.max(-1, low);
      this.#peak = Math.max(this.#peak, upper[peak], -lower[peak]);
    }
  }
}
