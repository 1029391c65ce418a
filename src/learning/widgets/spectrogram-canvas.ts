import { oncePerFrame, type Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import { drawFrequencyAxis, drawTimeRuler } from '../../ui/spectrogram/axes.ts';
import type { ColourMap } from '../../ui/spectrogram/colour-maps.ts';
import { type FrequencyAxis, hzOfUnit, type RowBins, rowBins, unitOfHz } from '../../ui/spectrogram/frequency-axis.ts';
import { timeAt, unitOfTime } from '../../ui/timeline/viewport.ts';
import type { SpectrogramLink } from './spectrogram-link.ts';

/** Rows of pixels painted at most. */
const MAX_ROWS = 512;

/** A picture's cells: `frames` columns of `bins` bytes, frame by frame, and what they stand for. */
export interface Cells {
  readonly frames: number;
  readonly bins: number;
  readonly values: Uint8Array;
  readonly firstBinHz: number;
  readonly binHz: number;
  readonly frameSeconds: number;
  /** Moment of frame 0's centre, on the time axis of the pictures. Default: 0. */
  readonly startSeconds?: number;
}

/**
 * A picture of cells on a canvas, with its axes and a caption; zoom and cursor are those of its link. By wheel with
 * Ctrl and by + and − it zooms, dragging pans, the arrow keys move the cursor by a cell.
 */
export class SpectrogramCanvas {
  readonly element: HTMLElement;
  readonly canvas = h('canvas', { class: 'cell-canvas', role: 'img', tabindex: 0 });
  readonly #caption = h('figcaption');
  readonly #gutter = h('div', { class: 'cell-gutter', 'aria-hidden': 'true' });
  readonly #ruler = h('div', { class: 'cell-ruler', 'aria-hidden': 'true' });
  readonly #across = h('div', { class: 'cell-cursor across', hidden: true });
  readonly #along = h('div', { class: 'cell-cursor along', hidden: true });
  readonly #head = h('div', { class: 'cell-cursor head', hidden: true });
  readonly #link: SpectrogramLink;
  readonly #redraw: () => void;
  #cells: Cells | undefined;
  #colours: ColourMap | undefined;
  #axis: FrequencyAxis | undefined;
  /** The cells as pixels, one column a frame. */
  #painted: HTMLCanvasElement | undefined;

  constructor(scope: Scope, link: SpectrogramLink) {
    this.#link = link;
    const stage = h('div', { class: 'cell-stage' }, this.canvas, this.#across, this.#along, this.#head);
    this.element = h('figure', { class: 'cell-picture' }, this.#caption, this.#gutter, stage, this.#ruler);
    this.#redraw = oncePerFrame(scope, () => this.#draw());
    scope.add(link.on('view', this.#redraw));
    scope.add(link.on('cursor', () => this.#showCursor()));
    scope.observeResize(stage, () => {
      this.#painted = undefined;
      this.#redraw();
    });
    this.#listen(scope);
  }

  /** Shows cells. */
  show(cells: Cells, colours: ColourMap, axis: FrequencyAxis): void {
    this.#cells = cells;
    this.#colours = colours;
    this.#axis = axis;
    this.#painted = undefined;
    this.canvas.dataset.shown = 'false';
    this.#redraw();
  }

  /** What is written over it, and what is said of it to who cannot see it. */
  describe(caption: string, alternative: string): void {
    setText(this.#caption, caption);
    this.canvas.setAttribute('aria-label', alternative);
  }

  /** Shows where the sound is; undefined: nowhere. */
  playhead(seconds: number | undefined): void {
    const unit = seconds === undefined ? -1 : unitOfTime(this.#link.view, seconds);
    this.#head.hidden = unit < 0 || unit > 1;
    this.#head.style.left = `${100 * unit}%`;
  }

  /** The cell at a place; undefined outside. */
  cellAt(seconds: number, hz: number): { readonly frame: number; readonly bin: number } | undefined {
    const cells = this.#cells;
    if (!cells) return undefined;
    const frame = Math.round((seconds - (cells.startSeconds ?? 0)) / cells.frameSeconds);
    const bin = Math.round((hz - cells.firstBinHz) / cells.binHz);
    if (frame < 0 || bin < 0 || frame >= cells.frames || bin >= cells.bins) return undefined;
    return { frame, bin };
  }

  #draw(): void {
    const { canvas } = this;
    const { clientWidth: width, clientHeight: height } = canvas;
    const cells = this.#cells;
    const axis = this.#axis;
    if (!cells || !axis || width === 0 || height === 0) return;
    const scale = Math.min(2, devicePixelRatio);
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    this.#painted ??= this.#paint(Math.min(MAX_ROWS, canvas.height));
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) return;
    const { view } = this.#link;
    const begin = (cells.startSeconds ?? 0) - cells.frameSeconds / 2;
    const left = (view.start - begin) / cells.frameSeconds;
    const span = view.span / cells.frameSeconds;
    // Cells that are wide on the screen have edges: one can be told from the next.
    context.imageSmoothingEnabled = span > canvas.width / 4;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.#painted, left, 0, span, this.#painted.height, 0, 0, canvas.width, canvas.height);
    canvas.dataset.shown = 'true';
    drawFrequencyAxis(this.#gutter, axis, height);
    drawTimeRuler(this.#ruler, { ...view, start: view.start + this.#link.offset }, width);
    this.#showCursor();
  }

  #paint(rows: number): HTMLCanvasElement {
    const { frames, bins, values, firstBinHz, binHz } = this.#cells as Cells;
    const canvas = h('canvas', { width: frames, height: rows });
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) return canvas;
    const image = context.createImageData(frames, rows);
    const lines = rowBins(this.#axis as FrequencyAxis, rows, { bins, firstBinHz, binHz });
    paintCells(values, frames, bins, lines, (this.#colours as ColourMap).pixels, new Uint32Array(image.data.buffer));
    context.putImageData(image, 0, 0);
    return canvas;
  }

  #showCursor(): void {
    const { cursor, view } = this.#link;
    const x = cursor ? unitOfTime(view, cursor.seconds) : -1;
    const y = cursor && this.#axis ? unitOfHz(this.#axis, cursor.hz) : -1;
    this.#along.hidden = x < 0 || x > 1;
    this.#across.hidden = y < 0 || y > 1;
    this.#along.style.left = `${100 * x}%`;
    this.#across.style.bottom = `${100 * y}%`;
  }

  #listen(scope: Scope): void {
    const { canvas } = this;
    const link = this.#link;
    let dragged: { readonly x: number; moved: number } | undefined;
    const point = (event: PointerEvent) => {
      if (!this.#axis) return;
      const box = canvas.getBoundingClientRect();
      const unit = (value: number) => Math.min(1, Math.max(0, value));
      link.cursor = {
        seconds: timeAt(link.view, unit((event.clientX - box.left) / box.width)),
        hz: hzOfUnit(this.#axis, unit((box.bottom - event.clientY) / box.height)),
      };
    };
    scope.listen(canvas, 'pointerdown', (event) => {
      dragged = { x: event.clientX, moved: 0 };
      point(event);
    });
    scope.listen(canvas, 'pointermove', (event) => {
      if (dragged && event.buttons === 1 && event.pointerType === 'mouse') {
        canvas.setPointerCapture(event.pointerId);
        const pixels = event.clientX - dragged.x - dragged.moved;
        dragged.moved += pixels;
        link.pan((-pixels * link.view.span) / Math.max(1, canvas.clientWidth));
      }
      point(event);
    });
    scope.listen(canvas, 'pointerup', () => {
      dragged = undefined;
    });
    scope.listen(canvas, 'pointerleave', (event) => {
      // A finger that is lifted leaves too: what it pointed at stays to be read.
      if (event.pointerType === 'mouse') link.cursor = undefined;
    });
    scope.listen(
      canvas,
      'wheel',
      (event) => {
        const box = canvas.getBoundingClientRect();
        if (event.ctrlKey || event.metaKey) {
          event.preventDefault();
          const anchor = timeAt(link.view, (event.clientX - box.left) / box.width);
          link.zoom(1.0015 ** -event.deltaY, anchor);
        } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
          event.preventDefault();
          link.pan((event.deltaX / box.width) * link.view.span);
        }
      },
      { passive: false },
    );
    scope.listen(canvas, 'keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !this.#key(event.key, event.shiftKey)) return;
      event.preventDefault();
    });
  }

  /** Returns whether the key was one of the picture's. */
  #key(key: string, far: boolean): boolean {
    const link = this.#link;
    const cells = this.#cells;
    const axis = this.#axis;
    if (!cells || !axis) return false;
    const { view } = link;
    const at = link.cursor ?? { seconds: view.start + view.span / 2, hz: hzOfUnit(axis, 0.5) };
    const step = far ? 10 : 1;
    const move = (frames: number, bins: number) => {
      const seconds = Math.min(view.duration, Math.max(0, at.seconds + frames * cells.frameSeconds));
      const highest = cells.firstBinHz + (cells.bins - 1) * cells.binHz;
      const hz = Math.min(highest, Math.max(cells.firstBinHz, at.hz + bins * cells.binHz));
      const outside = seconds < view.start ? seconds - view.start : Math.max(0, seconds - view.start - view.span);
      if (outside !== 0) link.pan(outside);
      link.cursor = { seconds, hz };
    };
    if (key === 'ArrowLeft') move(-step, 0);
    else if (key === 'ArrowRight') move(step, 0);
    else if (key === 'ArrowUp') move(0, step);
    else if (key === 'ArrowDown') move(0, -step);
    else if (key === '+' || key === '=') link.zoom(1.5, at.seconds);
    else if (key === '-' || key === '_') link.zoom(1 / 1.5, at.seconds);
    else if (key === '0') link.reset(view.duration);
    else return false;
    return true;
  }
}

/**
 * Paints frames × rows pixels, row by row from the top. A row that covers several bins shows their mean.
 * @param colours 256 pixels, one for each value
 */
export function paintCells(
  values: Uint8Array,
  frames: number,
  bins: number,
  { rows, from, to }: RowBins,
  colours: Uint32Array,
  out: Uint32Array,
): void {
  for (let row = 0; row < rows; row++) {
    const width = to[row] - from[row];
    for (let frame = 0; frame < frames; frame++) {
      const first = frame * bins + from[row];
      let sum = 0;
      for (let bin = 0; bin < width; bin++) sum += values[first + bin];
      out[row * frames + frame] = colours[(sum / width + 0.5) | 0];
    }
  }
}
