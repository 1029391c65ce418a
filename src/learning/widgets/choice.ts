import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningKey, LearningTexts } from '../texts.ts';

/** One of a few values. */
export interface ChoiceOptions<Value extends string> {
  /** Name of the radio buttons. The id of each is `name-value`. */
  readonly name: string;
  readonly label: LearningKey;
  readonly values: readonly Value[];
  readonly text: (value: Value) => LearningKey;
  readonly value: Value;
  /** Whether all texts are so short that they fit into one line on a phone. Default: false. */
  readonly narrow?: boolean;
  readonly onChoose: (value: Value) => void;
}

/** A row of radio buttons. */
export interface Choice<Value extends string> {
  readonly element: HTMLFieldSetElement;
  enable(value: Value, enabled: boolean): void;
}

/** A group of radio buttons that looks like a switch. */
export function choice<Value extends string>(
  scope: Scope,
  texts: LearningTexts,
  options: ChoiceOptions<Value>,
): Choice<Value> {
  const { name, values } = options;
  const inputs = new Map<Value, HTMLInputElement>();
  const legend = h('legend', { class: 'visually-hidden' });
  const element = h('fieldset', { class: options.narrow ? 'learn-choices narrow' : 'learn-choices' }, legend);
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
    enable(value, enabled) {
      const input = inputs.get(value);
      if (input) input.disabled = !enabled;
    },
  };
}

const AXES = ['linear', 'log', 'mel'] as const;

/** The choice of a frequency axis. */
export function axisChoice(
  scope: Scope,
  texts: LearningTexts,
  name: string,
  { value, onChoose }: Pick<ChoiceOptions<(typeof AXES)[number]>, 'value' | 'onChoose'>,
): HTMLElement {
  const text = (kind: (typeof AXES)[number]) => `learn.axis.${kind}` as const;
  return choice(scope, texts, { name, label: 'learn.axis', values: AXES, text, value, onChoose }).element;
}

/** The choice between vocals and accompaniment. */
export function partChoice(
  scope: Scope,
  texts: LearningTexts,
  name: string,
  onChoose: (part: 'vocals' | 'accompaniment') => void,
): HTMLElement {
  const values = ['vocals', 'accompaniment'] as const;
  const text = (part: (typeof values)[number]) => `learn.${part}` as const;
  return choice(scope, texts, { name, label: 'learn.part', values, text, value: 'vocals', onChoose }).element;
}
