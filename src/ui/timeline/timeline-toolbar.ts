import { signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { h, icon, setAvailable, setText } from '../shell/dom.ts';
import { AppearancePanel } from '../spectrogram/appearance-panel.ts';
import { cssGradient } from '../spectrogram/colour-maps.ts';
import type { AxisKind } from '../spectrogram/frequency-axis.ts';
import { DIFFERENCE_DB, type SpectrogramKind } from '../spectrogram/spectrogram-image.ts';
import { colourMapOf, type SpectrogramStyle } from '../spectrogram/spectrogram-style.ts';

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

/** Zoom, follow, frequency axis, legends and appearance. */
export class TimelineToolbar {
  readonly element: HTMLElement;
  readonly #follow = h('input', { type: 'checkbox', class: 'visually-hidden' });
  readonly #out = h('button', { type: 'button', class: 'icon-button' }, icon('minus'));
  readonly #fit = h('button', { type: 'button', class: 'button small' });

  #shown: { readonly follows: boolean; readonly whole: boolean } | undefined;
  readonly #appearance: AppearancePanel;
  readonly #legends: readonly Legend[] = LEGENDS.map(legend);

  constructor(scope: Scope, i18n: I18n, style: SpectrogramStyle, actions: ToolbarActions) {
    const zoomIn = h('button', { type: 'button', class: 'icon-button' }, icon('plus'));
    const followWord = h('span');
    const select = h('button', { type: 'button', class: 'button small', id: 'select', 'aria-pressed': 'false' });
    const axes = h('select', { class: 'quiet', id: 'axis' });
    const axisName = h('span', { class: 'name' });
    const options = AXES.map((kind) => h('option', { value: kind }));
    axes.append(...options);
    axes.value = style.axis;
    let chosen = style;
    const choose = (next: SpectrogramStyle) => {
      chosen = next;
      this.#showStyle(next);
      actions.style(next);
    };
    this.#appearance = new AppearancePanel(scope, i18n, style, choose);
    this.#showStyle(style);
    scope.listen(zoomIn, 'click', () => actions.zoom(2));
    scope.listen(this.#out, 'click', () => actions.zoom(0.5));
    scope.listen(this.#fit, 'click', actions.fit);
    scope.listen(this.#follow, 'change', () => {
      this.#shown = undefined;
      actions.follow(this.#follow.checked);
    });
    scope.listen(axes, 'change', () => choose({ ...chosen, axis: axes.value as AxisKind }));
    scope.listen(select, 'click', (event) => {
      const on = select.getAttribute('aria-pressed') !== 'true';
      select.setAttribute('aria-pressed', String(on));
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
      for (const { name, text } of this.#legends) setText(name, i18n.t(text));
    });
    this.element = h(
      'div',
      { class: 'timeline-tools' },
      h('div', { class: 'group' }, this.#out, zoomIn, this.#fit),
      h('label', { class: 'toggle' }, this.#follow, followWord),
      select,
      h('label', { class: 'axis-choice' }, axisName, axes),
      h('div', { class: 'legends' }, ...this.#legends.map((l) => l.element)),
      this.#appearance.element,
    );
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

  #showStyle(style: SpectrogramStyle): void {
    this.#appearance.show(style);
    for (const { kind, ramp, low, high } of this.#legends) {
      ramp.style.backgroundImage = cssGradient(colourMapOf(kind, style));
      if (kind !== 'mixture') continue;
      setText(low, signed(style.floorDb, 0));
      setText(high, signed(style.ceilingDb, 0));
    }
  }
}

interface Legend {
  readonly element: HTMLElement;
  readonly kind: SpectrogramKind;
  readonly text: 'spectrogram.legendLevel' | 'spectrogram.legendMask' | 'spectrogram.legendDifference';
  readonly name: HTMLElement;
  readonly ramp: HTMLElement;
  readonly low: HTMLElement;
  readonly high: HTMLElement;
}

const LEGENDS = [
  ['mixture', 'spectrogram.legendLevel', '', ''],
  ['mask', 'spectrogram.legendMask', '0', '1'],
  ['difference', 'spectrogram.legendDifference', signed(-DIFFERENCE_DB, 0), `+${DIFFERENCE_DB}`],
] as const;

function legend([kind, text, min, max]: (typeof LEGENDS)[number]): Legend {
  const name = h('span', { class: 'name' });
  const ramp = h('span', { class: 'ramp', 'aria-hidden': 'true' });
  const low = h('span', {}, min);
  const high = h('span', {}, max);
  return { element: h('div', { class: 'legend' }, name, low, ramp, high), kind, text, name, ramp, low, high };
}
