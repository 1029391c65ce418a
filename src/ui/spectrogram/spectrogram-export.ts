import { clock, kilohertz, signed } from '../../core/format.ts';
import { timeTicks, unitOfTime } from '../timeline/viewport.ts';
import { type FrequencyAxis, frequencyTicks, noteTicks, unitOfHz } from './frequency-axis.ts';
import { DIFFERENCE_DB, type SpectrogramImage, type SpectrogramKind } from './spectrogram-image.ts';
import { axisOf, type SpectrogramPainter } from './spectrogram-painter.ts';
import type { ImageExportRequest } from './spectrogram-requests.ts';
import { colourMapOf, type SpectrogramStyle } from './spectrogram-style.ts';
import { levelFor, tileSpan, tilesIn } from './tile-math.ts';

/** Size of an exported image, pixels, with axes and title. */
export const EXPORT_IMAGE_SIZE = { width: 2000, height: 960 } as const;

/** The same in drawing units. */
const SIZE = { width: 1000, height: 480 };

/** Place of the spectrogram and of the colour bar, drawing units. */
const PLOT = { left: 66, top: 58, width: 812, height: 366 };
const BAR = { left: 928, width: 14 };

const INK = '#1f1a2b';
const MUTED = '#625b70';
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", sans-serif';

type Context = OffscreenCanvasRenderingContext2D;

/** Draws a spectrogram with axes, title and colour bar on white. */
export function drawExportImage(
  context: Context,
  image: SpectrogramImage,
  painter: SpectrogramPainter,
  request: ImageExportRequest,
): void {
  const { width, height } = EXPORT_IMAGE_SIZE;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.setTransform(width / SIZE.width, 0, 0, height / SIZE.height, 0, 0);
  const axis = axisOf(image.scale, request.style);
  drawSpectrogram(context, image, painter, request);
  drawTimes(context, request);
  drawFrequencies(context, axis, request);
  drawBar(context, request);
  write(context, request.words.title, [PLOT.left, 26], { size: 20, weight: 700 });
  write(context, request.words.song, [PLOT.left, 47], { size: 13, colour: MUTED, maxWidth: PLOT.width });
}

function drawSpectrogram(
  context: Context,
  image: SpectrogramImage,
  painter: SpectrogramPainter,
  request: ImageExportRequest,
): void {
  const { kind, style, view } = request;
  const { scale, shape } = image;
  const sharpness = EXPORT_IMAGE_SIZE.width / SIZE.width;
  const rows = Math.round(PLOT.height * sharpness);
  const level = levelFor(scale, shape, view, PLOT.width * sharpness);
  context.save();
  context.beginPath();
  context.rect(PLOT.left, PLOT.top, PLOT.width, PLOT.height);
  context.clip();
  context.imageSmoothingEnabled = false;
  for (const place of tilesIn(image, view, level)) {
    const pixels = painter.paint({ kind, place, rows, style });
    const tile = new OffscreenCanvas(place.columns, rows);
    const data = new ImageData(new Uint8ClampedArray(pixels.buffer), place.columns, rows);
    tile.getContext('2d', { alpha: false })?.putImageData(data, 0, 0);
    const { start, end } = tileSpan(scale, shape, place);
    const pixel = (seconds: number) =>
      PLOT.left + Math.round(unitOfTime(view, seconds) * PLOT.width * sharpness) / sharpness;
    context.drawImage(tile, pixel(start), PLOT.top, pixel(end) - pixel(start), PLOT.height);
  }
  context.restore();
  context.strokeStyle = INK;
  context.lineWidth = 1;
  context.strokeRect(PLOT.left - 0.5, PLOT.top - 0.5, PLOT.width + 1, PLOT.height + 1);
}

function drawTimes(context: Context, { view, words }: ImageExportRequest): void {
  const { step, times } = timeTicks(view, 10);
  const bottom = PLOT.top + PLOT.height;
  for (const time of times) {
    const x = PLOT.left + unitOfTime(view, time) * PLOT.width;
    line(context, [x, bottom + 1], [x, bottom + 6]);
    const decimals = step < 0.1 ? 2 : step < 1 ? 1 : 0;
    write(context, clock(time, decimals), [x, bottom + 20], { align: 'center' });
  }
  write(context, words.time, [PLOT.left + PLOT.width / 2, bottom + 42], { size: 13, colour: MUTED, align: 'center' });
}

