import type { MaskEdit } from '../../songs/painting/mask-edit.ts';
import { viridis } from '../../ui/spectrogram/colour-maps.ts';
import type { RowBins } from '../../ui/spectrogram/frequency-axis.ts';

/** `both`: how loud and whose, in one picture; `mask`: the mask alone. */
export type MaskCanvasLook = 'both' | 'mask';

/** The singer's and the band's colour on black: those of the page at night. */
const VOICE = [255, 132, 103];
const BAND = [69, 200, 188];

/** Levels below are black, decibels under a full-scale sine. */
const DARKEST_DB = -78;
const FLOOR_DB = -100;

/** Brightness of a level byte. */
const BRIGHTNESS = Float32Array.from({ length: 256 }, (_, byte) => {
  const decibels = FLOOR_DB * (1 - byte / 255);
  return Math.min(1, Math.max(0, 1.35 * (1 - decibels / DARKEST_DB)));
});

/** Which frames and bins each pixel shows. */
export interface MaskCanvasGrid {
  /** A frame for each column of pixels; −1: none. */
  readonly frames: Int32Array;
  readonly rows: RowBins;
}

/**
 * Paints columns of pixels: the mixture's levels as brightness, the mask as colour, from the band's to the singer's.
 * Where several bins share a row the loudest shows, and its mask. What is not separated yet is striped.
 */
export function paintMaskCanvas(
  edit: MaskEdit,
  { frames, rows }: MaskCanvasGrid,
  look: MaskCanvasLook,
  pixels: Uint32Array,
  fromX: number,
  toX: number,
): void {
  const width = frames.length;
  for (let x = fromX; x < toX; x++) {
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
      pixels[y * width + x] = look === 'mask' ? viridis.pixels[mask[bin] >> 8] : blend(levels[bin], mask[bin] / 65535);
    }
  }
}

function blend(level: number, mask: number): number {
  const light = BRIGHTNESS[level];
  const channel = (n: number) => Math.round(light * (BAND[n] + mask * (VOICE[n] - BAND[n])));
  return ((255 << 24) | (channel(2) << 16) | (channel(1) << 8) | channel(0)) >>> 0;
}
