import type { Band } from '../../dsp/band-pass.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { Region } from './region.ts';
import type { RegionLevels } from './region-level.ts';
import type { ImageExportOrder, TileOrder } from './spectrogram-orders.ts';

/** The values of one cell. */
export interface SpectrogramCell {
  /** Level of the mixture, decibels; −100 for the floor and below. */
  readonly decibels: number;
  readonly mask: number;
}

/** What the worker offers: see spectrogram.worker.ts. One worker may hold the pictures of several songs, by number. */
export interface SpectrogramEngine {
  /** Makes room for a song's pictures; a song of that number is forgotten. */
  open(song: number, scale: SpectrogramScale): void;
  /** Takes columns that have become final, in any order. */
  write(song: number, columns: SpectrogramColumns): void;
  /** A picture, `place.columns` × `rows` pixels; nothing for a song that is not open. */
  paint(song: number, order: TileOrder): Promise<ImageBitmap | undefined>;
  /** The values at a place; nothing where none are yet. */
  at(song: number, frame: number, bin: number): SpectrogramCell | undefined;
  /** How loud the sounds are in a region; nothing where none of it is there yet. */
  levels(song: number, region: Region): RegionLevels | undefined;
  /**
   * What of a sound lies between two frequencies.
   * @param cut samples to leave out at the beginning and at the end, which were only given for the filter's sake
   */
  bandPass(
    channels: readonly Float32Array[],
    sampleRate: number,
    band: Band,
    cut: readonly [before: number, after: number],
  ): readonly Float32Array<ArrayBuffer>[];
  /** A picture with its axes, title and colour bar, as a PNG; nothing for a song that is not open. */
  exportImage(song: number, order: ImageExportOrder): Promise<Blob | undefined>;
  /** Forgets a song. */
  close(song: number): void;
}
