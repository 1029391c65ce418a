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

/** Samples of a piece. */
const PIECE = 1 << 16;

/** A file that is decoded piece by piece. */
export interface SongStream {
  /** Hertz of the decoded sound. */
  readonly sampleRate: number;
  /** After mixing down. */
  readonly channels: 1 | 2;
  /** About how many samples there are; exact where the container says. */
  readonly expectedSamples: number;
  /**
   * The song from its beginning to its end, once: one array per channel, good until the next piece is asked for. The
   * last one may be shorter.
   * Of a file that breaks off, what can be decoded comes; see `brokeOff`.
   */
  pieces(): AsyncGenerator<readonly Float32Array[], void, undefined>;
  /** Why the song ended before its end; undefined: it did not. */
  readonly brokeOff: unknown;
  /** Gives the decoder and the file back. */
  dispose(): void;
}

/** What is taken of the decoder's samples. */
interface Span {
  /** Samples that the decoder gives before the song begins. */
  readonly skip: number;
  /** Samples of the song at most. */
  readonly maxSamples: number;
}

/**
 * Opens a file to be decoded by WebCodecs, a packet at a time (PCM needs no codec): the memory that it takes does not
 * grow with the song. The samples are those of `decodeInBrowser`: the same decoders run, and what encoders have added at
 * both ends is cut off in the same way. Differences: 16-bit samples by half a step (Chromium divides positive ones by
 * 32767 there), Ogg Vorbis has the 128 samples at its end that Chromium loses, WebM begins where it should.
 *
 * Works on the page and in workers.
 *
 * @param name the file's name, for messages
 * @throws AudioDecodeError when the file is not audio, has no audio track or samples, is damaged, or its codec is not
 * known to WebCodecs here
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
 * Seconds that a song lasts, from its file's headers alone; undefined where they do not tell or cannot be read. Nothing
 * is decoded.
 */
export async function songSeconds(file: Blob): Promise<number | undefined> {
  const input = new Input({ source: new BlobSource(file), formats: SONG_FORMATS });
  try {
    const track = await input.getPrimaryAudioTrack();
    if (track === null) return undefined;
    const stated = await track.getDurationFromMetadata();
    // Ogg and ADTS state none: Ogg's is in its last page, ADTS' is the sum of its frames, of which the first tell enough.
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
  // Elsewhere the decoder's last samples are the song's, or nobody says how many are not: Matroska has no durations.
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
  /** Memory of the decoder's samples, used again and again. */
  readonly #scratch: Float32Array[] = [];
  readonly #skip: number;
  readonly #name: string;

  static async open(input: Input, track: InputAudioTrack, span: Span, name: string): Promise<SampleStream> {
    // From the encoder's priming on, which lies before 0: the decoder needs it.
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

  /** What the decoder gives, mixed down; ends at the first thing that cannot be decoded. */
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

  /** Streams may change from stereo to mono on the way; the song does not. */
  #mixed(channels: readonly Float32Array[]): readonly Float32Array[] {
    const mixed = mixdown({ sampleRate: this.sampleRate, channels } satisfies AudioData).channels;
    return this.channels === 2 && mixed.length === 1 ? [mixed[0], mixed[0]] : mixed;
  }
}

/** The samples of each channel, in `scratch` where they fit; the decoder's memory is given back. */
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
