import type { I18n } from '../i18n/i18n.ts';
import type { Scope } from '../scope.ts';
import { cssGradient, magma, viridis } from './colour-maps.ts';
import { h, icon, setText } from './dom.ts';
import type { AxisKind } from './frequency-axis.ts';

const AXES: readonly AxisKind[] = ['linear', 'log', 'mel'];

/** What the tools above the pictures ask for. */
export interface ToolbarActions {
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
  readonly follow: (on: boolean) => void;
  readonly axis: (kind: AxisKind) => void;
}

/** Zoom, follow, the axis, and what the colours mean. */
export class ScoreToolbar {
  readonly element: HTMLElement;
  readonly #follow = h('input', { type: 'checkbox', class: 'visually-hidden' });
  readonly #out = h('button', { type: 'button', class: 'icon-button' }, icon('minus'));
  readonly #fit = h('button', { type: 'button', class: 'button small' });

  constructor(scope: Scope, i18n: I18n, axis: AxisKind, actions: ToolbarActions) {
    const zoomIn = h('button', { type: 'button', class: 'icon-button' }, icon('plus'));
    const followWord = h('span');
    const select = h('select', { class: 'quiet', id: 'axis' });
    const axisName = h('span', { class: 'name' });
    const options = AXES.map((kind) => h('option', { value: kind }));
    select.append(...options);
    select.value = axis;
    const legends = [legend(cssGradient(magma), '−80', '0'), legend(cssGradient(viridis), '0', '1')];
    scope.listen(zoomIn, 'click', () => actions.zoom(2));
    scope.listen(this.#out, 'click', () => actions.zoom(0.5));
    scope.listen(this.#fit, 'click', actions.fit);
    scope.listen(this.#follow, 'change', () => actions.follow(this.#follow.checked));
    scope.listen(select, 'change', () => actions.axis(select.value as AxisKind));
    i18n.bind(scope, () => {
      for (const [button, key] of [
        [zoomIn, 'score.zoomIn'],
        [this.#out, 'score.zoomOut'],
      ] as const) {
        button.setAttribute('aria-label', i18n.t(key));
        button.title = i18n.t(key);
      }
      setText(this.#fit, i18n.t('score.fit'));
      setText(followWord, i18n.t('score.follow'));
      setText(axisName, i18n.t('score.axis'));
      for (const [n, kind] of AXES.entries()) setText(options[n], i18n.t(`score.axis.${kind}`));
      setText(legends[0].name, i18n.t('score.legendLevel'));
      setText(legends[1].name, i18n.t('score.legendMask'));
    });
    this.element = h(
      'div',
      { class: 'score-tools' },
      h('div', { class: 'group' }, this.#out, zoomIn, this.#fit),
      h('label', { class: 'toggle' }, this.#follow, followWord),
      h('label', { class: 'axis-choice' }, axisName, select),
      h('div', { class: 'legends' }, ...legends.map((l) => l.element)),
    );
  }

  /** Shows how the view stands. */
  show(state: { readonly follows: boolean; readonly whole: boolean }): void {
    this.#follow.checked = state.follows;
    this.#out.disabled = state.whole;
    this.#fit.disabled = state.whole;
  }
}

function legend(gradient: string, low: string, high: string): { element: HTMLElement; name: HTMLElement } {
  const name = h('span', { class: 'name' });
  const bar = h('span', { class: 'ramp', 'aria-hidden': 'true' });
  bar.style.backgroundImage = gradient;
  return { element: h('div', { class: 'legend' }, name, h('span', {}, low), bar, h('span', {}, high)), name };
}
