import { h } from '../../ui/shell/dom.ts';
import { drawFrequencyAxis, drawTimeRuler } from '../../ui/spectrogram/axes.ts';
import type { FrequencyAxis } from '../../ui/spectrogram/frequency-axis.ts';
import { unitOfTime, type Viewport } from '../../ui/timeline/viewport.ts';

/** What surrounds a spectrogram: a frequency axis, a time ruler, a playhead and a caption. */
export class SpectrogramFrame {
  readonly element: HTMLElement;
  readonly caption = h('figcaption');
  /** Holds the spectrogram, with the playhead over it. */
  readonly stage: HTMLElement;
  readonly #gutter = h('div', { class: 'spectrogram-gutter', 'aria-hidden': 'true' });
  readonly #ruler = h('div', { class: 'spectrogram-ruler', 'aria-hidden': 'true' });
  readonly #playhead = h('div', { class: 'spectrogram-cursor playhead-line', hidden: true });

  constructor(...layers: readonly Element[]) {
    this.stage = h('div', { class: 'spectrogram-stage' }, ...layers, this.#playhead);
    this.element = h('figure', { class: 'spectrogram-frame' }, this.caption, this.#gutter, this.stage, this.#ruler);
  }

  /** Labels both axes. */
  showAxes(axis: FrequencyAxis, view: Viewport): void {
    const { clientWidth, clientHeight } = this.stage;
    drawFrequencyAxis(this.#gutter, axis, clientHeight);
    drawTimeRuler(this.#ruler, view, clientWidth);
  }

  /** Moves the playhead; undefined, or outside the view: hides it. */
  movePlayhead(view: Viewport, seconds: number | undefined): void {
    const unit = seconds === undefined ? -1 : unitOfTime(view, seconds);
    this.#playhead.hidden = unit < 0 || unit > 1;
    this.#playhead.style.left = `${100 * unit}%`;
  }
}