function drawFrequencies(context: Context, axis: FrequencyAxis, { words }: ImageExportRequest): void {
  const y = (hz: number) => PLOT.top + (1 - unitOfHz(axis, hz)) * PLOT.height;
  for (const hz of frequencyTicks(axis, 24 / PLOT.height)) {
    line(context, [PLOT.left - 6, y(hz)], [PLOT.left - 1, y(hz)]);
    write(context, kilohertz(hz), [PLOT.left - 10, y(hz) + 4], { align: 'right' });
  }
  const right = PLOT.left + PLOT.width;
  for (const { name, hz } of noteTicks(axis, 16 / PLOT.height)) {
    line(context, [right + 1, y(hz)], [right + 6, y(hz)]);
    write(context, name, [right + 10, y(hz) + 4], { colour: MUTED });
  }
  context.save();
  context.translate(20, PLOT.top + PLOT.height / 2);
  context.rotate(-Math.PI / 2);
  write(context, words.frequency, [0, 0], { size: 13, colour: MUTED, align: 'center' });
  context.restore();
}

function drawBar(context: Context, { kind, style, words }: ImageExportRequest): void {
  const { rgb } = colourMapOf(kind, style);
  for (let entry = 0; entry < 256; entry++) {
    context.fillStyle = `rgb(${rgb[3 * entry]} ${rgb[3 * entry + 1]} ${rgb[3 * entry + 2]})`;
    const top = PLOT.top + ((255 - entry) / 256) * PLOT.height;
    // Each entry overlaps the next one, so that no gap shows between pixels.
    context.fillRect(BAR.left, top, BAR.width, PLOT.height / 256 + (entry > 0 ? 0.5 : 0));
  }
  context.strokeRect(BAR.left - 0.5, PLOT.top - 0.5, BAR.width + 1, PLOT.height + 1);
  const right = BAR.left + BAR.width;
  for (const { text, unit } of barTicks(kind, style)) {
    const y = PLOT.top + (1 - unit) * PLOT.height;
    line(context, [right + 1, y], [right + 5, y]);
    write(context, text, [right + 8, y + 4]);
  }
  write(context, words.value, [BAR.left + BAR.width / 2, PLOT.top - 10], { colour: MUTED, align: 'center' });
}

/** Labels of the colour bar; `unit` 0 is its bottom, 1 its top. */
export function barTicks(
  kind: SpectrogramKind,
  style: SpectrogramStyle,
): readonly { readonly text: string; readonly unit: number }[] {
  if (kind === 'mask') return [0, 0.25, 0.5, 0.75, 1].map((value) => ({ text: String(value), unit: value }));
  if (kind === 'difference') {
    return [-1, -0.5, 0, 0.5, 1].map((part) => {
      const text = signed(part * DIFFERENCE_DB, 0);
      return { text: part > 0 ? `+${text}` : text, unit: (part + 1) / 2 };
    });
  }
  const { floorDb, ceilingDb } = style;
  const step = ceilingDb - floorDb > 50 ? 20 : 10;
  const ticks: { text: string; unit: number }[] = [];
  for (let level = Math.ceil(floorDb / step) * step; level <= ceilingDb; level += step) {
    ticks.push({ text: signed(level, 0), unit: (level - floorDb) / (ceilingDb - floorDb) });
  }
  return ticks;
}

type Point = readonly [x: number, y: number];

function line(context: Context, from: Point, to: Point): void {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

interface TextStyle {
  readonly size?: number;
  readonly weight?: number;
  readonly colour?: string;
  readonly align?: CanvasTextAlign;
  /** Longer text is condensed to this width. */
  readonly maxWidth?: number;
}

function write(context: Context, text: string, [x, y]: Point, style: TextStyle = {}): void {
  const { size = 12, weight = 400, colour = INK, align = 'left', maxWidth } = style;
  context.font = `${weight} ${size}px ${FONT}`;
  context.fillStyle = colour;
  context.textAlign = align;
  context.fillText(text, x, y, maxWidth);
}
