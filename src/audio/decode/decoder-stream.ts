import { clock } from '../../core/format.ts';
import { type Message, message } from '../../core/message.ts';
import type { AudioData } from '../audio-data.ts';
import { mixdown } from '../mixdown.ts';
import { unreadable } from './decode-errors.ts';
import type { DecoderModule } from './decoder-module.ts';
import type { AudioTrack, SongStream } from './song-stream.ts';
import type { WatchedSource } from './sources.ts';

/** Samples in a piece. */
const PIECE = 1 << 16;

/** Seconds that may lack at the end before a song counts as incomplete: more than any rounding of a header. */
const MAX_MISSING_SECONDS = 0.5;

/** Seconds of silence at most before a track that starts late. */
const MAX_LATE_SECONDS = 3600;

/**
 * Seconds that sound must start after the picture to count as late, where containers round times to milliseconds and do
 * not state the delay of every codec. MP4 states it by the sample.
 */
const MIN_LATE_SECONDS = 0.025;
/** Sound that starts later than this in such a file was cut from the middle of a longer one, together with its picture. */
const MAX_CUT_SECONDS = 10;

/** What a stream is opened with; `song` and `stream` are the decoder's. */
export interface DecoderStreamOptions {
  readonly module: DecoderModule;
  readonly song: number;
  readonly stream: number;
  readonly source: WatchedSource;
  readonly name: string;
  readonly tracks: readonly AudioTrack[];
  readonly track: AudioTrack;
  /** Seconds of a chained Ogg file, 0 where they are unknown; undefined: it is not chained. */
  readonly chained: number | undefined;
  /** See OpenSongOptions. */
  readonly from: number;
}

/** A song that decoder.wasm decodes. Its first samples are decoded when it is opened. */
export class DecoderStream implements SongStream {
  readonly container: string;
  readonly tracks: readonly AudioTrack[];
  readonly track: AudioTrack;
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  readonly expectedSamples: number;
  readonly bytes: number;
  /** No sound comes out of the decoder. */
  readonly isEmpty: boolean;
  readonly #options: DecoderStreamOptions;
  /** Samples of silence before the first frame. */
  #late: number;
  /** The first sample that is asked for. */
  readonly #first: number;
  readonly #statedSeconds: number;
  #frame: readonly Float32Array[];
  /** Samples from the song's start that were decoded or skipped. */
  #samples = 0;
  #invalid = 0;
  #failed = false;
  #brokeOff = false;
  #disposed = false;

