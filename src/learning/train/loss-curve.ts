import { type Draw, plot } from '../widgets/plot.ts';
import type { LossHistory } from './loss-history.ts';

const MARGIN = { left: 52, right: 8, top: 6, bottom: 22 } as const;
/** Steps that the axis shows at least. */
const MIN_STEPS = 50;
/** Loss that the axis shows at least. */
const MIN_LOSS = 0.01;
const TICKS = 4;

/** The loss of each step as a thin line, its running mean as a thick one, that of the held-out example as dots. */
export class LossCurve {
  readonly #plot = plot('loss-curve');
  readonly #history: () => LossHistory;

  constructor(history: () => LossHistory) {
    this.#history = history;
  }

  get canvas(): HTMLCanvasElement {
    return this.#plot.canvas;
  }

  draw(): void {
    this.#plot.draw(curve(this.#history()));
  }
}

function curve(history: LossHistory): Draw {
  const { losses, smoothed, heldOut } = history;
  return (context, width, height, ink) => {
    const { left, right, top, bottom } = MARGIN;
    const steps = Math.max(MIN_STEPS, losses.length, ...heldOut.map(({ step }) => step));
    const most = Math.max(MIN_LOSS, ...losses, ...heldOut.map(({ loss }) => loss)) * 1.05;
    const x = (step: number) => left + ((width - left - right) * step) / steps;
    const y = (loss: number) => (height - bottom - top) * (1 - loss / most) + top;
    context.font = '12px system-ui, sans-serif';
    context.fillStyle = ink('--muted');
    context.strokeStyle = ink('--line');
    for (let n = 0; n <= TICKS; n++) {
      const [loss, step] = [(most * n) / TICKS, (steps * n) / TICKS];
      context.beginPath();
      context.moveTo(left, y(loss));
      context.lineTo(width - right, y(loss));
      context.stroke();
      context.textAlign = 'right';
      context.fillText(loss.toPrecision(2), left - 6, y(loss) + 4);
      context.textAlign = n === TICKS ? 'right' : 'center';
      if (n > 0) context.fillText(String(Math.round(step)), x(step), height - 6);
    }
    const line = (values: readonly number[], colour: string, thickness: number) => {
      context.strokeStyle = colour;
      context.lineWidth = thickness;
      context.beginPath();
      for (const [n, value] of values.entries()) context.lineTo(x(n + 1), y(value));
      context.stroke();
    };
    line(losses, ink('--band'), 1);
    line(smoothed, ink('--brand'), 2.5);
    context.fillStyle = ink('--vocals');
    for (const { step, loss } of heldOut) {
      context.beginPath();
      context.arc(x(step), y(loss), 3, 0, 2 * Math.PI);
      context.fill();
    }
  };
}
