import type { AudioData } from '../../audio/audio-data.ts';
import { sampleCount } from '../../audio/audio-data.ts';
import { channelOf } from '../../audio/shared-audio.ts';
import { type Range, Ranges } from '../../core/ranges.ts';
import { Priority } from '../../separation/priority.ts';
import type { SeparationChunk } from '../../separation/types.ts';
import { MaskEdit } from '../painting/mask-edit.ts';
import type { Painting } from '../painting/painting-format.ts';
import type { SongOnDisk } from './song-on-disk.ts';
import { StoredMask } from './stored-mask.ts';

/**
 * One song and what is separated of it. Holds only the original and the vocals; the accompaniment is
 * original − vocals wherever it is needed, so a song costs two copies of its samples and adds up by construction.
 *
 * @example
 * const store = new StemStore(await shareAudio(decoded));
 * for await (const chunk of client.separate(store.original)) store.write(chunk);
 */
export class StemStore {
  /** Of a song on disk, its rate and its channels without samples. */
  readonly original: AudioData;
  readonly vocals: AudioData;
  /** Where a song too long for memory lies; undefined: in the arrays of `original` and `vocals`. */
  readonly disk: SongOnDisk | undefined;
  /** Where the song's separation should go next. */
  readonly priority = new Priority();
  readonly #done = new Ranges();
  #mask: StoredMask | undefined;
  #edit: MaskEdit | undefined;
  #revision = 0;
  #settled: Promise<void> = Promise.resolve();
  readonly #amended = new Ranges();
  readonly #pictured = new Ranges();

  constructor(original: AudioData, disk?: SongOnDisk, vocals?: AudioData) {
    this.original = original;
    this.disk = disk;
    this.vocals = vocals ?? {
      sampleRate: original.sampleRate,
      channels: original.channels.map((c) => channelOf(c.length)),
    };
  }

  /** Samples of the whole song. */
  get totalSamples(): number {
    return this.disk?.samples ?? sampleCount(this.original);
  }

  /** What is separated so far, in samples: in order, apart from each other. Never less, also when a song is separated again. */
  get doneRanges(): readonly Range[] {
    return this.#done.list;
  }

  /** What is not separated yet, in samples, in order. */
  get gaps(): readonly Range[] {
    return this.#done.gaps(this.totalSamples);
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
    return this.doneSamples >= this.totalSamples;
  }

  /** The vocals' mask as the network gave it, as far as it is there; undefined before the first chunk. */
  get mask(): StoredMask | undefined {
    return this.#mask;
  }

  /**
   * The store of a song that is separated whole already: of a kept one. The arrays are the store's from now on.
   * @param painting what was painted on it; the vocals have it already
   */
  static restored(original: AudioData, vocals: AudioData, mask: StoredMask, painting?: Painting): StemStore {
    const store = new StemStore(original, undefined, vocals);
    store.#mask = mask;
    store.#done.add(0, store.totalSamples);
    if (!painting) return store;
    store.#edit = MaskEdit.restored(mask, painting);
    for (const { start, end } of painting.spans) store.#amended.add(start, end);
    return store;
  }

  /** What was painted on the song, and in which samples that is heard; undefined: nothing ever was. */
  get painting(): Painting | undefined {
    if (this.#amended.size === 0) return undefined;
    return { ...(this.#edit?.painted ?? { frames: [], rows: new Uint16Array(0) }), spans: this.#amended.list };
  }

  /** The store of a song on disk. */
  static onDisk(disk: SongOnDisk): StemStore {
    const channels = Array.from({ length: disk.channels }, () => new Float32Array(0));
    return new StemStore({ sampleRate: disk.sampleRate, channels }, disk);
  }

  /** The store of a song on disk that is separated whole: of a kept one, whose spectrograms have so many frames. */
  static restoredOnDisk(disk: SongOnDisk, frames: number): StemStore {
    const store = StemStore.onDisk(disk);
    store.#done.add(0, store.totalSamples);
    store.#pictured.add(0, frames);
    return store;
  }

  /** Frames of the spectrograms of a song on disk that lie there, too, in order. */
  get picturedFrames(): Ranges {
    return this.#pictured;
  }

  /**
   * Keeps the chunk's vocals. What would lie outside the song is dropped. Of a song on disk the mask is kept there, with
   * the spectrograms: in memory it would take as much as these.
   *
   * @returns for a song on disk, a promise: the chunk is kept once it resolves
   * @throws LongSongError (the promise) when the disk refuses; what was there stays
   */
  write(chunk: SeparationChunk): Promise<void> | undefined {
    if (this.disk) return this.#toDisk(this.disk, chunk);
    this.#mask ??= new StoredMask(chunk.scale);
    this.#mask.write(chunk.spectrogram);
    this.vocals.channels.forEach((channel, c) => {
      const source = chunk.vocals[Math.min(c, chunk.vocals.length - 1)];
      const room = channel.length - chunk.start;
      if (source && room > 0) channel.set(source.length > room ? source.subarray(0, room) : source, chunk.start);
    });
    this.#count(chunk);
    return undefined;
  }

  async #toDisk(disk: SongOnDisk, chunk: SeparationChunk): Promise<void> {
    const { start, vocals, spectrogram, scale } = chunk;
    const pictured = await disk.write(start, vocals, { ...spectrogram, songFrames: scale.frames });
    const end = Math.min(scale.frames, spectrogram.firstFrame + spectrogram.frames);
    if (pictured) this.#pictured.add(spectrogram.firstFrame, end);
    this.#count(chunk);
  }

  #count(chunk: SeparationChunk): void {
    const end = chunk.start + (chunk.vocals[0]?.length ?? 0);
    this.#done.add(chunk.start, Math.min(end, this.totalSamples));
  }

  /** What a person painted over the mask; made when it is first asked for, undefined where there is no mask. */
  get edit(): MaskEdit | undefined {
    this.#edit ??= this.#mask && new MaskEdit(this.#mask);
    return this.#edit;
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

  /** Puts changed vocals in the place of those that are there, from sample `start` on. */
  amend(start: number, vocals: readonly Float32Array[]): void {
    this.#amended.add(start, Math.min(this.totalSamples, start + (vocals[0]?.length ?? 0)));
    this.vocals.channels.forEach((channel, c) => {
      channel.set(vocals[c].subarray(0, Math.max(0, channel.length - start)), start);
    });
  }
}
