import type { Band } from '../../dsp/band-pass.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { Region } from './region.ts';
import type { RegionLevels } from './region-level.ts';
import type { ImageExportRequest, TileRequest } from './spectrogram-requests.ts';

/** The values of one cell of time and frequency. */
export interface SpectrogramCell {
  /** Level of the mixture, decibels; −100 at the floor and below. */
  readonly decibels: number;
  readonly mask: number;
}

/** The methods of spectrogram.worker.ts. One worker holds the spectrograms of several songs, by number. */
export interface SpectrogramEngine {
  /** Makes space for a song's spectrograms; replaces a song of the same number. */
  open(song: number, scale: SpectrogramScale): void;
  /** Takes final columns, in any order. */
  write(song: number, columns: SpectrogramColumns): void;
  /** Paints a tile of `place.columns` × `rows` pixels; undefined for a song that is not open. */
  paint(song: number, request: TileRequest): Promise<ImageBitmap | undefined>;
  /** The values at a place; undefined if there are none yet. */
  at(song: number, frame: number, bin: number): SpectrogramCell | undefined;
  /** Levels of the sounds in a region; undefined if none of it is there yet. */
  levels(song: number, region: Region): RegionLevels | undefined;
  /**
   * Filters a sound to a band of frequencies.
   * @param cut Samples to drop at the start and at the end: they are there for the filter's sake only.
   */
  bandPass(
    channels: readonly Float32Array[],
    sampleRate: number,
    band: Band,
    cut: readonly [before: number, after: number],
  ): readonly Float32Array<ArrayBuffer>[];
  /** A spectrogram with axes, title and colour bar, as a PNG image; undefined for a song that is not open. */
  exportImage(song: number, request: ImageExportRequest): Promise<Blob | undefined>;
  /** Frees a song's memory. */
  close(song: number): void;
}
