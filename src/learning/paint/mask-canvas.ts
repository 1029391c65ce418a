import { clock, shortHz } from '../../core/format.ts';
import { oncePerFrame, type Scope } from '../../core/scope.ts';
import type { MaskEdit } from '../../songs/painting/mask-edit.ts';
import { h, setAttributes, svg } from '../../ui/shell/dom.ts';
import {
  type AxisKind,
  type FrequencyAxis,
  frequencyAxis,
  frequencyTicks,
  hzOfUnit,
  type RowBins,
  rowBins,
  unitOfHz,
} from '../../ui/spectrogram/frequency-axis.ts';
import type { LearningTexts } from '../texts.ts';
import { type MaskCanvasLook, paintMaskCanvas } from './mask-canvas-pixels.ts';

/** Rows of pixels painted at most; the screen stretches them. */
const MAX_ROWS = 400;
const MAX_COLUMNS = 1200;

/** What the board shows. */
export interface MaskCanvasView {
  /** Seconds at the left edge, and from edge to edge. */
  readonly from: number;
  readonly seconds: number;
  readonly axis: AxisKind;
  readonly look: MaskCanvasLook;
}

/** A place on the board: in cells of the mask. */
export interface MaskCanvasPlace {
  readonly frame: number;
  readonly bin: number;
}

/** The picture that is painted on: its pixels, its axes, and the marks over it. */
export class MaskCanvas {
  readonly element: HTMLElement;
  /** What takes pointer and keys. */
  readonly surface = h('canvas', { class: 'paint-canvas', tabindex: 0, role: 'application' });
  readonly #edit: MaskEdit;
  readonly #gutter = h('div', { class: 'cell-gutter', 'aria-hidden': 'true' });
  readonly #ruler = h('div', { class: 'cell-ruler', 'aria-hidden': 'true' });
  readonly #head = h('div', { class: 'cell-cursor head', hidden: true });
  readonly #marks = svg('svg', { class: 'paint-marks', 'aria-hidden': 'true' });
  readonly #redraw: () => void;
  #view: MaskCanvasView = { from: 0, seconds: 12, axis: 'mel', look: 'both' };
  #frames = new Int32Array(0);
  #rows: RowBins | undefined;
  #image: ImageData | undefined;
  /** Columns of pixels that are not as they should be. */
  #dirty: [number, number] = [0, 0];

