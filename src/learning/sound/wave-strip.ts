import { oncePerFrame, type Scope } from '../../core/scope.ts';
import { h } from '../../ui/shell/dom.ts';
import { unitOfTime } from '../../ui/timeline/viewport.ts';
import { plot } from '../widgets/plot.ts';
import type { SpectrogramLink } from '../widgets/spectrogram-link.ts';
import { drawCurve } from './draw-curve.ts';

/** The waveform of an excerpt, in step with linked spectrograms. Marks the part that a frame covers. */
export class WaveStrip {
  readonly element: HTMLElement;
  readonly #plot = plot('wave');
  readonly #redraw: () => void;
  readonly #link: SpectrogramLink;
  #samples = new Float32Array(0);
  #sampleRate = 1;
  /** The marked part, seconds. */
  #frame: { readonly from: number; readonly to: number } | undefined;

  constructor(scope: Scope, link: SpectrogramLink) {
    this.#link = link;
    this.element = h('div', { class: 'wave-strip' }, this.#plot.canvas);
    this.#redraw = oncePerFrame(scope, () => this.#draw());
    scope.add(link.on('view', this.#redraw));
    scope.observeResize(this.element, this.#redraw);
  }

  show(samples: Float32Array<ArrayBuffer>, sampleRate: number): void {
    this.#samples = samples;
    this.#sampleRate = sampleRate;
    this.#redraw();
  }

  /** Marks the part that a frame covers, seconds. */
  mark(from: number, to: number): void {
    this.#frame = { from, to };
    this.#redraw();
  }

  describe(alternative: string): void {
    this.#plot.canvas.setAttribute('aria-label', alternative);
  }

  /** Draws again in other colours. */
  recolour(): void {
    this.#redraw();
  }

  #draw(): void {
    const { view } = this.#link;
    const from = Math.round(view.start * this.#sampleRate);
    const count = Math.min(this.#samples.length - from, Math.round(view.span * this.#sampleRate));
    this.#plot.draw((context, width, height, ink) => {
      if (this.#frame) {
        const left = width * unitOfTime(view, this.#frame.from);
        const right = width * unitOfTime(view, this.#frame.to);
        context.fillStyle = ink('--vocals');
        context.globalAlpha = 0.3;
        context.fillRect(left, 0, Math.max(2, right - left), height);
        context.globalAlpha = 1;
      }
      drawCurve(context, { width, height, colour: ink('--accompaniment') }, count, (n) => this.#samples[from + n]);
    });
  }
}
