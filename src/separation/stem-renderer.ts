import type { PcmSource } from '../audio/pcm-source.ts';
import { joinFloats } from '../core/join-arrays.ts';
import { freeMemory } from '../core/memory.ts';
import type { SpectrogramScale } from '../dsp/spectrogram-scale.ts';
import type { ModelManifest } from '../model/manifest.ts';
import { filterStart, StemFilter } from './stem-filter.ts';

/** How many masks the stems of a song are made with: one for both channels, or one for each. */
export function maskCount({ channelCount }: Pick<PcmSource, 'channelCount'>, { channels }: ModelManifest): 1 | 2 {
  return channelCount === 2 ? channels : 1;
}

/**
 * Turns final mask frames into final samples of both stems, at the song's rate, in all its channels: of the whole song,
 * or from a later mask frame on.
 */
export class StemRenderer {
  readonly #song: PcmSource;
  readonly #filter: StemFilter;
  readonly #bins: number;
  readonly #frameSeconds: number;
  /** The last mask frame of the piece before: the mask is interpolated between it and the first frame of this one. */
  #lastFrames: readonly Float32Array[] | undefined;
  #frame: number;

  /** @param maskFrame the first mask frame that will be given */
  constructor(song: PcmSource, manifest: ModelManifest, scale: SpectrogramScale, maskFrame = 0) {
    const { sampleRate, channelCount } = song;
    const firstFrame = filterStart(sampleRate, manifest, scale, maskFrame).frame;
    this.#song = song;
    this.#frame = firstFrame;
    this.#filter = new StemFilter({
      sampleRate,
      channels: channelCount === 2 ? 2 : 1,
      facts: manifest,
      scale,
      masks: maskCount(song, manifest),
      firstFrame,
    });
    this.#bins = scale.bins;
    this.#frameSeconds = scale.frameSeconds;
  }

  /** First sample that is not final yet. */
  get position(): number {
    return Math.min(this.#filter.position, this.#song.samples);
  }

  /**
   * Renders what the next mask frames make final.
   *
   * @param masks the next final frames of each mask, frames × bins
   * @param firstFrame the number of their first frame
   * @param last whether no more masks follow
   * @returns samples of both stems, one array a channel; vocals + accompaniment = the song
   */
  async render(
    masks: readonly Float32Array[],
    firstFrame: number,
    last: boolean,
  ): Promise<{ vocals: Float32Array[]; accompaniment: Float32Array[] }> {
    const { sampleRate, samples } = this.#song;
    const before = this.#lastFrames;
    const known = before ? masks.map((mask, n) => joinFloats([before[n], mask])) : masks;
    const first = before ? firstFrame - 1 : firstFrame;
    const frames = known[0].length / this.#bins;
    const end = (first + frames - 1) * this.#frameSeconds;
    const filter = this.#filter;
    const { hop, fftSize } = filter;
    const all = filter.frameCount(samples);
    const reached = Math.floor((end * sampleRate) / hop + 1e-9) + 1;
    const lastFrame = last ? all : Math.max(this.#frame, Math.min(all, reached));
    // From the first sample that is not final, or that the first frame begins with, to the last frame's end.
    const from = Math.min(this.position, Math.max(0, this.#frame * hop - fftSize / 2));
    const given = this.position - from;
    const to = lastFrame === all ? samples : Math.max(from, (lastFrame - 1) * hop + fftSize / 2);
    const channels = await this.#song.read(from, to);
    const part = { offset: from, samples };
    for (; this.#frame < lastFrame; this.#frame++) {
      filter.process(channels, this.#frame, { masks: known, frames, first }, part);
    }
    this.#lastFrames = known.map((mask) => mask.slice(mask.length - this.#bins));
    if (before) freeMemory(known);
    const vocals = last ? filter.flush(samples) : filter.take();
    const accompaniment = vocals.map((stem, channel) => {
      const original = channels[channel];
      const rest = new Float32Array(stem.length);
      for (let i = 0; i < rest.length; i++) rest[i] = original[given + i] - stem[i];
      return rest;
    });
    return { vocals, accompaniment };
  }
}