  constructor(scope: Scope, texts: LearningTexts, edit: MaskEdit) {
    this.#edit = edit;
    const stage = h('div', { class: 'cell-stage paint-stage' }, this.surface, this.#marks, this.#head);
    this.element = h('div', { class: 'cell-picture paint-board' }, this.#gutter, stage, this.#ruler);
    this.#redraw = oncePerFrame(scope, () => this.#draw());
    scope.observeResize(this.surface, ({ contentRect }) => this.#fit(contentRect.width, contentRect.height));
    scope.add(edit.on('changed', (from, to) => this.touch(from, to)));
    texts.bind(scope, () => {
      setAttributes(this.surface, {
        'aria-label': texts.t('paint.board'),
        'aria-roledescription': texts.t('paint.role'),
      });
    });
  }

  get view(): MaskCanvasView {
    return this.#view;
  }

  set view(view: MaskCanvasView) {
    this.#view = view;
    this.#layOut();
  }

  /** Paints the frames [from, to) again. */
  touch(from: number, to: number): void {
    const { frameSeconds } = this.#edit.kept.scale;
    const { width } = this.surface;
    const x = (frame: number) => (((frame - 0.5) * frameSeconds - this.#view.from) / this.#view.seconds) * width;
    this.#spoil(Math.floor(x(from)) - 1, Math.ceil(x(to)) + 1);
  }

  /** Paints everything again: more is separated, or the view is another. */
  touchAll(): void {
    this.#spoil(0, this.surface.width);
  }

  /** Puts the playhead to a moment; hidden where the board does not show it. */
  playhead(seconds: number): void {
    const unit = (seconds - this.#view.from) / this.#view.seconds;
    this.#head.hidden = unit < 0 || unit > 1;
    this.#head.style.left = `${(100 * unit).toFixed(3)}%`;
  }

  /** The place under a pointer, also outside the board's edges. */
  placeAt(event: MouseEvent): MaskCanvasPlace {
    const box = this.surface.getBoundingClientRect();
    return this.placeOf((event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height);
  }

  /** The place at a share of width and height, from the left bottom corner. */
  placeOf(x: number, y: number): MaskCanvasPlace {
    const { frameSeconds, firstBinHz, binHz } = this.#edit.kept.scale;
    const { from, seconds } = this.#view;
    return {
      frame: (from + x * seconds) / frameSeconds,
      bin: (hzOfUnit(this.#axis, Math.min(1, Math.max(0, y))) - firstBinHz) / binHz,
    };
  }

  /** Where a place lies: shares of width and height from the left bottom corner. */
  unitsOf({ frame, bin }: MaskCanvasPlace): { readonly x: number; readonly y: number } {
    const { frameSeconds, firstBinHz, binHz } = this.#edit.kept.scale;
    return {
      x: (frame * frameSeconds - this.#view.from) / this.#view.seconds,
      y: unitOfHz(this.#axis, firstBinHz + bin * binHz),
    };
  }

  /** Half of a brush of `pixels` on the screen, at a place: in frames, and in bins as the axis is there. */
  radiusAt(place: MaskCanvasPlace, pixels: number): { readonly radiusFrames: number; readonly radiusBins: number } {
    const { width, height } = this.surface.getBoundingClientRect();
    const { x, y } = this.unitsOf(place);
    const side = this.placeOf(x + pixels / width, y);
    const above = this.placeOf(x, y + pixels / height);
    const below = this.placeOf(x, y - pixels / height);
    return { radiusFrames: side.frame - place.frame, radiusBins: Math.max(0.5, (above.bin - below.bin) / 2) };
  }

  /** Shows marks over the picture, in pixels of the screen: the brush, a box, the keyboard's cross. */
  mark(shapes: readonly SVGElement[]): void {
    this.#marks.replaceChildren(...shapes);
  }

  get #axis(): FrequencyAxis {
    const { firstBinHz, binHz, bins } = this.#edit.kept.scale;
    return frequencyAxis(this.#view.axis, firstBinHz + bins * binHz);
  }

  #fit(width: number, height: number): void {
    if (width < 2 || height < 2) return;
    this.surface.width = Math.min(MAX_COLUMNS, Math.round(width));
    this.surface.height = Math.min(MAX_ROWS, Math.round(height));
    this.#image = new ImageData(this.surface.width, this.surface.height);
    this.#layOut();
  }

  #layOut(): void {
    const { frames, bins, firstBinHz, binHz, frameSeconds } = this.#edit.kept.scale;
    const { width, height } = this.surface;
    const { from, seconds } = this.#view;
    this.#frames = Int32Array.from({ length: width }, (_, x) => {
      const frame = Math.round((from + ((x + 0.5) / width) * seconds) / frameSeconds);
      return frame >= 0 && frame < frames ? frame : -1;
    });
    this.#rows = rowBins(this.#axis, height, { bins, firstBinHz, binHz });
    this.#gutter.replaceChildren(
      ...frequencyTicks(this.#axis, 0.09).map((hz) => {
        const tick = h('span', { class: 'tick' }, shortHz(hz));
        tick.style.bottom = `${(100 * unitOfHz(this.#axis, hz)).toFixed(2)}%`;
        return tick;
      }),
      h('span', { class: 'unit' }, 'Hz'),
    );
    const step = [0.5, 1, 2, 5, 10, 20, 60].find((s) => seconds / s <= Math.max(3, width / 90)) ?? 120;
    const ticks: HTMLElement[] = [];
    for (let at = Math.ceil(from / step - 1e-6) * step; at < from + seconds - step / 3; at += step) {
      const tick = h('span', { class: 'tick' }, clock(at, step < 1 ? 1 : 0));
      tick.style.left = `${((100 * (at - from)) / seconds).toFixed(2)}%`;
      ticks.push(tick);
    }
    this.#ruler.replaceChildren(...ticks);
    this.touchAll();
  }

  #spoil(fromX: number, toX: number): void {
    const [from, to] = this.#dirty;
    this.#dirty = from < to ? [Math.min(from, fromX), Math.max(to, toX)] : [fromX, toX];
    this.#redraw();
  }

  #draw(): void {
    const image = this.#image;
    const rows = this.#rows;
    if (!image || !rows) return;
    const from = Math.max(0, this.#dirty[0]);
    const to = Math.min(image.width, this.#dirty[1]);
    this.#dirty = [0, 0];
    if (to <= from) return;
    const pixels = new Uint32Array(image.data.buffer);
    paintMaskCanvas(this.#edit, { frames: this.#frames, rows }, this.#view.look, pixels, from, to);
    this.surface.getContext('2d')?.putImageData(image, 0, 0, from, 0, to - from, image.height);
  }
}
