import { oncePerFrame, type Scope } from '../../core/scope.ts';
import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import { h, setAttributes, svg } from '../../ui/shell/dom.ts';
import { rowBins } from '../../ui/spectrogram/frequency-axis.ts';
import type { LearningTexts } from '../texts.ts';
import { SpectrogramFrame } from '../widgets/spectrogram-frame.ts';
import { type MaskCanvasGrid, paintMaskCanvas } from './mask-canvas-pixels.ts';
import { MaskGeometry, type MaskPlace } from './mask-geometry.ts';
import type { PaintState } from './paint-state.ts';

/** Most pixels that are painted; the browser scales them to the screen. */
const MAX_ROWS = 400;
const MAX_COLUMNS = 1200;

/** The mask that is painted on: its pixels, its axes, and marks over it. */
export class MaskCanvas {
  /** Receives pointer and keys. */
  readonly surface = h('canvas', { class: 'mask-canvas', tabindex: 0, role: 'application' });
  readonly #marks = svg('svg', { class: 'mask-marks', 'aria-hidden': 'true' });
  readonly #frame = new SpectrogramFrame(this.surface, this.#marks);
  readonly #state: PaintState;
  readonly #redraw: () => void;
  #grid: MaskCanvasGrid | undefined;
  #image: ImageData | undefined;
  /** Columns of pixels to paint again, [from, to). */
  #dirty: readonly [from: number, to: number] = [0, 0];

  constructor(scope: Scope, texts: LearningTexts, state: PaintState) {
    this.#state = state;
    this.element.classList.add('paint-frame');
    this.#redraw = oncePerFrame(scope, () => this.#draw());
    scope.observeResize(this.surface, ({ contentRect }) => this.#resize(contentRect.width, contentRect.height));
    scope.add(state.on('view', () => this.#layOut()));
    scope.add(state.on('mask', () => this.refresh()));
    scope.add(state.edit.on('changed', (from, to) => this.#markFrames(from, to)));
    texts.bind(scope, () => {
      setAttributes(this.surface, {
        'aria-label': texts.t('paint.canvas'),
        'aria-roledescription': texts.t('paint.role'),
      });
    });
  }

  get element(): HTMLElement {
    return this.#frame.element;
  }

  get scale(): SpectrogramScale {
    return this.#state.edit.kept.scale;
  }

  /** Converts between the screen and the cells that the canvas shows there now. */
  get geometry(): MaskGeometry {
    const { view } = this.#state;
    const { width, height } = this.surface.getBoundingClientRect();
    return new MaskGeometry({ scale: this.scale, view, axis: view.axis, width, height });
  }

  /** Paints everything again: more of the song is separated. */
  refresh(): void {
    this.#markColumns(0, this.surface.width);
  }

  /** @param seconds moment of the song */
  playhead(seconds: number): void {
    this.#frame.movePlayhead(this.#state.view, seconds);
  }

  /** The place under a pointer, also outside the canvas. */
  placeAt(event: MouseEvent): MaskPlace {
    const box = this.surface.getBoundingClientRect();
    return this.geometry.placeOf((event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height);
  }

  /** Shows marks over the mask, in CSS pixels. */
  mark(shapes: readonly SVGElement[]): void {
    this.#marks.replaceChildren(...shapes);
  }

  #resize(width: number, height: number): void {
    if (width < 2 || height < 2) return;
    this.surface.width = Math.min(MAX_COLUMNS, Math.round(width));
    this.surface.height = Math.min(MAX_ROWS, Math.round(height));
    this.#image = new ImageData(this.surface.width, this.surface.height);
    this.#layOut();
  }

  #layOut(): void {
    const { frames: count, bins, firstBinHz, binHz, frameSeconds } = this.scale;
    const { width, height } = this.surface;
    const { view } = this.#state;
    const { axis } = this.geometry;
    const frames = Int32Array.from({ length: width }, (_, x) => {
      const frame = Math.round((view.start + ((x + 0.5) / width) * view.span) / frameSeconds);
      return frame >= 0 && frame < count ? frame : -1;
    });
    this.#grid = { frames, rows: rowBins(axis, height, { bins, firstBinHz, binHz }) };
    this.#frame.showAxes(axis, view);
    this.refresh();
  }

  #markFrames(from: number, to: number): void {
    const { start, span } = this.#state.view;
    const x = (frame: number) => (((frame - 0.5) * this.scale.frameSeconds - start) / span) * this.surface.width;
    this.#markColumns(Math.floor(x(from)) - 1, Math.ceil(x(to)) + 1);
  }

  #markColumns(fromX: number, toX: number): void {
    const [from, to] = this.#dirty;
    this.#dirty = from < to ? [Math.min(from, fromX), Math.max(to, toX)] : [fromX, toX];
    this.#redraw();
  }

  #draw(): void {
    const image = this.#image;
    const grid = this.#grid;
    if (!image || !grid) return;
    const from = Math.max(0, this.#dirty[0]);
    const to = Math.min(image.width, this.#dirty[1]);
    this.#dirty = [0, 0];
    if (to <= from) return;
    const { edit, view } = this.#state;
    paintMaskCanvas(edit, grid, view.mode, { pixels: new Uint32Array(image.data.buffer), from, to });
    this.surface.getContext('2d')?.putImageData(image, 0, 0, from, 0, to - from, image.height);
  }
}
