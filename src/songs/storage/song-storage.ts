import type { AudioData } from '../../audio/audio-data.ts';
import type { AudioTrack } from '../../audio/decode/song-stream.ts';
import type { SampleDepth } from '../../audio/sample-depth.ts';
import { Emitter } from '../../core/emitter.ts';
import type { Message } from '../../core/message.ts';
import { type Range, Ranges } from '../../core/ranges.ts';
import type { WorkerCrashedError } from '../../core/worker-bridge.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import { Priority } from '../../separation/priority.ts';
import type { PortSong, SeparationChunk } from '../../separation/types.ts';
import { MaskEdit } from '../painting/mask-edit.ts';
import type { Painting, SoundingPainting } from '../painting/painting-format.ts';
import type { MaskFrames } from './mask-frames.ts';
import type { PlayerSource } from './player-source.ts';
import { Previews } from './previews.ts';
import { answerReads, portHandle, type SongHandle } from './song-handle.ts';
import type { SongContent, SongPiece, SongShape, SongSource } from './song-source.ts';

/** Events of a storage. */
export type SongStorageEvents = {
  /** Samples [start, end) have been separated and are stored. */
  grew: [start: number, end: number];
  /** A preview of samples [start, end) can be heard until they are separated. */
  previewed: [start: number, end: number];
  /** The vocals of samples [start, end) have changed: painting was rendered into them. */
  amended: [start: number, end: number];
  /** The storage's worker crashed. Reading and writing continue; players need a new `playerSource`. */
  crash: [error: WorkerCrashedError];
};

/** A whole song as arrays. */
export interface WholeSong {
  readonly original: AudioData;
  /** Zeros, or previews, where nothing is separated yet. */
  readonly vocals: AudioData;
}

/** A storage whose song is available as arrays. */
export type WholeStorage = SongStorage & { readonly whole: WholeSong };

/**
 * A song and its separated parts: original, vocals and columns of spectrograms, in memory (`MemorySongStorage`) or in
 * files (`OpfsSongStorage`). The accompaniment is computed as original − vocals, so that a song takes two copies of its
 * samples, and vocals + accompaniment equal the original by construction.
 *
 * @example
 * const storage: SongStorage = new MemorySongStorage(await shareAudio(decoded));
 * for await (const chunk of client.separate(storage.separationInput())) await storage.write(chunk);
 * const { vocals } = await storage.read(0, 44_100);
 */
export abstract class SongStorage extends Emitter<SongStorageEvents> implements SongSource {
  readonly sampleRate: number;
  /** 1 or 2. */
  readonly channels: number;
  /** Samples of one channel. */
  readonly samples: number;
  /** What there is to say about the decoded file: that it is incomplete, for example. */
  readonly notes: readonly Message[];
  /** The audio tracks of the song's file, one of which this is; empty: not known. */
  readonly tracks: readonly AudioTrack[];
  /** How the song's file stores the samples; undefined: not known. */
  readonly depth: SampleDepth | undefined;
  /** Where the song's separation should go next. */
  readonly priority = new Priority();
  /**
   * The one difference between storages: the song as arrays, which may be read at any time. Undefined: it is too long for
   * memory. Then only pieces can be read, the mask must be loaded before it is painted on, and functions that need the
   * whole mask at once are not available.
   */
  abstract readonly whole: WholeSong | undefined;
  readonly #done = new Ranges();
  readonly #previews = new Previews();
  readonly #columns = new Ranges();
  #scale: SpectrogramScale | undefined;
  #edit: MaskEdit | undefined;
  readonly #amended = new Ranges();
  #revision = 0;
  #settled: Promise<void> = Promise.resolve();

  constructor({ sampleRate, channels, samples, notes = [], tracks = [], depth }: SongShape) {
    super();
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.samples = samples;
    this.notes = notes;
    this.tracks = tracks;
    this.depth = depth;
  }

  /** Separated ranges, in samples, sorted and disjoint. They never shrink, also when a song is separated again. */
  get doneRanges(): readonly Range[] {
    return this.#done.list;
  }

  /** Ranges whose stems can be heard: the separated ones and previews of others. */
  get audibleRanges(): readonly Range[] {
    return this.#audible.list;
  }

