import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningTexts } from '../texts.ts';
import { type Plot, plot } from '../widgets/plot.ts';

/** A frame on its way from the curve to the picture. */
export interface FrameStep {
  /** The samples round it: a window's length on each side of its middle. */
  readonly around: Float32Array;
  /** The window, as long as the frame. */
  readonly window: Float32Array;
  /** Level of each bin, 0 to 255. */
  readonly spectrum: Uint8Array;
  /** How far the step is: 0 begins, 1 all is there. */
  readonly progress: number;
}

/** Where the parts of the step begin and end. */
const PARTS = { frame: [0, 0.3], windowed: [0.3, 0.6], spectrum: [0.6, 1] } as const;

function partOf([from, to]: readonly [number, number], progress: number): number {
  const part = Math.min(1, Math.max(0, (progress - from) / (to - from)));
  return part * part * (3 - 2 * part);
}

/** Three small pictures: the frame in the curve, the frame times the window, its spectrum. */
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

  /** Draws again, after the colours or the size have changed. */
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
      // The frame is the middle half of what is shown.
      context.fillRect(width / 4, 0, (part * width) / 2, height);
      const gain = gainOf(around);
      drawCurve(context, width, height, ink('--ink'), around.length, (n) => gain * around[n]);
    });
  }

  #drawWindowed({ around, window, progress }: FrameStep): void {
    const from = window.length / 2;
    const part = partOf(PARTS.windowed, progress);
    const gain = gainOf(around);
    this.#plots[1].draw((context, width, height, ink) => {
      if (progress < PARTS.windowed[0]) return;
      drawCurve(context, width, height, ink('--line'), window.length, (n) => window[n] * 0.96);
      // From the bare frame to the frame times the window.
      drawCurve(
        context,
        width,
        height,
        ink('--brand'),
        window.length,
        (n) => gain * around[from + n] * (1 - part + part * window[n]),
      );
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

/** Quiet sounds are drawn as high as loud ones: here the form matters. */
function gainOf(samples: Float32Array): number {
  let peak = 0;
  for (const value of samples) peak = Math.max(peak, Math.abs(value));
  return peak > 1e-4 ? 0.95 / peak : 1;
}

/** A curve round the middle; where many samples share a pixel, from the least to the greatest of them. */
export function drawCurve(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  colour: string,
  samples: number,
  value: (index: number) => number,
): void {
  const y = (v: number) => height / 2 - Math.max(-1, Math.min(1, v)) * (height / 2 - 1);
  context.strokeStyle = colour;
  context.lineWidth = 1.2;
  context.beginPath();
  const step = samples / width;
  if (step <= 2) {
    for (let n = 0; n < samples; n++) context.lineTo((n * width) / (samples - 1), y(value(n)));
  } else {
    for (let x = 0; x < width; x++) {
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      const end = Math.min(samples, Math.ceil((x + 1) * step));
      for (let n = Math.floor(x * step); n < end; n++) {
        const v = value(n);
        if (v < low) low = v;
        if (v > high) high = v;
      }
      context.moveTo(x + 0.5, y(low) + 0.6);
      context.lineTo(x + 0.5, y(high) - 0.6);
    }
  }
  context.stroke();
}
