import { plot } from '../widgets/plot.ts';

/** Steps whose mean the thick line shows. */
const SMOOTH = 10;

/** The loss of each step as a thin line, its running mean as a thick one, and that of the held-back example as dots. */
export class LossCurve {
  readonly #plot = plot('loss-curve');
  #losses: number[] = [];
  #held: { readonly step: number; readonly loss: number }[] = [];

  get canvas(): HTMLCanvasElement {
    return this.#plot.canvas;
  }

  clear(): void {
    this.#losses = [];
    this.#held = [];
    this.draw();
  }

  add(loss: number): void {
    this.#losses.push(loss);
    this.draw();
  }

  hold(step: number, loss: number): void {
    this.#held.push({ step, loss });
    this.draw();
  }

  /** Means of the first and of the last few losses. */
  get ends(): { readonly first: number; readonly last: number } | undefined {
    if (this.#losses.length < 2) return undefined;
    return { first: mean(this.#losses.slice(0, SMOOTH)), last: mean(this.#losses.slice(-SMOOTH)) };
  }

  draw(): void {
    this.#plot.draw((context, width, height, ink) => {
      context.clearRect(0, 0, width, height);
      const [left, bottom] = [52, 22];
      const steps = Math.max(50, this.#losses.length, ...this.#held.map(({ step }) => step));
      const most = Math.max(0.01, ...this.#losses, ...this.#held.map(({ loss }) => loss)) * 1.05;
      const x = (step: number) => left + ((width - left - 8) * step) / steps;
      const y = (loss: number) => (height - bottom - 6) * (1 - loss / most) + 6;
      context.font = '12px system-ui, sans-serif';
      context.fillStyle = ink('--muted');
      context.strokeStyle = ink('--line');
      for (let n = 0; n <= 4; n++) {
        const loss = (most * n) / 4;
        context.beginPath();
        context.moveTo(left, y(loss));
        context.lineTo(width - 8, y(loss));
        context.stroke();
        context.textAlign = 'right';
        context.fillText(loss.toPrecision(2), left - 6, y(loss) + 4);
        context.textAlign = n === 4 ? 'right' : 'center';
        if (n > 0) context.fillText(String(Math.round((steps * n) / 4)), x((steps * n) / 4), height - 6);
      }
      const line = (values: readonly number[], colour: string, thick: number) => {
        context.strokeStyle = colour;
        context.lineWidth = thick;
        context.beginPath();
        for (const [n, value] of values.entries()) context[n === 0 ? 'moveTo' : 'lineTo'](x(n + 1), y(value));
        context.stroke();
      };
      line(this.#losses, ink('--band'), 1);
      line(
        this.#losses.map((_, n) => mean(this.#losses.slice(Math.max(0, n - SMOOTH + 1), n + 1))),
        ink('--brand'),
        2.5,
      );
      context.fillStyle = ink('--vocals');
      for (const { step, loss } of this.#held) {
        context.beginPath();
        context.arc(x(step), y(loss), 3, 0, 2 * Math.PI);
        context.fill();
      }
    });
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
