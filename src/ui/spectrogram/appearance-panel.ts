import { signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { h, setText } from '../shell/dom.ts';
import { COLOUR_MAP_NAMES, COLOUR_MAPS, type ColourMapName, cssGradient } from './colour-maps.ts';
import { DEFAULT_STYLE, RANGE_LIMITS, type SpectrogramStyle, withRange } from './spectrogram-style.ts';

const ENDS = ['floorDb', 'ceilingDb'] as const;
const LABELS = { floorDb: 'appearance.floor', ceilingDb: 'appearance.ceiling' } as const;

/** Chooses the colours of the spectrograms and the range of levels that they show. */
export class AppearancePanel {
  readonly element: HTMLElement;
  readonly #maps = h('select', { class: 'quiet', id: 'colour-map' });
  readonly #ramp = h('span', { class: 'ramp', 'aria-hidden': 'true' });
  readonly #ends = new Map<(typeof ENDS)[number], { readonly range: HTMLInputElement; readonly value: HTMLElement }>();
  readonly #change: (style: SpectrogramStyle) => void;
  #style: SpectrogramStyle;

  /** @param change Called with each chosen style. */
  constructor(scope: Scope, i18n: I18n, style: SpectrogramStyle, change: (style: SpectrogramStyle) => void) {
    this.#change = change;
    this.#style = style;
    const summary = h('summary');
    const mapName = h('span', { class: 'name' });
    const options = COLOUR_MAP_NAMES.map((name) => h('option', { value: name }));
    this.#maps.append(...options);
    const reset = h('button', { type: 'button', class: 'button small' });
    const sliders = ENDS.map((end) => this.#slider(scope, i18n, end));
    this.element = h(
      'details',
      { class: 'appearance', id: 'appearance' },
      summary,
      h(
        'div',
        { class: 'appearance-body' },
        h('label', { class: 'axis-choice' }, mapName, this.#maps, this.#ramp),
        ...sliders,
        reset,
      ),
    );
    scope.listen(this.#maps, 'change', () => this.#choose({ ...this.#style, map: this.#maps.value as ColourMapName }));
    scope.listen(reset, 'click', () => this.#choose({ ...DEFAULT_STYLE, axis: this.#style.axis }));
    i18n.bind(scope, () => {
      setText(summary, i18n.t('appearance.title'));
      setText(mapName, i18n.t('appearance.map'));
      setText(reset, i18n.t('appearance.reset'));
      for (const [n, name] of COLOUR_MAP_NAMES.entries()) setText(options[n], i18n.t(`appearance.map.${name}`));
    });
    this.show(style);
  }

  /** Shows a style. */
  show(style: SpectrogramStyle): void {
    this.#style = style;
    this.#maps.value = style.map;
    this.#ramp.style.backgroundImage = cssGradient(COLOUR_MAPS[style.map]);
    for (const end of ENDS) {
      const { range, value } = this.#ends.get(end) ?? {};
      const text = `${signed(style[end], 0)} dB`;
      if (range) {
        range.valueAsNumber = style[end];
        range.setAttribute('aria-valuetext', text);
        const { min, max } = RANGE_LIMITS[end];
        range.style.setProperty('--part', String((style[end] - min) / (max - min)));
      }
      if (value) setText(value, text);
    }
  }

  #slider(scope: Scope, i18n: I18n, end: (typeof ENDS)[number]): HTMLElement {
    const { min, max } = RANGE_LIMITS[end];
    const range = h('input', {
      type: 'range',
      id: `appearance-${end}`,
      min,
      max,
      step: 1,
      class: 'level-range',
    });
    const value = h('output', { for: range.id });
    const name = h('span', { class: 'name' });
    this.#ends.set(end, { range, value });
    scope.listen(range, 'input', () => this.#choose(withRange(this.#style, end, range.valueAsNumber)));
    i18n.bind(scope, () => setText(name, i18n.t(LABELS[end])));
    return h('label', { class: 'axis-choice' }, name, range, value);
  }

  #choose(style: SpectrogramStyle): void {
    this.show(style);
    this.#change(style);
  }
}
