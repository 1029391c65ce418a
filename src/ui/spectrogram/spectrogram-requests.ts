import type { Viewport } from '../timeline/viewport.ts';
import type { SpectrogramKind } from './spectrogram-image.ts';
import type { SpectrogramStyle } from './spectrogram-style.ts';
import type { TilePlace } from './tile-math.ts';

/** An image to export: the visible part of a spectrogram, and the texts on it. */
export interface ImageExportRequest {
  readonly kind: SpectrogramKind;
  readonly style: SpectrogramStyle;
  readonly view: Viewport;
  readonly words: {
    readonly title: string;
    readonly song: string;
    readonly time: string;
    readonly frequency: string;
    readonly value: string;
  };
}

/** A tile to paint. */
export interface TileRequest {
  readonly kind: SpectrogramKind;
  readonly place: TilePlace;
  /** Rows of pixels for the whole frequency axis. */
  readonly rows: number;
  readonly style: SpectrogramStyle;
}
