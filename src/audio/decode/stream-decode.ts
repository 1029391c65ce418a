import {
  ADTS,
  type AudioSample,
  AudioSampleSink,
  BlobSource,
  Input,
  type InputAudioTrack,
  MP3,
  MP4,
  OGG,
  QTFF,
} from 'mediabunny';
import type { AudioDecodeError } from '../../core/errors.ts';
import type { AudioData } from '../audio-data.ts';
import { mixdown } from '../mixdown.ts';
import { damaged, noAudioTrack, noSamples, notAudio, unknownCodec } from './decode-errors.ts';
import { mp3Padding } from './mp3-padding.ts';
import { SONG_FORMATS } from './probe-audio.ts';

/** Samples in a piece. */
const PIECE = 1 << 16;

/** A file that is decoded piece by piece. */
export interface SongStream {
  /** Hertz of the decoded sound. */
  readonly sampleRate: number;
  /** Number of channels after mixing down. */
  readonly channels: 1 | 2;
  /** Expected number of samples; exact if the container states it. */
  readonly expectedSamples: number;
  /**
   * The song from start to end, once: one array per channel, valid until the next piece is requested. The last piece
   * may be shorter. A truncated file yields its decodable part; see `brokeOff`.
   */
  pieces(): AsyncGenerator<readonly Float32Array[], void, undefined>;
  /** The error that ended the song early; undefined: none. */
  readonly brokeOff: unknown;
  /** Frees the decoder and the file. */
  dispose(): void;
}

/** The part of the decoder's samples that belongs to the song. */
interface Span {
  /** Samples that the decoder returns before the song begins. */
  readonly skip: number;
  /** Maximum number of samples of the song. */
  readonly maxSamples: number;
}

/**
 * Opens a file for decoding by WebCodecs, a packet at a time (PCM needs no codec): memory does not grow with the length
 * of the song. The samples equal those of `decodeInBrowser`: the same decoders run, and padding by encoders is removed
 * in the same way. Differences: 16-bit samples differ by half a step (Chromium divides positive ones by 32767 there),
 * Ogg Vorbis keeps the 128 samples at its end that Chromium loses, WebM begins at the right sample.
 *
 * Works on the page and in workers.
 *
 * @param name the file's name, for messages
 * @throws AudioDecodeError if the file is not audio, has no audio track or no samples, is damaged, or WebCodecs does
 * not know its codec
 */
export async function openSongStream(file: Blob, name: string): Promise<SongStream> {
  const input = new Input({ source: new BlobSource(file), formats: SONG_FORMATS });
  try {
    const track = await trackOf(input, name);
    const codec = await track.getCodec();
    if (!(await canDecode(track))) throw unknownCodec(name, codec);
    return await SampleStream.open(input, track, await spanOf(input, track, file), name);
  } catch (error) {
    input.dispose();
    throw error;
  }
}

/**
 * Duration of a song in seconds, from its file's headers alone; undefined if they do not state it or cannot be read.
 * Decodes nothing.
 */
export async function songSeconds(file: Blob): Promise<number | undefined> {
  const input = new Input({ source: new BlobSource(file), formats: SONG_FORMATS });
  try {
    const track = await input.getPrimaryAudioTrack();
    if (track === null) return undefined;
    const stated = await track.getDurationFromMetadata();
    // Ogg and ADTS state none: for Ogg it is in the last page; for ADTS it is the sum of the frames, estimated from the
    // first ones.
    const format = await input.getFormat();
    if (format === ADTS) return file.size / (await bytesPerSecond(track));
    return stated || (await track.computeDuration());
  } catch {
    return undefined;
  } finally {
    input.dispose();
  }
}

async function bytesPerSecond(track: InputAudioTrack): Promise<number> {
  const { averagePacketRate, averageBitrate } = await track.computePacketStats(500);
  return averagePacketRate > 0 ? averageBitrate / 8 : Number.POSITIVE_INFINITY;
}

async function trackOf(input: Input, name: string): Promise<InputAudioTrack> {
  let track: InputAudioTrack | null;
  try {
    await input.getFormat();
  } catch (cause) {
    throw Object.assign(notAudio(name), { cause });
  }
  try {
    track = await input.getPrimaryAudioTrack();
    if (track === null) throw (await input.getTracks()).length > 0 ? noAudioTrack(name) : damaged(name);
  } catch (cause) {
    throw isDecodeError(cause) ? cause : damaged(name, { cause });
  }
  return track;
}

function isDecodeError(error: unknown): error is AudioDecodeError {
  return error instanceof Error && error.name === 'AudioDecodeError';
}

async function canDecode(track: InputAudioTrack): Promise<boolean> {
  try {
    return await track.canDecode();
  } catch {
    return false;
  }
}

