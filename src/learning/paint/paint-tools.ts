import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningKey, LearningTexts } from '../texts.ts';
import { type BrushSettings, TOOLS, type Tool } from './brush.ts';

/** A slider with its name and its value in words. */
export function sliderField(
  scope: Scope,
  texts: LearningTexts,
  {
    id,
    key,
    min,
    max,
    step,
    value,
  }: Readonly<Record<'min' | 'max' | 'step' | 'value', number>> & {
    readonly id: string;
    readonly key: LearningKey;
  },
  say: (value: number) => string,
  onInput: (value: number) => void,
): { readonly element: HTMLElement; set(value: number): void } {
  const name = h('span');
  const output = h('output', { for: id });
  const range = h('input', { type: 'range', id, min, max, step, value });
  const show = () => {
    setText(output, say(Number(range.value)));
    range.setAttribute('aria-valuetext', say(Number(range.value)));
    range.style.setProperty('--part', String((Number(range.value) - min) / (max - min)));
  };
  scope.listen(range, 'input', () => {
    show();
    onInput(Number(range.value));
  });
  texts.bind(scope, () => {
    setText(name, texts.t(key));
    show();
  });
  return {
    element: h('label', { class: 'learn-field' }, h('span', {}, name, output), range),
    set(next) {
      range.value = String(next);
      show();
    },
  };
}

/** One of several, as a row of radio buttons. */
export function choiceField<T extends string>(
  scope: Scope,
  texts: LearningTexts,
  {
    name,
    label,
    options,
    value,
  }: {
    readonly name: string;
    readonly label: LearningKey;
    readonly options: Readonly<Record<T, LearningKey>>;
    readonly value: T;
  },
  onChange: (value: T) => void,
): HTMLFieldSetElement {
  const legend = h('legend', { class: 'visually-hidden' });
  const field = h('fieldset', { class: 'learn-choices' }, legend);
  for (const [option, key] of Object.entries<LearningKey>(options)) {
    const input = h('input', { type: 'radio', name, value: option, id: `${name}-${option}` });
    input.checked = option === value;
    const text = h('span');
    scope.listen(input, 'change', () => onChange(option as T));
    texts.bind(scope, () => setText(text, texts.t(key)));
    field.append(h('label', {}, input, text));
  }
  texts.bind(scope, () => setText(legend, texts.t(label)));
  return field;
}

/** A button with a text. */
export function textButton(
  scope: Scope,
  texts: LearningTexts,
  id: string,
  key: LearningKey,
  onClick: () => void,
): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'button small', id });
  scope.listen(button, 'click', onClick);
  texts.bind(scope, () => setText(button, texts.t(key)));
  return button;
}

/** Tool, size, feather and value. */
export class PaintTools {
  readonly element: HTMLElement;
  #settings: BrushSettings = { tool: 'brush', size: 14, feather: 0.5, value: 1 };

  constructor(scope: Scope, texts: LearningTexts) {
    const tool = choiceField<Tool>(
      scope,
      texts,
      {
        name: 'paint-tool',
        label: 'paint.tool',
        options: Object.fromEntries(TOOLS.map((one) => [one, `paint.tool.${one}`])) as Record<Tool, LearningKey>,
        value: this.#settings.tool,
      },
      (value) => this.#set({ tool: value }),
    );
    const percent = (value: number) => `${value} %`;
    const size = sliderField(
      scope,
      texts,
      { id: 'paint-size', key: 'paint.size', min: 2, max: 60, step: 1, value: 14 },
      (value) => texts.t('paint.pixels', { pixels: 2 * value }),
      (value) => this.#set({ size: value }),
    );
    const feather = sliderField(
      scope,
      texts,
      { id: 'paint-feather', key: 'paint.feather', min: 0, max: 100, step: 5, value: 50 },
      percent,
      (value) => this.#set({ feather: value / 100 }),
    );
    const value = sliderField(
      scope,
      texts,
      { id: 'paint-value', key: 'paint.value', min: 0, max: 100, step: 5, value: 100 },
      percent,
      (percents) => this.#set({ value: percents / 100 }),
    );
    this.element = h('div', { class: 'learn-tools' }, tool, size.element, feather.element, value.element);
  }

  get settings(): BrushSettings {
    return this.#settings;
  }

  #set(change: Partial<BrushSettings>): void {
    this.#settings = { ...this.#settings, ...change };
  }
}
