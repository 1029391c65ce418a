import type { AudioData } from '../../audio/audio-data.ts';
import { Emitter } from '../../core/emitter.ts';
import { type Range, Ranges } from '../../core/ranges.ts';
import type { WorkerCrashedError } from '../../core/worker-bridge.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import { Priority } from '../../separation/priority.ts';
import type { PortSong, SeparationChunk } from '../../separation/types.ts';
import { MaskEdit } from '../painting/mask-edit.ts';
import type { Painting, SoundingPainting } from '../painting/painting-format.ts';
import type { MaskFrames } from './mask-frames.ts';
import type { PlayerSource } from './player-source.ts';
import { answerReads, portHandle, type SongHandle } from './song-handle.ts';
import type { SongContent, SongPiece, SongShape, SongSource } from './song-source.ts';

/** What a storage tells. */
export type SongStorageEvents = {
  /** Samples [start, end) have been separated and are stored. */
  grew: [start: number, end: number];
  /** The vocals of samples [start, end) are others now: what was painted is in them. */
  amended: [start: number, end: number];
  /** The storage's worker crashed. Reading and writing go on; whoever has a `playerSource` needs a new one. */
  crash: [error: WorkerCrashedError];
};

/** A whole song as arrays. */
export interface WholeSong {
  readonly original: AudioData;
  /** Zeros where nothing is separated yet. */
  readonly vocals: AudioData;
}

/** A storage whose song is there as arrays. */
export type WholeStorage = SongStorage & { readonly whole: WholeSong };

