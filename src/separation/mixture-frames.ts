import type { AudioData } from '../audio/audio-data.ts';
import { toMono } from '../audio/mixdown.ts';
import { type PcmSource, pcmSource, type Song } from '../audio/pcm-source.ts';
import { createResampler, outputLength, RESAMPLER_REACH, type Resampler, resamplerPeriod } from '../audio/resample.ts';
import { Stft } from '../dsp/stft.ts';
import type { ModelManifest } from '../model/manifest.ts';

/** Samples of the song that are mixed to mono and resampled in one go. */
const BLOCK = 1 << 16;

/** Frames of a whole song at a model's rate and hop. */
export function framesOf({ samples, sampleRate }: PcmSource, { stft, sampleRate: modelRate }: ModelManifest): number {
  return new Stft(stft).frameCount(outputLength(samples, sampleRate, modelRate));
}

/** Makes one channel of a piece of sound: the left one, the mean … */
export type ChannelSelector = (piece: AudioData) => Float32Array;

interface MixtureFramesParts {
  readonly selector: ChannelSelector;
  readonly resampler: Resampler;
  readonly firstFrame: number;
}

/**
 * Streams the magnitudes that the network runs on: one channel, resampled to the model's rate, frame by frame, with the
 * patch's bins. Keeps a few frames of sound in memory, whatever the song's length. Begins at any frame.
 */
export class MixtureFrames {
  /** Frames of the whole song; frames after the end are zeros. */
  readonly frames: number;
  /** Magnitudes of a frame. */
  readonly bins: number;
  readonly #song: PcmSource;
  readonly #selector: ChannelSelector;
  readonly #resampler: Resampler;
  readonly #stft: Stft;
  readonly #firstBin: number;
  readonly #column: Float32Array;
  /** Samples of a block at the model's rate. */
  readonly #blockLength: number;
  /** Sound at the model's rate, from the next frame's first sample on; `#filled` of its samples are valid. */
  #sound = new Float32Array(0);
  #filled: number;
  #next: number;
  /** The song's next sample for the resampler. */
  #given = 0;
  /** Samples to drop from the resampler's output before the first frame begins. */
  #skip = 0;
  #ended = false;

  /**
   * @param selector the channel to use. Default: the mean of the channels
   * @param firstFrame the first frame to read; its values do not depend on where reading begins
   * @throws ParameterError when a rate is not a whole number of hertz
   */
  static async open(
    song: Song,
    manifest: ModelManifest,
    selector: ChannelSelector = toMono,
    firstFrame = 0,
  ): Promise<MixtureFrames> {
    const resampler = await createResampler(song.sampleRate, manifest.sampleRate);
    return new MixtureFrames(pcmSource(song), manifest, { selector, resampler, firstFrame });
  }

  private constructor(
    song: PcmSource,
    manifest: ModelManifest,
    { selector, resampler, firstFrame }: MixtureFramesParts,
  ) {
    const { stft, patch } = manifest;
    this.#song = song;
    this.#selector = selector;
    this.#resampler = resampler;
    // The stream begins with the padding that centres frame 0, so its frames are those of an uncentred transform.
    this.#stft = new Stft({ ...stft, centred: false });
    this.bins = patch.bins;
    this.#firstBin = patch.firstBin;
    this.#column = new Float32Array(this.#stft.bins);
    this.#blockLength = outputLength(BLOCK, song.sampleRate, manifest.sampleRate) + 16;
    this.#filled = stft.centred ? stft.fftSize / 2 : 0;
    this.#sound = new Float32Array(this.#filled + stft.fftSize);
    this.frames = framesOf(song, manifest);
    this.#next = firstFrame;
    this.#begin(firstFrame * stft.hop - this.#filled, manifest.sampleRate);
  }

