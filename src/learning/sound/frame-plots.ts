import type { Scope } from '../../core/scope.ts';
import { makeWindow } from '../../dsp/window.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningTexts } from '../texts.ts';
import { type Plot, plot } from '../widgets/plot.ts';
import { drawCurve } from './draw-curve.ts';

/** A frame on its way from the waveform to the spectrogram. */
export interface FrameStep {
  /** Samples from one window length before the frame's centre to one after it. */
  readonly around: Float32Array;
  readonly windowLength: number;
  /** Level of each bin, 0 to 255. */
  readonly spectrum: Uint8Array;
  /** From 0, where the animation begins, to 1, where everything is shown. */
  readonly progress: number;
}

/** When each part of the animation begins and ends. */
const PARTS = { frame: [0, 0.3], windowed: [0.3, 0.6], spectrum: [0.6, 1] } as const;

function partOf([from, to]: readonly [number, number], progress: number): number {
  const part = Math.min(1, Math.max(0, (progress - from) / (to - from)));
  return part * part * (3 - 2 * part);
}

/** Three small plots: the frame in the waveform, the frame times the window, and its spectrum. */
export class FramePlots {
  readonly element: HTMLElement;
  readonly #plots: readonly Plot[];
  #step: FrameStep | undefined;

  constructor(scope: Scope, texts: LearningTexts) {
    this.#plots = ['frame', 'windowed', 'spectrum'].map((name) => plot(`small ${name}`));
    const keys = ['sound.cut', 'sound.windowed', 'sound.spectrum'] as const;
    const figures = this.#plots.map(({ canvas }, index) => {
      const caption = h('figcaption');
      texts.bind(scope, () => {
        setText(caption, `${index + 1}. ${texts.t(keys[index])}`);
        canvas.setAttribute('aria-label', texts.t(keys[index]));
      });
      scope.observeResize(canvas, () => this.draw());
      return h('figure', { class: 'small-figure' }, caption, canvas);
    });
    this.element = h('div', { class: 'learn-row' }, ...figures);
  }

  show(step: FrameStep): void {
    this.#step = step;
    this.draw();
  }

  /** Draws again after the colours or the size changed. */
  draw(): void {
    if (!this.#step) return;
    this.#drawFrame(this.#step);
    this.#drawWindowed(this.#step);
    this.#drawSpectrum(this.#step);
  }

  #drawFrame({ around, progress }: FrameStep): void {
    this.#plots[0].draw((context, width, height, ink) => {
      const part = partOf(PARTS.frame, progress);
      context.fillStyle = ink('--sunken');
      // The frame is the middle half of the plot.
      context.fillRect(width / 4, 0, (part * width) / 2, height);
      const gain = gainOf(around);
      drawCurve(context, { width, height, colour: ink('--ink') }, around.length, (n) => gain * around[n]);
    });
  }

  #drawWindowed({ around, windowLength, progress }: FrameStep): void {
    const window = makeWindow('hann', windowLength);
    const from = windowLength / 2;
    const part = partOf(PARTS.windowed, progress);
    const gain = gainOf(around);
    this.#plots[1].draw((context, width, height, ink) => {
      if (progress < PARTS.windowed[0]) return;
      drawCurve(context, { width, height, colour: ink('--line') }, windowLength, (n) => window[n] * 0.96);
      // The window fades in over the bare frame.
      const windowed = (n: number) => gain * around[from + n] * (1 - part + part * window[n]);
      drawCurve(context, { width, height, colour: ink('--brand') }, windowLength, windowed);
    });
  }

  #drawSpectrum({ spectrum, progress }: FrameStep): void {
    const part = partOf(PARTS.spectrum, progress);
    this.#plots[2].draw((context, width, height, ink) => {
      context.fillStyle = ink('--vocals');
      const bins = spectrum.length;
      for (let x = 0; x < width; x++) {
        const from = Math.floor((x * bins) / width);
        const to = Math.max(from + 1, Math.floor(((x + 1) * bins) / width));
        let level = 0;
        for (let bin = from; bin < to; bin++) level = Math.max(level, spectrum[bin]);
        const tall = (part * level * (height - 2)) / 255;
        context.fillRect(x, height - tall, 1, tall);
      }
    });
  }
}

/** Quiet sounds are drawn as high as loud ones: only their form matters here. */
function gainOf(samples: Float32Array): number {
  let peak = 0;
  for (const value of samples) peak = Math.max(peak, Math.abs(value));
  return peak > 1e-4 ? 0.95 / peak : 1;
}
