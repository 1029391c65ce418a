import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningKey, LearningTexts } from '../texts.ts';

/** A slider over a list of values, or over numbers. */
export interface SliderOptions {
  readonly id: string;
  readonly label: LearningKey;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly value: number;
  /** The value as it is read: also what a screen reader says. */
  readonly text: (value: number) => string;
  /** While it moves. */
  readonly onInput: (value: number) => void;
}

/** A slider that can also be moved and read by code. */
export interface Slider {
  readonly element: HTMLElement;
  value: number;
  /** Writes its value anew. */
  refresh(): void;
}

/** A labelled slider with its value beside the label. */
export function slider(scope: Scope, texts: LearningTexts, options: SliderOptions): Slider {
  const { id, min, max, step = 1, value } = options;
  const name = h('span');
  const output = h('output', { for: id });
  const input = h('input', { type: 'range', id, min, max, step, value });
  const element = h('label', { class: 'learn-field', for: id }, h('span', {}, name, output), input);
  const refresh = () => {
    const text = options.text(input.valueAsNumber);
    setText(output, text);
    input.setAttribute('aria-valuetext', text);
  };
  scope.listen(input, 'input', () => {
    refresh();
    options.onInput(input.valueAsNumber);
  });
  texts.bind(scope, () => {
    setText(name, texts.t(options.label));
    refresh();
  });
  return {
    element,
    refresh,
    get value() {
      return input.valueAsNumber;
    },
    set value(next: number) {
      input.value = String(next);
      refresh();
    },
  };
}

/** One of a few. */
export interface ChoiceOptions<Value extends string> {
  /** The radio buttons' name; each has the id `name-value`. */
  readonly name: string;
  readonly label: LearningKey;
  readonly values: readonly Value[];
  readonly text: (value: Value) => LearningKey;
  readonly value: Value;
  readonly onChoose: (value: Value) => void;
}

/** Radio buttons in a row. */
export interface Choice<Value extends string> {
  readonly element: HTMLFieldSetElement;
  value: Value;
  enable(value: Value, on: boolean): void;
}

/** A group of radio buttons that look like a switch. */
export function choice<Value extends string>(
  scope: Scope,
  texts: LearningTexts,
  options: ChoiceOptions<Value>,
): Choice<Value> {
  const { name, values } = options;
  const inputs = new Map<Value, HTMLInputElement>();
  const element = h('fieldset', { class: 'learn-choices' });
  const legend = h('legend', { class: 'visually-hidden' });
  element.append(legend);
  for (const value of values) {
    const input = h('input', { type: 'radio', name, value, id: `${name}-${value}`, checked: value === options.value });
    const text = h('span');
    inputs.set(value, input);
    element.append(h('label', {}, input, text));
    scope.listen(input, 'change', () => options.onChoose(value));
    texts.bind(scope, () => setText(text, texts.t(options.text(value))));
  }
  texts.bind(scope, () => setText(legend, texts.t(options.label)));
  return {
    element,
    get value() {
      return values.find((value) => inputs.get(value)?.checked) ?? values[0];
    },
    set value(next: Value) {
      const input = inputs.get(next);
      if (input) input.checked = true;
    },
    enable(value, on) {
      const input = inputs.get(value);
      if (input) input.disabled = !on;
    },
  };
}

/** A button with a text of the room. */
export function textButton(
  scope: Scope,
  texts: LearningTexts,
  id: string,
  key: LearningKey,
  onClick: () => void,
): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'button', id });
  texts.bind(scope, () => setText(button, texts.t(key)));
  scope.listen(button, 'click', onClick);
  return button;
}

/** Paragraphs of a section's text. */
export function paragraphs(scope: Scope, texts: LearningTexts, ...keys: readonly LearningKey[]): HTMLElement {
  const element = h('div', { class: 'learn-text' });
  for (const key of keys) {
    const paragraph = h('p');
    texts.bind(scope, () => setText(paragraph, texts.t(key)));
    element.append(paragraph);
  }
  return element;
}

/** A heading within a section. */
export function subheading(scope: Scope, texts: LearningTexts, key: LearningKey): HTMLElement {
  const heading = h('h3');
  texts.bind(scope, () => setText(heading, texts.t(key)));
  return heading;
}
