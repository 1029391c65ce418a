import { type AudioData, sampleCount } from '../../audio/audio-data.ts';
import { channelOf, isShared } from '../../audio/shared-audio.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { SeparationChunk } from '../../separation/types.ts';
import type { Painting } from '../painting/painting-format.ts';
import { BlockFeed } from './block-feed.ts';
import type { PlayerSource } from './player-source.ts';
import type { SongHandle } from './song-handle.ts';
import { copyOf, pieceOf, type SongContent, type SongPiece, type SongShape } from './song-source.ts';
import { SongStorage, type WholeSong } from './song-storage.ts';
import { StoredMask } from './stored-mask.ts';

/** What is known of a song beside its samples. */
export type DecodedFacts = Pick<SongShape, 'notes' | 'tracks'>;

/** A whole song with its mask. */
export interface StoredSong {
  readonly original: AudioData;
  readonly vocals: AudioData;
  readonly scale: SpectrogramScale;
  readonly mask: Uint16Array;
  readonly levels: Uint8Array;
  /** What was painted on it; the vocals have it already. */
  readonly painting?: Painting;
  readonly tracks?: DecodedFacts['tracks'];
}

/**
 * A song in this thread's memory. Other threads read the same arrays if memory can be shared; otherwise they receive
 * copies of the pieces that they request.
 */
export class MemorySongStorage extends SongStorage {
  readonly whole: WholeSong;
  readonly #arrays: SongPiece;
  readonly #isShared: boolean;
  readonly #feed: BlockFeed;
  #mask: StoredMask | undefined;

  /**
   * @param vocals silence that the vocals are written to. Default: as much as the original, in memory that can be
   * shared
   * @param facts what is known of the decoded file
   */
  constructor(original: AudioData, vocals: AudioData = silenceOf(original), facts: DecodedFacts = {}) {
    const { sampleRate, channels, depth } = original;
    super({ sampleRate, channels: channels.length, samples: sampleCount(original), depth, ...facts });
    this.whole = { original, vocals };
    this.#arrays = { original: original.channels, vocals: vocals.channels };
    this.#isShared = [...original.channels, ...vocals.channels].every(isShared);
    this.#feed = new BlockFeed({
      samples: this.samples,
      read: (start, end) => copyOf(pieceOf(this.#arrays, start, end)),
    });
  }

  /**
   * A song that is separated whole already: a kept one. The arrays are the storage's from now on; the mask is copied.
   */
  static restored({ original, vocals, scale, mask, levels, painting, tracks }: StoredSong): MemorySongStorage {
    const storage = new MemorySongStorage(original, vocals, { tracks });
    storage.#mask = StoredMask.restored(scale, mask, levels);
    storage.restoreState(scale, painting);
    return storage;
  }

  get mask(): StoredMask | undefined {
    return this.#mask;
  }

  async read(start: number, end: number): Promise<SongPiece> {
    return pieceOf(this.#arrays, start, end);
  }

  async readColumns(first: number, end: number): Promise<SpectrogramColumns> {
    if (!this.#mask) throw new DOMException('Nothing is separated yet.', 'InvalidStateError');
    return this.#mask.columns(first, end);
  }

  release(): void {
    // Pieces are views into the arrays; columns are small.
  }

  override handle(): SongHandle {
    if (!this.#isShared) return super.handle();
    const { sampleRate, channels, samples } = this;
    return { sampleRate, channels, samples, from: { kind: 'arrays', arrays: this.#arrays } };
  }

  playerSource(): PlayerSource {
    if (this.#isShared) return { kind: 'arrays', arrays: this.#arrays };
    const { port1, port2 } = new MessageChannel();
    this.#feed.add(port1);
    return { kind: 'blocks', port: port2 };
  }

  separationInput(): AudioData {
    return this.whole.original;
  }

  async seal(): Promise<SongContent | undefined> {
    if (!this.#mask) throw new DOMException('Nothing is separated yet.', 'InvalidStateError');
    const { cells, levels } = this.#mask.numbers;
    return { ...this.#arrays, mask: cells, levels };
  }

  sharesOriginal(other: SongStorage): boolean {
    return other.whole?.original === this.whole.original;
  }

  restarted(): MemorySongStorage {
    const { tracks } = this;
    return new MemorySongStorage(this.whole.original, undefined, { tracks });
  }

  async dispose(): Promise<void> {
    this.#feed.close();
  }

  protected async readOwn(start: number, end: number): Promise<SongPiece> {
    return copyOf(pieceOf(this.#arrays, start, end));
  }

  protected store({ start, vocals, spectrogram, scale, isPreview }: SeparationChunk): boolean {
    if (!isPreview) {
      this.#mask ??= new StoredMask(scale);
      this.#mask.write(spectrogram);
    }
    this.#put(start, vocals);
    return true;
  }

  protected replaceVocals(start: number, vocals: readonly Float32Array[]): void {
    this.#put(start, vocals);
  }

  #put(start: number, vocals: readonly Float32Array[]): void {
    const fitting = vocals.map((channel) => channel.subarray(0, Math.max(0, this.samples - start)));
    if (fitting.length === 0) return;
    this.#arrays.vocals.forEach((channel, c) => {
      channel.set(fitting[Math.min(c, fitting.length - 1)], start);
    });
    this.#feed.changed(start, fitting);
  }
}

function silenceOf({ sampleRate, channels }: AudioData): AudioData {
  return { sampleRate, channels: channels.map(({ length }) => channelOf(length)) };
}
