import type { MaskEdit } from '../../songs/painting/mask-edit.ts';
import { viridis } from '../../ui/spectrogram/colour-maps.ts';
import type { RowBins } from '../../ui/spectrogram/frequency-axis.ts';

/** `both`: the level as brightness and the mask as colour; `mask`: the mask alone. */
export type MaskCanvasMode = 'both' | 'mask';

/** The colours of vocals and accompaniment on black, as the page has them in its dark theme. */
const VOCALS = [255, 132, 103];
const ACCOMPANIMENT = [69, 200, 188];

/** Levels below this are black, decibels relative to a full-scale sine. */
const DARKEST_DB = -78;
const FLOOR_DB = -100;

/** Brightness of a level byte. */
const BRIGHTNESS = Float32Array.from({ length: 256 }, (_, byte) => {
  const decibels = FLOOR_DB * (1 - byte / 255);
  return Math.min(1, Math.max(0, 1.35 * (1 - decibels / DARKEST_DB)));
});

/** Which frames and bins each pixel shows. */
export interface MaskCanvasGrid {
  /** The frame of each column of pixels; −1: none. */
  readonly frames: Int32Array;
  readonly rows: RowBins;
}

/**
 * Paints the columns [from, to) of an image: the level of the mixture as brightness, the mask as colour. Where several bins
 * share a row, the loudest is shown with its mask. Frames that are not separated yet are striped.
 */
export function paintMaskCanvas(
  edit: MaskEdit,
  { frames, rows }: MaskCanvasGrid,
  mode: MaskCanvasMode,
  { pixels, from, to }: { readonly pixels: Uint32Array; readonly from: number; readonly to: number },
): void {
  const width = frames.length;
  for (let x = from; x < to; x++) {
    const frame = frames[x];
    if (frame < 0 || !edit.kept.has(frame)) {
      for (let y = 0; y < rows.rows; y++) pixels[y * width + x] = (x + y) & 8 ? 0xff241d21 : 0xff1a1417;
      continue;
    }
    const mask = edit.row(frame);
    const levels = edit.kept.levels(frame);
    for (let y = 0; y < rows.rows; y++) {
      let bin = rows.from[y];
      for (let other = bin + 1; other < rows.to[y]; other++) if (levels[other] > levels[bin]) bin = other;
      pixels[y * width + x] = mode === 'mask' ? viridis.pixels[mask[bin] >> 8] : blend(levels[bin], mask[bin] / 65535);
    }
  }
}

function blend(level: number, mask: number): number {
  const light = BRIGHTNESS[level];
  const channel = (n: number) => Math.round(light * (ACCOMPANIMENT[n] + mask * (VOCALS[n] - ACCOMPANIMENT[n])));
  return ((255 << 24) | (channel(2) << 16) | (channel(1) << 8) | channel(0)) >>> 0;
}