  get #audible(): Ranges {
    return new Ranges([...this.#done.list, ...this.#previews.ranges]);
  }

  /** What is not separated yet, in samples, in order. */
  get gaps(): readonly Range[] {
    return this.#done.gaps(this.samples);
  }

  /** Samples separated from the beginning on, without a gap. */
  get doneSamples(): number {
    return this.#done.reach(0);
  }

  /** Samples separated, wherever they lie. */
  get separatedSamples(): number {
    return this.#done.size;
  }

  /** Whether all of [start, end), samples, is separated. */
  isDone(start: number, end: number): boolean {
    return this.#done.has(start, end);
  }

  /** Whether the stems of all of [start, end), samples, can be heard. */
  isAudible(start: number, end: number): boolean {
    return this.#audible.has(start, end);
  }

  /** Every sample is separated. */
  get complete(): boolean {
    return this.doneSamples >= this.samples;
  }

  /** What the spectrograms' axes mean; undefined before the first chunk. */
  get scale(): SpectrogramScale | undefined {
    return this.#scale;
  }

  /** Frames whose columns are stored, sorted. Columns without space are stored when the song is sealed. */
  get columnRanges(): readonly Range[] {
    return this.#columns.list;
  }

  /** Whether the columns of frames [from, to) are all stored. */
  hasColumns(from: number, to: number): boolean {
    return this.#columns.has(from, to);
  }

  /**
   * Stores the chunk's vocals and columns. Parts outside the song are dropped. The arrays still belong to the caller. A
   * preview's vocals can be heard until the chunks of the same samples are written; they do not count as separated.
   *
   * @throws LongSongError if the vocals cannot be written; stored data stays
   */
  async write(chunk: SeparationChunk): Promise<void> {
    if (this.#previews.ranges.length > 0) await this.#previews.fade(this, chunk, (step) => this.store(step));
    const stored = this.store(chunk);
    // Without an await if the storage answers at once.
    const hasColumns = typeof stored === 'boolean' ? stored : await stored;
    const { start, vocals, spectrogram, scale } = chunk;
    const end = Math.min(this.samples, start + (vocals[0]?.length ?? 0));
    if (chunk.isPreview) {
      this.#previews.add({ start, end });
      this.emit('previewed', start, end);
      return;
    }
    const lastFrame = Math.min(scale.frames, spectrogram.firstFrame + spectrogram.frames);
    this.#scale ??= scale;
    if (hasColumns) this.#columns.add(spectrogram.firstFrame, lastFrame);
    this.#done.add(start, end);
    this.emit('grew', start, end);
  }

  /** Replaces stored vocals by painted ones, from sample `start` on. */
  async amend(start: number, vocals: readonly Float32Array[]): Promise<void> {
    const end = Math.min(this.samples, start + (vocals[0]?.length ?? 0));
    await this.replaceVocals(start, vocals);
    this.#amended.add(start, end);
    this.emit('amended', start, end);
  }

  /** The network's mask; undefined before the first chunk. */
  abstract readonly mask: MaskFrames | undefined;

  /** The user's changes to the mask, created at the first access; undefined if there is no mask. */
  get edit(): MaskEdit | undefined {
    this.#edit ??= this.mask && new MaskEdit(this.mask);
    return this.#edit;
  }

  /** The painting of the song and the samples that it affects; undefined: nothing was ever painted. */
  get painting(): Painting | undefined {
    if (this.#amended.size === 0) return undefined;
    return { ...(this.#edit?.painted ?? { frames: [], rows: new Uint16Array(0) }), spans: this.#amended.list };
  }

  /** The same with the vocals of its spans. */
  async soundingPainting(): Promise<SoundingPainting | undefined> {
    const { painting } = this;
    if (!painting) return undefined;
    const sound: (readonly Float32Array[])[] = [];
    for (const { start, end } of painting.spans) sound.push((await this.read(start, end)).vocals);
    return { ...painting, sound };
  }

  /** Number of painted changes: results computed from the vocals at an earlier revision are obsolete. */
  get revision(): number {
    return this.#revision;
  }

  /** Resolves when all painting is rendered into the vocals. Await it before exporting them. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** Records a change whose vocals `amend` replaces before `done` resolves. `done` must not reject. */
  changing(done: Promise<void>): void {
    this.#revision++;
    // The work of a section that was left may still go on.
    this.#settled = Promise.all([this.#settled, done]).then(() => undefined);
  }

  /** Samples [start, end), read-only. Pass the arrays to `release` after use. */
  abstract read(start: number, end: number): Promise<SongPiece>;

  /**
   * Frames [first, end) of the spectrograms, levels to 0.4 dB; silence where nothing is stored. `release` as for
   * `read`.
   */
  abstract readColumns(first: number, end: number): Promise<SpectrogramColumns>;

  /** Frees the memory of pieces and columns that were read, unless it belongs to the storage. */
  abstract release(arrays: readonly Float32Array[]): void;

  /** A handle of the song for one reader in another thread, which requests pieces from this thread. */
  handle(): SongHandle {
    const { sampleRate, channels, samples } = this;
    const { port1, port2 } = new MessageChannel();
    answerReads(port1, (start, end) => this.readOwn(start, end));
    return portHandle({ sampleRate, channels, samples }, port2);
  }

  /** A source for the worklet of one player. */
  abstract playerSource(): PlayerSource;

  /** The original, for one separation. */
  abstract separationInput(): AudioData | PortSong;

  /**
   * Ends the writing of a completely separated song, so that it can be archived. Painting is still possible.
   *
   * @returns the arrays to write; undefined: all data is in the files of its folder
   * @throws DOMException when the disk refuses; a QuotaExceededError if it has no space for the spectrograms. It can be
   *   tried again
   */
  abstract seal(): Promise<SongContent | undefined>;

  /** Whether both storages share the same decoded original. */
  abstract sharesOriginal(other: SongStorage): boolean;

  /**
   * A storage with the same original and nothing separated, to replace this one: only one of both may be written to and
   * disposed of.
   */
  abstract restarted(): SongStorage;

  /** Closes the song. Deletes its files, unless the song is archived. */
  abstract dispose(): Promise<void>;

  /** Reads into arrays that can be transferred. */
  protected abstract readOwn(start: number, end: number): Promise<SongPiece>;

  /** Stores a chunk; resolves to whether its columns are stored, too. */
  protected abstract store(chunk: SeparationChunk): boolean | Promise<boolean>;

  protected abstract replaceVocals(start: number, vocals: readonly Float32Array[]): void | Promise<void>;

  /** Records that the columns of frames [from, to) are stored, which found no space before. */
  protected addColumns(from: number, to: number): void {
    this.#columns.add(from, to);
  }

  /**
   * Restores the state of a completely separated song.
   *
   * @param painting its painting, already rendered into the vocals
   */
  protected restoreState(scale: SpectrogramScale, painting: Painting | undefined): void {
    this.#scale = scale;
    this.#done.add(0, this.samples);
    this.#columns.add(0, scale.frames);
    if (!painting || !this.mask) return;
    this.#edit = MaskEdit.restored(this.mask, painting);
    for (const { start, end } of painting.spans) this.#amended.add(start, end);
  }
}