  constructor(options: DecoderStreamOptions) {
    this.#options = options;
    const { module, song, stream, tracks, track, chained, from, source } = options;
    const { calls } = module;
    this.tracks = tracks;
    this.track = track;
    this.bytes = source.size;
    this.container = module.text(calls.song_container(song)) ?? '';
    let count = calls.song_next(song);
    // A damaged first frame may state no rate: the song begins with the first one that does.
    while (count > 0 && calls.song_rate(song) <= 0) count = calls.song_next(song);
    this.isEmpty = !(count > 0);
    this.sampleRate = calls.song_rate(song);
    const decoded = this.isEmpty ? [] : this.#planes();
    this.channels = decoded.length === 1 ? 1 : 2;
    this.#late = this.isEmpty ? 0 : Math.round(lateSeconds(module, song, this.container) * this.sampleRate);
    this.#frame = decoded;
    // The first block of AAC overlaps with one before it that is not there: before a late start, it is silence.
    if (this.#late > 0 && track.codec === 'aac' && calls.frame_is_first(song))
      for (const plane of decoded) plane.fill(0);
    this.expectedSamples = Math.round((track.seconds ?? 0) * this.sampleRate);
    this.#statedSeconds = chained ?? (calls.song_seconds_estimated(song) ? 0 : calls.stream_own_seconds(song, stream));
    this.#first = Math.round(from * this.sampleRate);
  }

  /**
   * Decodes on from shortly before the first sample that is asked for.
   *
   * @returns whether that is possible; the stream is of no use if not
   */
  seek(): boolean {
    const { module, song, chained } = this.#options;
    const { calls } = module;
    // Each link of a chained file has times of its own.
    if (chained !== undefined) return false;
    try {
      if (calls.song_seek(song, (this.#first - this.#late) / this.sampleRate) < 0) return false;
      if (!(calls.song_next(song) > 0)) return false;
      const position = calls.song_position(song);
      if (position < 0 || position + this.#late > this.#first) return false;
      this.#samples = position + this.#late;
    } catch {
      return false;
    }
    this.#late = 0;
    this.#frame = this.#planes();
    return true;
  }

  get position(): number {
    return this.#samples;
  }

  get brokeOff(): boolean {
    return this.#brokeOff;
  }

  get notes(): readonly Message[] {
    const { name } = this.#options;
    const notes: Message[] = [];
    if (this.#brokeOff) {
      const done = clock(this.#samples / this.sampleRate);
      notes.push(
        this.#isShort
          ? message('decode.broke-off', { name, done, stated: clock(this.#statedSeconds) })
          : message('decode.broke-off-early', { name, done }),
      );
    }
    if (this.#invalid > 0) notes.push(message('decode.invalid-samples', { name, count: this.#invalid }));
    return notes;
  }

  async *pieces(): AsyncGenerator<readonly Float32Array[], void, undefined> {
    const piece = Array.from({ length: this.channels }, () => new Float32Array(PIECE));
    let filled = 0;
    for (const frame of this.#frames()) {
      const skipped = Math.min(frame[0].length, Math.max(0, this.#first - this.#samples));
      this.#samples += skipped;
      for (let from = skipped; from < frame[0].length; ) {
        const count = Math.min(frame[0].length - from, PIECE - filled);
        const whole = count === frame[0].length;
        for (let c = 0; c < piece.length; c++) {
          piece[c].set(whole ? frame[c] : frame[c].subarray(from, from + count), filled);
        }
        from += count;
        filled += count;
        this.#samples += count;
        if (filled < PIECE) continue;
        yield this.#valid(piece);
        filled = 0;
      }
    }
    const { source, name } = this.#options;
    if (source.failure !== undefined) throw unreadable(name, { cause: source.failure });
    this.#brokeOff = this.#failed || this.#isShort;
    if (filled > 0) yield this.#valid(piece.map((channel) => channel.subarray(0, filled)));
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#options.source.close();
  }

  /** The same piece, with silence for samples that are no numbers, or infinite. */
  #valid(piece: readonly Float32Array[]): readonly Float32Array[] {
    for (const channel of piece) this.#invalid += silenceInvalid(channel);
    return piece;
  }

  /** Whether clearly less was decoded than the file states. */
  get #isShort(): boolean {
    return this.#samples / this.sampleRate < this.#statedSeconds - MAX_MISSING_SECONDS;
  }

  /** Silence before a late start, then what the decoder returns, mixed down. */
  *#frames(): Generator<readonly Float32Array[], void, undefined> {
    for (let left = this.#late; left > 0; left -= PIECE) {
      const silence = new Float32Array(Math.min(left, PIECE));
      yield this.channels === 2 ? [silence, silence] : [silence];
    }
    yield this.#frame;
    this.#frame = [];
    const { module, song } = this.#options;
    try {
      for (;;) {
        const count = module.calls.song_next(song);
        if (count === 0) break;
        if (count < 0) throw new Error(`The decoder failed: ${count}.`);
        yield this.#planes();
      }
      this.#failed = module.calls.song_failed(song) < 0;
    } catch {
      this.#failed = true;
    }
  }

  /** The present frame, mixed down. A stream may change from stereo to mono; the song keeps its channels. */
  #planes(): readonly Float32Array[] {
    const { module, song } = this.#options;
    const { calls } = module;
    const count = calls.song_count(song);
    const planes = Array.from({ length: calls.frame_channels(song) }, (_, c) =>
      module.samples(calls.frame_plane(song, c), count),
    );
    const audio: AudioData = { sampleRate: this.sampleRate, channels: planes };
    const { channels } = mixdown(audio, calls.frame_layout(song));
    if (this.channels === 2 && channels.length === 1) return [channels[0], channels[0]];
    return channels;
  }
}

/** Seconds of silence before the first frame: the sound starts later than the picture, at time 0 of the file. */
function lateSeconds({ calls }: DecoderModule, song: number, container: string): number {
  const late = calls.frame_seconds(song);
  if (container.startsWith('mov')) return late > 0 && late < MAX_LATE_SECONDS ? late : 0;
  const hasPicture = /^(matroska|flv)\b/.test(container) && calls.song_streams(song) > 1;
  return hasPicture && late >= MIN_LATE_SECONDS && late < MAX_CUT_SECONDS ? late : 0;
}

/** Sets samples that are no numbers, or infinite, to 0. @returns how many there were */
function silenceInvalid(samples: Float32Array): number {
  // Tells in a tenth of the time that there are none, as in nearly all songs: what is finite gives 0.
  let sum = 0;
  for (let n = 0; n < samples.length; n++) sum += samples[n] - samples[n];
  if (sum === 0) return 0;
  let count = 0;
  for (let n = 0; n < samples.length; n++) {
    if (Number.isFinite(samples[n])) continue;
    samples[n] = 0;
    count++;
  }
  return count;
}
