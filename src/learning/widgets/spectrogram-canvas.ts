import { oncePerFrame, type Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { ColourMap } from '../../ui/spectrogram/colour-maps.ts';
import { type FrequencyAxis, rowBins, unitOfHz } from '../../ui/spectrogram/frequency-axis.ts';
import { unitOfTime } from '../../ui/timeline/viewport.ts';
import { type Cells, paintCells } from './cells.ts';
import { SpectrogramFrame } from './spectrogram-frame.ts';
import { listenToSpectrogram } from './spectrogram-input.ts';
import type { SpectrogramLink, SpectrogramPoint } from './spectrogram-link.ts';

/** Most rows of pixels that are painted; the browser scales them to the screen. */
const MAX_ROWS = 512;

interface Shown {
  readonly grid: Cells;
  readonly colours: ColourMap;
  readonly axis: FrequencyAxis;
}

/** A spectrogram with axes and a caption. Zoom and cursor are those of its link; spectrogram-input.ts tells the keys. */
export class SpectrogramCanvas {
  readonly canvas = h('canvas', { class: 'spectrogram-canvas', role: 'img', tabindex: 0 });
  readonly #horizontal = h('div', { class: 'spectrogram-cursor horizontal', hidden: true });
  readonly #vertical = h('div', { class: 'spectrogram-cursor vertical', hidden: true });
  readonly #mark = h('div', { class: 'spectrogram-mark', role: 'img', hidden: true });
  readonly #frame = new SpectrogramFrame(this.canvas, this.#horizontal, this.#vertical, this.#mark);
  readonly #link: SpectrogramLink;
  readonly #redraw: () => void;
  #shown: Shown | undefined;
  #marked: SpectrogramPoint | undefined;
  /** The cells as pixels, one column a frame. */
  #pixels: HTMLCanvasElement | undefined;

  constructor(scope: Scope, link: SpectrogramLink) {
    this.#link = link;
    this.#redraw = oncePerFrame(scope, () => this.#draw());
    scope.add(link.on('view', this.#redraw));
    scope.add(link.on('cursor', () => this.#showPoints()));
    scope.observeResize(this.#frame.stage, () => {
      this.#pixels = undefined;
      this.#redraw();
    });
    listenToSpectrogram(scope, this.canvas, link, () => this.#shown);
  }

  get element(): HTMLElement {
    return this.#frame.element;
  }

  show(grid: Cells, colours: ColourMap, axis: FrequencyAxis): void {
    this.#shown = { grid, colours, axis };
    this.#pixels = undefined;
    this.canvas.dataset.shown = 'false';
    this.#redraw();
  }

  /** @param alternative what the spectrogram shows, in words */
  describe(caption: string, alternative: string): void {
    setText(this.#frame.caption, caption);
    this.canvas.setAttribute('aria-label', alternative);
  }

  /**
   * Marks a cell by a ring; undefined: none.
   *
   * @param name what the cell is, in words
   */
  mark(point: SpectrogramPoint | undefined, name: string): void {
    this.#marked = point;
    this.#mark.setAttribute('aria-label', name);
    this.#showPoints();
  }

  /** Shows the moment that is heard, seconds from the beginning; undefined: hides the playhead. */
  playhead(seconds: number | undefined): void {
    this.#frame.movePlayhead(this.#link.view, seconds);
  }

  #draw(): void {
    const { canvas } = this;
    const shown = this.#shown;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!shown || width === 0 || height === 0) return;
    const scale = Math.min(2, devicePixelRatio);
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    this.#pixels ??= paint(shown, Math.min(MAX_ROWS, canvas.height));
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) return;
    const { view, offset } = this.#link;
    const { frameSeconds } = shown.grid;
    const left = view.start / frameSeconds + 0.5;
    const span = view.span / frameSeconds;
    // Wide cells get sharp edges, so that they can be told apart.
    context.imageSmoothingEnabled = span > canvas.width / 4;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.#pixels, left, 0, span, this.#pixels.height, 0, 0, canvas.width, canvas.height);
    canvas.dataset.shown = 'true';
    this.#frame.showAxes(shown.axis, { ...view, start: view.start + offset });
    this.#showPoints();
  }

  /** Moves the cursor and the mark to their places in the view. */
  #showPoints(): void {
    const [x, y] = this.#unitsOf(this.#link.cursor);
    this.#vertical.hidden = x < 0 || x > 1;
    this.#horizontal.hidden = y < 0 || y > 1;
    this.#vertical.style.left = `${100 * x}%`;
    this.#horizontal.style.bottom = `${100 * y}%`;
    const [markX, markY] = this.#unitsOf(this.#marked);
    this.#mark.hidden = Math.min(markX, markY) < 0 || Math.max(markX, markY) > 1;
    this.#mark.style.left = `${100 * markX}%`;
    this.#mark.style.bottom = `${100 * markY}%`;
  }

  /** Shares of the width and the height at which a point lies; negative: it has none. */
  #unitsOf(point: SpectrogramPoint | undefined): readonly [x: number, y: number] {
    const axis = this.#shown?.axis;
    return point && axis ? [unitOfTime(this.#link.view, point.seconds), unitOfHz(axis, point.hz)] : [-1, -1];
  }
}

function paint({ grid, colours, axis }: Shown, rows: number): HTMLCanvasElement {
  const { frames } = grid;
  const canvas = h('canvas', { width: frames, height: rows });
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return canvas;
  const image = context.createImageData(frames, rows);
  const lines = rowBins(axis, rows, grid);
  paintCells(grid, lines, colours.pixels, new Uint32Array(image.data.buffer));
  context.putImageData(image, 0, 0);
  return canvas;
}
