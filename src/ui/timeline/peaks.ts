/** Peaks a second of song: fine enough for a lane at any useful zoom. */
const PEAKS_PER_SECOND = 100;

/** Peaks of a song at most; that many has one of 20 minutes. They are drawn anew several times a second while they come. */
const MAX_PEAKS = 120_000;

/**
 * The outline of one stem: in each of equal stretches of time, the greatest and the least sample over all channels,
 * clamped to [−1, 1]. Filled in as samples arrive. `upper` and `lower` are what wavesurfer.js draws above and below the
 * line.
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

  /** The greatest absolute value so far. */
  get peak(): number {
    return this.#peak;
  }

  /** Takes samples that begin at sample `start` of the song. */
  add(start: number, channels: readonly Float32Array[]): void {
    for (const channel of channels) this.#addChannel(start, channel);
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