/**
 * One song and what is separated of it: its original, its vocals and the columns of its spectrograms, in memory
 * (`MemorySongStorage`) or in files (`OpfsSongStorage`). The accompaniment is original − vocals wherever it is needed, so
 * a song costs two copies of its samples and adds up by construction.
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
  /** The file broke off before its end: this is what could be decoded. */
  readonly brokeOff: boolean;
  /** Where the song's separation should go next. */
  readonly priority = new Priority();
  /**
   * The one thing in which storages differ. The song as arrays, which may be read at any time; undefined: it is too long
   * for memory. Then only pieces of it can be read, the mask has to be loaded where it is painted on, and whatever works on
   * all of a mask at once is not offered.
   */
  abstract readonly whole: WholeSong | undefined;
  readonly #done = new Ranges();
  readonly #columns = new Ranges();
  #scale: SpectrogramScale | undefined;
  #edit: MaskEdit | undefined;
  readonly #amended = new Ranges();
  #revision = 0;
  #settled: Promise<void> = Promise.resolve();

  constructor({ sampleRate, channels, samples, brokeOff = false }: SongShape) {
    super();
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.samples = samples;
    this.brokeOff = brokeOff;
  }

  /** What is separated so far, in samples: in order, apart from each other. Never less, also when a song is separated again. */
  get doneRanges(): readonly Range[] {
    return this.#done.list;
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

  /** Every sample is separated. */
  get complete(): boolean {
    return this.doneSamples >= this.samples;
  }

  /** What the spectrograms' axes mean; undefined before the first chunk. */
  get scale(): SpectrogramScale | undefined {
    return this.#scale;
  }

  /** Frames whose columns are stored, in order. Where there was no room for columns, the vocals are stored without. */
  get columnRanges(): readonly Range[] {
    return this.#columns.list;
  }

  /** Whether the columns of frames [from, to) are all stored. */
  hasColumns(from: number, to: number): boolean {
    return this.#columns.has(from, to);
  }

  /**
   * Stores the chunk's vocals and columns. What would lie outside the song is dropped. The arrays stay the caller's.
   *
   * @throws LongSongError when the disk refuses the vocals; what was there stays
   */
  async write(chunk: SeparationChunk): Promise<void> {
    const stored = this.store(chunk);
    // At once where nothing has to be waited for.
    const hasColumns = typeof stored === 'boolean' ? stored : await stored;
    const { start, vocals, spectrogram, scale } = chunk;
    const end = Math.min(this.samples, start + (vocals[0]?.length ?? 0));
    const lastFrame = Math.min(scale.frames, spectrogram.firstFrame + spectrogram.frames);
    this.#scale ??= scale;
    if (hasColumns) this.#columns.add(spectrogram.firstFrame, lastFrame);
    this.#done.add(start, end);
    this.emit('grew', start, end);
  }

  /** Puts changed vocals in the place of those that are there, from sample `start` on. */
  async amend(start: number, vocals: readonly Float32Array[]): Promise<void> {
    const end = Math.min(this.samples, start + (vocals[0]?.length ?? 0));
    await this.replaceVocals(start, vocals);
    this.#amended.add(start, end);
    this.emit('amended', start, end);
  }

  /** The network's mask; undefined before the first chunk. */
  abstract readonly mask: MaskFrames | undefined;

  /** What a person painted over the mask; made when it is first asked for, undefined where there is no mask. */
  get edit(): MaskEdit | undefined {
    this.#edit ??= this.mask && new MaskEdit(this.mask);
    return this.#edit;
  }

  /** What was painted on the song, and in which samples it is heard; undefined: nothing ever was. */
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

  /** Counts the changes that were painted: what was made of the vocals before one is out of date. */
  get revision(): number {
    return this.#revision;
  }

  /** Ends when all that was painted is in the vocals. Whoever makes a file of them waits for it. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** Takes note of a change whose vocals `amend` will put in place until `done` ends, which never rejects. */
  changing(done: Promise<void>): void {
    this.#revision++;
    // The work of a section that was left may still go on.
    this.#settled = Promise.all([this.#settled, done]).then(() => undefined);
  }

  /** Samples [start, end). The arrays are for reading: `release` gives back what is the caller's own of them. */
  abstract read(start: number, end: number): Promise<SongPiece>;

  /** Frames [first, end) of the spectrograms, levels to 0.4 dB; silence where nothing is stored. `release` as for `read`. */
  abstract readColumns(first: number, end: number): Promise<SpectrogramColumns>;

  /** Gives the memory of pieces and columns back that were read, where it is not the storage's own. */
  abstract release(arrays: readonly Float32Array[]): void;

  /** The song for another thread: for one reader there, which asks this thread for pieces. */
  handle(): SongHandle {
    const { sampleRate, channels, samples } = this;
    const { port1, port2 } = new MessageChannel();
    answerReads(port1, (start, end) => this.readOwn(start, end));
    return portHandle({ sampleRate, channels, samples }, port2);
  }

  /** What a player's worklet plays from: for one player. */
  abstract playerSource(): PlayerSource;

  /** The original, for one separation. */
  abstract separationInput(): AudioData | PortSong;

  /**
   * Ends the writing of a song that is separated whole, so that it can be kept. Painting goes on.
   *
   * @returns the arrays that have to be written; undefined: all is in the files of its folder
   * @throws DOMException when the disk refuses
   */
  abstract seal(): Promise<SongContent | undefined>;

  /** Whether the other is of the very same decoded original. */
  abstract sharesOriginal(other: SongStorage): boolean;

  /** The same original with nothing separated, in this storage's place: of the two, one may be written to and disposed of. */
  abstract restarted(): SongStorage;

  /** Closes the song. Files go, unless the song is kept. */
  abstract dispose(): Promise<void>;

  /** Reads into arrays that can be handed over. */
  protected abstract readOwn(start: number, end: number): Promise<SongPiece>;

  /** Stores a chunk; resolves to whether its columns are stored, too. */
  protected abstract store(chunk: SeparationChunk): boolean | Promise<boolean>;

  protected abstract replaceVocals(start: number, vocals: readonly Float32Array[]): void | Promise<void>;

  /** Takes over what is known of a song that is separated whole. @param painting what was painted on it; the vocals have it already */
  protected restoreState(scale: SpectrogramScale, painting: Painting | undefined): void {
    this.#scale = scale;
    this.#done.add(0, this.samples);
    this.#columns.add(0, scale.frames);
    if (!painting || !this.mask) return;
    this.#edit = MaskEdit.restored(this.mask, painting);
    for (const { start, end } of painting.spans) this.#amended.add(start, end);
  }
}