async function spanOf(input: Input, track: InputAudioTrack, file: Blob): Promise<Span> {
  const format = await input.getFormat();
  if (format === MP3) {
    const { skip, samples } = await mp3Padding(file);
    return { skip, maxSamples: samples ?? Number.POSITIVE_INFINITY };
  }
  const codec = await track.getCodec();
  // In other formats, the decoder's last samples belong to the song, or nothing tells how many do not: Matroska has no
  // durations.
  const tellsEnd = format === OGG || format === MP4 || format === QTFF || codec === 'opus';
  const rate = codec === 'opus' ? 48000 : await track.getSampleRate();
  const seconds = tellsEnd ? await track.computeDuration().catch(() => 0) : 0;
  return { skip: 0, maxSamples: seconds > 0 ? Math.round(seconds * rate) : Number.POSITIVE_INFINITY };
}

interface SampleStreamOptions {
  readonly input: Input;
  readonly samples: AsyncGenerator<AudioSample, void, unknown>;
  readonly first: AudioSample;
  readonly span: Span;
  readonly seconds: number;
  readonly name: string;
}

class SampleStream implements SongStream {
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  readonly expectedSamples: number;
  #brokeOff: unknown;
  readonly #input: Input;
  readonly #samples: AsyncGenerator<AudioSample, void, unknown>;
  readonly #span: Span;
  readonly #first: readonly Float32Array[];
  /** Reused memory for the decoder's samples. */
  readonly #scratch: Float32Array[] = [];
  readonly #skip: number;
  readonly #name: string;

  static async open(input: Input, track: InputAudioTrack, span: Span, name: string): Promise<SampleStream> {
    // Decoding starts with the encoder's priming, before time 0: the decoder needs it.
    const samples = new AudioSampleSink(track).samples(Number.NEGATIVE_INFINITY);
    const first = await samples.next().catch((cause: unknown) => {
      throw damaged(name, { cause });
    });
    if (first.done) throw noSamples(name);
    const seconds = await track.getDurationFromMetadata().catch(() => null);
    return new SampleStream({ input, samples, first: first.value, span, seconds: seconds ?? 0, name });
  }

  private constructor({ input, samples, first, span, seconds, name }: SampleStreamOptions) {
    this.#input = input;
    this.#samples = samples;
    this.#span = span;
    this.#name = name;
    this.sampleRate = first.sampleRate;
    this.#skip = span.skip + Math.max(0, Math.round(-first.timestamp * first.sampleRate));
    this.#first = planes(first, []);
    this.channels = mixdown({ sampleRate: this.sampleRate, channels: this.#first }).channels.length === 1 ? 1 : 2;
    this.expectedSamples = Number.isFinite(span.maxSamples) ? span.maxSamples : Math.round(seconds * this.sampleRate);
  }

  get brokeOff(): unknown {
    return this.#brokeOff;
  }

  async *pieces(): AsyncGenerator<readonly Float32Array[], void, undefined> {
    let left = this.#span.maxSamples;
    let skip = this.#skip;
    const piece = Array.from({ length: this.channels }, () => new Float32Array(PIECE));
    let filled = 0;
    for await (const decoded of this.#decoded()) {
      const length = decoded[0].length;
      let from = Math.min(skip, length);
      skip -= from;
      const to = Math.min(length, from + left);
      left -= to - from;
      while (from < to) {
        const count = Math.min(to - from, PIECE - filled);
        for (const [c, channel] of piece.entries()) channel.set(decoded[c].subarray(from, from + count), filled);
        from += count;
        filled += count;
        if (filled < PIECE) continue;
        yield piece;
        filled = 0;
      }
      if (left <= 0) break;
    }
    if (filled > 0) yield piece.map((channel) => channel.subarray(0, filled));
  }

  dispose(): void {
    this.#samples.return().catch(() => undefined);
    this.#input.dispose();
  }

  /** The decoder's output, mixed down; ends at the first packet that cannot be decoded. */
  async *#decoded(): AsyncGenerator<readonly Float32Array[], void, undefined> {
    yield this.#mixed(this.#first);
    try {
      for await (const sample of this.#samples) {
        if (sample.sampleRate !== this.sampleRate) throw damaged(this.#name);
        yield this.#mixed(planes(sample, this.#scratch));
      }
    } catch (error) {
      this.#brokeOff = error;
    }
  }

  /** A stream may change from stereo to mono; the song keeps its channels. */
  #mixed(channels: readonly Float32Array[]): readonly Float32Array[] {
    const mixed = mixdown({ sampleRate: this.sampleRate, channels } satisfies AudioData).channels;
    return this.channels === 2 && mixed.length === 1 ? [mixed[0], mixed[0]] : mixed;
  }
}

/** The samples of each channel, in `scratch` where they fit; frees the decoder's memory. */
function planes(sample: AudioSample, scratch: Float32Array[]): Float32Array[] {
  const { numberOfFrames } = sample;
  const channels = Array.from({ length: sample.numberOfChannels }, (_, planeIndex) => {
    if (!(scratch[planeIndex]?.length >= numberOfFrames)) scratch[planeIndex] = new Float32Array(numberOfFrames);
    const channel = scratch[planeIndex].subarray(0, numberOfFrames);
    sample.copyTo(channel, { planeIndex, format: 'f32-planar' });
    return channel;
  });
  sample.close();
  return channels;
}
