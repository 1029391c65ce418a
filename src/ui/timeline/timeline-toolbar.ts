import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { h, icon, setAvailable, setText } from '../shell/dom.ts';
import { AppearancePanel } from '../spectrogram/appearance-panel.ts';
import type { AxisKind } from '../spectrogram/frequency-axis.ts';
import type { SpectrogramLayout } from '../spectrogram/spectrogram-layout.ts';
import type { SpectrogramStyle } from '../spectrogram/spectrogram-style.ts';

const AXES: readonly AxisKind[] = ['linear', 'log', 'mel'];

/** What the tools above the spectrograms ask for. */
export interface ToolbarActions {
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
  readonly follow: (on: boolean) => void;
  /** Whether drags on the spectrograms draw a region; `keyboard`: a key asked for it. */
  readonly select: (on: boolean, keyboard: boolean) => void;
  readonly style: (style: SpectrogramStyle) => void;
}

/** What the tools show at first. */
export interface ToolbarState {
  readonly style: SpectrogramStyle;
  readonly layout: SpectrogramLayout;
}

/** Zoom, follow, frequency axis and appearance. */
export class TimelineToolbar {
  readonly element: HTMLElement;
  readonly #follow = h('input', { type: 'checkbox', class: 'visually-hidden' });
  readonly #out = h('button', { type: 'button', class: 'icon-button' }, icon('minus'));
  readonly #fit = h('button', { type: 'button', class: 'button small' });
  readonly #select = h('button', { type: 'button', class: 'button small', id: 'select', 'aria-pressed': 'false' });
  readonly #axes = h('select', { class: 'quiet', id: 'axis' });
  #style: SpectrogramStyle;
  #shown: { readonly follows: boolean; readonly whole: boolean } | undefined;
  readonly #appearance: AppearancePanel;

  constructor(scope: Scope, i18n: I18n, { style, layout }: ToolbarState, actions: ToolbarActions) {
    const zoomIn = h('button', { type: 'button', class: 'icon-button' }, icon('plus'));
    const followWord = h('span');
    const select = this.#select;
    const axes = this.#axes;
    const axisName = h('span', { class: 'name' });
    const options = AXES.map((kind) => h('option', { value: kind }));
    axes.append(...options);
    this.#style = style;
    axes.value = style.axis;
    const choose = (next: SpectrogramStyle) => {
      this.style = next;
      actions.style(next);
    };
    this.#appearance = new AppearancePanel(scope, i18n, { style, layout, change: choose });
    scope.listen(zoomIn, 'click', () => actions.zoom(2));
    scope.listen(this.#out, 'click', () => actions.zoom(0.5));
    scope.listen(this.#fit, 'click', actions.fit);
    scope.listen(this.#follow, 'change', () => {
      this.#shown = undefined;
      actions.follow(this.#follow.checked);
    });
    scope.listen(axes, 'change', () => choose({ ...this.#style, axis: axes.value as AxisKind }));
    scope.listen(select, 'click', (event) => {
      const on = select.getAttribute('aria-pressed') !== 'true';
      this.selects = on;
      // A click by keyboard has detail 0.
      actions.select(on, event.detail === 0);
    });
    i18n.bind(scope, () => {
      for (const [button, key] of [
        [zoomIn, 'timeline.zoomIn'],
        [this.#out, 'timeline.zoomOut'],
      ] as const) {
        button.setAttribute('aria-label', i18n.t(key));
        button.title = i18n.t(key);
      }
      setText(this.#fit, i18n.t('timeline.fit'));
      setText(followWord, i18n.t('timeline.follow'));
      setText(select, i18n.t('region.select'));
      setText(axisName, i18n.t('spectrogram.axis'));
      for (const [n, kind] of AXES.entries()) setText(options[n], i18n.t(`spectrogram.axis.${kind}`));
    });
    this.element = h(
      'div',
      { class: 'timeline-tools' },
      h('div', { class: 'group' }, this.#out, zoomIn, this.#fit),
      h('label', { class: 'toggle' }, this.#follow, followWord),
      select,
      h('label', { class: 'axis-choice' }, axisName, axes),
      this.#appearance.button,
      this.#appearance.element,
    );
  }

  /** Shows another appearance. */
  set style(style: SpectrogramStyle) {
    this.#style = style;
    this.#axes.value = style.axis;
    this.#appearance.show(style);
  }

  /** Shows whether drags on the spectrograms draw a region. */
  set selects(on: boolean) {
    this.#select.setAttribute('aria-pressed', String(on));
  }

  /** Shows the state of the view. */
  show(state: { readonly follows: boolean; readonly whole: boolean }): void {
    // Called in every frame.
    if (state.follows === this.#shown?.follows && state.whole === this.#shown.whole) return;
    this.#shown = state;
    this.#follow.checked = state.follows;
    setAvailable(this.#out, !state.whole);
    setAvailable(this.#fit, !state.whole);
  }
}
