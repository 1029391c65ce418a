import { clock } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { FRAME_SECONDS, type Passage } from '../../player/vocal-activity.ts';
import { h, setText } from '../shell/dom.ts';
import { ScrolledLayer } from './scrolled-layer.ts';
import type { Viewport } from './viewport.ts';

/** The track under the waveforms that shows where there is singing, and the share of the voice in the sound. */
export class ActivityTrack {
  readonly element: HTMLElement;
  readonly #canvas = h('canvas', { role: 'img' });
  readonly #layer = new ScrolledLayer((view, width) => this.#draw(view, width));
  readonly #i18n: I18n;
  #curve: Float32Array = new Float32Array();
  #passages: readonly Passage[] = [];
  #colour = '';

  constructor(scope: Scope, i18n: I18n) {
    this.#i18n = i18n;
    const title = h('span', { class: 'title' });
    this.#layer.element.append(this.#canvas);
    this.element = h(
      'div',
      { class: 'row track activity vocals' },
      h('p', { class: 'caption' }, title),
      h('div', { class: 'plot', 'data-row': 'activity' }, this.#layer.element),
    );
    i18n.bind(scope, () => {
      setText(title, i18n.t('practice.activity'));
      this.#describe();
    });
  }

  /** Sets the curve (share of the voice in each frame, 0 to 1) and the passages with singing. */
  set(curve: Float32Array, passages: readonly Passage[]): void {
    this.#curve = curve;
    this.#passages = passages;
    this.#layer.invalidate();
    this.#describe();
  }

  /** Reads the colours from the style sheet again. */
  recolour(): void {
    this.#colour = getComputedStyle(this.element).getPropertyValue('--vocals').trim();
    this.#layer.invalidate();
  }

  /** Shows a part of the song on a track that is `width` pixels wide. */
  show(view: Viewport, width: number, animating: boolean): void {
    this.#layer.show(view, width, animating);
  }

  /** Reads the height from the style sheet. */
  resize(): void {
    this.#layer.invalidate();
  }

  /** Draws passages as a band, and the share of the voice as bars. */
  #draw(view: Viewport, pixels: number): void {
    const canvas = this.#canvas;
    const sharpness = Math.min(2, devicePixelRatio || 1);
    const width = Math.round(pixels * sharpness);
    const height = Math.round(canvas.clientHeight * sharpness);
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext('2d');
    if (!context || width === 0) return;
    context.clearRect(0, 0, width, height);
    context.fillStyle = this.#colour;
    const x = (seconds: number) => ((seconds - view.start) / view.span) * width;
    context.globalAlpha = 0.3;
    for (const { start, end } of this.#passages) {
      if (end < view.start || start > view.start + view.span) continue;
      context.fillRect(x(start), 0, Math.max(1, x(end) - x(start)), height);
    }
    context.globalAlpha = 1;
    const perPixel = view.span / width / FRAME_SECONDS;
    for (let column = 0; column < width; column++) {
      const from = Math.floor(view.start / FRAME_SECONDS + column * perPixel);
      const to = Math.max(from + 1, Math.floor(view.start / FRAME_SECONDS + (column + 1) * perPixel));
      let share = 0;
      for (let frame = from; frame < to && frame < this.#curve.length; frame++) {
        share = Math.max(share, this.#curve[frame]);
      }
      const bar = Math.sqrt(share) * height;
      if (bar >= 1) context.fillRect(column, height - bar, 1, bar);
    }
  }

  #describe(): void {
    const first = this.#passages[0];
    const values = { count: this.#passages.length, time: first ? clock(first.start) : '' };
    this.#canvas.setAttribute('aria-label', this.#i18n.t(first ? 'practice.activityAlt' : 'practice.noVocals', values));
    this.#canvas.dataset.passages = this.#passages
      .map(({ start, end }) => `${start.toFixed(2)}-${end.toFixed(2)}`)
      .join(' ');
  }
}