  /** Seeks to sample `first` of the song at the model's rate. */
  #begin(first: number, modelRate: number): void {
    const { sampleRate, samples } = this.#song;
    const reach = first / modelRate - RESAMPLER_REACH;
    const period = resamplerPeriod(sampleRate, modelRate);
    const from = Math.floor((reach * sampleRate) / period) * period;
    // Zeros before the song's beginning that still count.
    this.#filled = Math.max(0, -first);
    this.#given = Math.max(0, Math.min(from, Math.floor(samples / period) * period));
    this.#skip = Math.max(0, first - (this.#given * modelRate) / sampleRate);
  }

  /**
   * Writes the next `count` frames into `out` from index `offset` on: count × bins linear magnitudes, frame by frame.
   */
  async read(count: number, out: Float32Array, offset: number): Promise<void> {
    const { fftSize, hop } = this.#stft;
    const wanted = Math.max(0, Math.min(count, this.frames - this.#next));
    await this.#fill(wanted === 0 ? 0 : (wanted - 1) * hop + fftSize);
    for (let frame = 0; frame < wanted; frame++) {
      this.#stft.magnitudeFrame(this.#sound, frame, this.#column);
      out.set(this.#column.subarray(this.#firstBin, this.#firstBin + this.bins), offset + frame * this.bins);
    }
    out.fill(0, offset + wanted * this.bins, offset + count * this.bins);
    const used = Math.min(wanted * hop, this.#filled);
    this.#sound.copyWithin(0, used, this.#filled);
    this.#sound.fill(0, this.#filled - used, this.#filled);
    this.#filled -= used;
    this.#next += count;
  }

  /** Frees the resampler's memory. Call it once. */
  dispose(): void {
    this.#resampler.dispose();
  }

  /** Fills the buffer up to `samples`, with zeros after the song's end. */
  async #fill(samples: number): Promise<void> {
    // Room for what the last block has too much.
    if (this.#filled < samples) this.#reserve(samples + this.#blockLength);
    while (this.#filled < samples && !this.#ended) {
      this.#append(this.#resampler.process(await this.#nextBlock()));
      if (this.#given >= this.#song.samples) {
        this.#append(this.#resampler.finish());
        this.#ended = true;
      }
    }
    this.#filled = Math.max(this.#filled, samples);
  }

  async #nextBlock(): Promise<Float32Array> {
    const { sampleRate, samples } = this.#song;
    const from = this.#given;
    this.#given = Math.min(from + BLOCK, samples);
    return this.#selector({ sampleRate, channels: await this.#song.read(from, this.#given) });
  }

  #append(sound: Float32Array): void {
    const piece = sound.subarray(Math.min(this.#skip, sound.length));
    this.#skip -= sound.length - piece.length;
    this.#reserve(this.#filled + piece.length);
    this.#sound.set(piece, this.#filled);
    this.#filled += piece.length;
  }

  #reserve(samples: number): void {
    if (samples <= this.#sound.length) return;
    const larger = new Float32Array(Math.max(samples, 2 * this.#sound.length));
    larger.set(this.#sound.subarray(0, this.#filled));
    this.#sound = larger;
  }
}

/** The magnitudes of all channels that the network runs on. Selectors that are the same share one transform. */
export class MixtureChannels {
  /** Frames of the whole song. */
  readonly frames: number;
  readonly count: number;
  readonly #channels: readonly MixtureFrames[];

  /**
   * @param selectors one for each channel
   * @param firstFrame the first frame to read
   * @throws ParameterError when a rate is not a whole number of hertz
   */
  static async open(
    song: Song,
    manifest: ModelManifest,
    selectors: readonly ChannelSelector[],
    firstFrame: number,
  ): Promise<MixtureChannels> {
    const channels: MixtureFrames[] = [];
    try {
      for (const [c, selector] of selectors.entries()) {
        const same = selectors.indexOf(selector);
        channels.push(same < c ? channels[same] : await MixtureFrames.open(song, manifest, selector, firstFrame));
      }
    } catch (error) {
      for (const channel of new Set(channels)) channel.dispose();
      throw error;
    }
    return new MixtureChannels(channels);
  }

  private constructor(channels: readonly MixtureFrames[]) {
    this.frames = channels[0].frames;
    this.count = channels.length;
    this.#channels = channels;
  }

  /**
   * Writes the next `count` frames of each channel into `out`: count × bins linear magnitudes, frame by frame.
   *
   * @param offset index of the first channel's first magnitude
   * @param stride from there to the next channel's
   */
  async read(count: number, out: Float32Array, offset: number, stride: number): Promise<void> {
    for (const [c, channel] of this.#channels.entries()) {
      const same = this.#channels.indexOf(channel);
      const at = offset + c * stride;
      if (same === c) await channel.read(count, out, at);
      else out.copyWithin(at, offset + same * stride, offset + same * stride + count * channel.bins);
    }
  }

  /** Frees the resamplers' memory. Call it once. */
  dispose(): void {
    for (const channel of new Set(this.#channels)) channel.dispose();
  }
}
