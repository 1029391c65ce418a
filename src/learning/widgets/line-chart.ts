import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import { type Ink, plot } from './plot.ts';
import { roundTicks } from './ticks.ts';

/** A line of a chart: points from left to right; where y is NaN the line has a gap. */
export interface ChartLine {
  readonly name: string;
  readonly ink: Ink;
  /** Default: `line-and-dots`. */
  readonly marks?: 'line-and-dots' | 'line' | 'thin-line' | 'dots';
  readonly dashed?: boolean;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** The ranges and labels of the axes. */
export interface ChartAxes {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly xText: (value: number) => string;
  readonly yText: (value: number) => string;
  /** What y is, above the chart, and what x is, below it. */
  readonly title: string;
  readonly xTitle: string;
}

const MARGIN = { left: 52, right: 10, top: 8, bottom: 24 } as const;
/** Least distance between labels, pixels. */
const X_SPACING = 64;
const Y_SPACING = 30;

/** A chart of a few lines. The legend tells them apart by name and by dashes as well as by colour. */
export class LineChart {
  readonly element: HTMLElement;
  readonly #caption = h('figcaption');
  readonly #legend = h('p', { class: 'chart-legend' });
  readonly #foot = h('p', { class: 'chart-foot' });
  readonly #plot = plot('chart');
  #lines: readonly ChartLine[] = [];
  #axes: ChartAxes | undefined;

  constructor(scope: Scope, id: string) {
    this.#plot.canvas.id = id;
    this.element = h('figure', { class: 'chart-figure' }, this.#caption, this.#plot.canvas, this.#foot, this.#legend);
    scope.observeResize(this.#plot.canvas, () => this.draw());
  }

  /** @param alternative what the chart shows, in words */
  show(lines: readonly ChartLine[], axes: ChartAxes, alternative: string): void {
    this.#lines = lines;
    this.#axes = axes;
    setText(this.#caption, axes.title);
    setText(this.#foot, axes.xTitle);
    this.#plot.canvas.setAttribute('aria-label', alternative);
    // A chart that grows point by point keeps its legend.
    const legend = JSON.stringify(lines.map(({ name, ink, marks, dashed }) => [name, ink, marks, dashed]));
    if (legend !== this.#legend.dataset.lines) this.#showLegend(lines);
    this.#legend.dataset.lines = legend;
    this.draw();
  }

  #showLegend(lines: readonly ChartLine[]): void {
    this.#legend.replaceChildren(
      ...lines.map(({ name, ink, dashed, marks }) => {
        const sign = h('span', { class: `chart-key ${marks ?? ''} ${dashed ? 'dashed' : ''}` });
        sign.style.color = `var(${ink})`;
        return h('span', {}, sign, name);
      }),
    );
  }

  /** Draws again after the colours or the size changed. */
  draw(): void {
    const axes = this.#axes;
    if (!axes) return;
    this.#plot.draw((context, width, height, ink) => {
      const { left, right, top, bottom } = MARGIN;
      const [x0, x1] = axes.x;
      const [y0, y1] = axes.y;
      const px = (x: number) => left + ((x - x0) / (x1 - x0)) * (width - left - right);
      const py = (y: number) =>
        height - bottom - ((Math.min(y1, Math.max(y0, y)) - y0) / (y1 - y0)) * (height - top - bottom);
      context.font = '12px system-ui, sans-serif';
      context.fillStyle = ink('--muted');
      context.strokeStyle = ink('--line');
      context.textAlign = 'right';
      for (const y of roundTicks(y0, y1, Math.max(2, Math.floor((height - top - bottom) / Y_SPACING)))) {
        line(context, [
          [left, py(y)],
          [width - right, py(y)],
        ]);
        context.fillText(axes.yText(y), left - 6, py(y) + 4);
      }
      context.textAlign = 'center';
      for (const x of roundTicks(x0, x1, Math.max(2, Math.floor((width - left - right) / X_SPACING)))) {
        context.fillText(axes.xText(x), Math.min(width - right - 8, px(x)), height - 6);
      }
      for (const { points, ink: name, dashed, marks = 'line-and-dots' } of this.#lines) {
        context.lineWidth = marks === 'thin-line' ? 1 : 2;
        context.strokeStyle = ink(name);
        context.fillStyle = ink(name);
        context.setLineDash(dashed ? [6, 4] : []);
        for (const segment of withoutGaps(points)) {
          const places = segment.map(([x, y]) => [px(x), py(y)] as const);
          if (marks !== 'dots') line(context, places);
          if (marks.endsWith('dots')) dots(context, places);
        }
      }
      context.setLineDash([]);
    });
  }
}

function line(context: CanvasRenderingContext2D, points: readonly (readonly [number, number])[]): void {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

function dots(context: CanvasRenderingContext2D, points: readonly (readonly [number, number])[]): void {
  for (const [x, y] of points) {
    context.beginPath();
    context.arc(x, y, 2.5, 0, 2 * Math.PI);
    context.fill();
  }
}

function withoutGaps(points: ChartLine['points']): (readonly [number, number])[][] {
  const segments: (readonly [number, number])[][] = [[]];
  for (const point of points) {
    if (Number.isNaN(point[1])) segments.push([]);
    else segments.at(-1)?.push(point);
  }
  return segments;
}
