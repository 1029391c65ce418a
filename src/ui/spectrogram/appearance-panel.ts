import { signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { h, setText } from '../shell/dom.ts';
import { bindPopover } from '../shell/popover.ts';
import { COLOUR_MAP_NAMES, COLOUR_MAPS, type ColourMapName, cssGradient } from './colour-maps.ts';
import { SPECTROGRAM_KINDS, type SpectrogramKind } from './spectrogram-image.ts';
import type { SpectrogramLayout } from './spectrogram-layout.ts';
import { DEFAULT_STYLE, RANGE_LIMITS, type SpectrogramStyle, withRange } from './spectrogram-style.ts';

const ENDS = ['floorDb', 'ceilingDb'] as const;
const LABELS = { floorDb: 'appearance.floor', ceilingDb: 'appearance.ceiling' } as const;

/** What the panel works with. */
export interface AppearanceOptions {
  /** The style at first. */
  readonly style: SpectrogramStyle;
  readonly layout: SpectrogramLayout;
  /** Called with each chosen style. */
  readonly change: (style: SpectrogramStyle) => void;
}

/** Chooses which spectrograms are shown, their colours, and the range of levels: a button, and what it opens. */
export class AppearancePanel {
  readonly button = h('button', { type: 'button', class: 'button small', id: 'appearance-open' });
  readonly element: HTMLElement;
  readonly #maps = h('select', { class: 'quiet', id: 'colour-map' });
  readonly #dim = h('input', { type: 'checkbox', id: 'dim-mask' });
  readonly #ramp = h('span', { class: 'ramp', 'aria-hidden': 'true' });
  readonly #ends = new Map<(typeof ENDS)[number], { readonly range: HTMLInputElement; readonly value: HTMLElement }>();
  readonly #change: (style: SpectrogramStyle) => void;
  #style: SpectrogramStyle;

  constructor(scope: Scope, i18n: I18n, { style, layout, change }: AppearanceOptions) {
    this.#change = change;
    this.#style = style;
    const dimWord = h('span');
    const mapName = h('span', { class: 'name' });
    const options = COLOUR_MAP_NAMES.map((name) => h('option', { value: name }));
    this.#maps.append(...options);
    const reset = h('button', { type: 'button', class: 'button small' });
    const sliders = ENDS.map((end) => this.#slider(scope, i18n, end));
    this.element = h(
      'div',
      { class: 'appearance popover card', id: 'appearance', role: 'group' },
      h('div', { class: 'shown-kinds' }, ...SPECTROGRAM_KINDS.map((kind) => shownBox(scope, i18n, layout, kind))),
      h('label', { class: 'axis-choice' }, mapName, this.#maps, this.#ramp),
      ...sliders,
      h('label', { class: 'check' }, this.#dim, dimWord),
      reset,
    );
    scope.listen(this.#dim, 'change', () => this.#choose({ ...this.#style, dimMask: this.#dim.checked }));
    bindPopover(scope, this.button, this.element, 'left');
    scope.listen(this.#maps, 'change', () => this.#choose({ ...this.#style, map: this.#maps.value as ColourMapName }));
    scope.listen(reset, 'click', () => this.#choose({ ...DEFAULT_STYLE, axis: this.#style.axis }));
    i18n.bind(scope, () => {
      setText(this.button, i18n.t('appearance.title'));
      this.element.setAttribute('aria-label', i18n.t('appearance.title'));
      setText(dimWord, i18n.t('appearance.dimMask'));
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
    this.#dim.checked = style.dimMask;
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

/** Shows and hides a kind of spectrogram. */
function shownBox(scope: Scope, i18n: I18n, layout: SpectrogramLayout, kind: SpectrogramKind): HTMLElement {
  const box = h('input', { type: 'checkbox' });
  const word = h('span');
  const show = () => {
    box.checked = layout.shown.includes(kind);
    // The last one stays.
    box.disabled = box.checked && layout.shown.length === 1;
  };
  show();
  scope.add(layout.on('change', show));
  scope.listen(box, 'change', () => layout.show(kind, box.checked));
  i18n.bind(scope, () => setText(word, i18n.t(`spectrogram.${kind}`)));
  return h('label', { class: 'check' }, box, word);
}
