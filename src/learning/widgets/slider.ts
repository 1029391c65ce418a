import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningKey, LearningTexts } from '../texts.ts';

/** A slider over a range of numbers. */
export interface SliderOptions {
  readonly id: string;
  readonly label: LearningKey;
  readonly min: number;
  readonly max: number;
  /** Default: 1. */
  readonly step?: number;
  readonly value: number;
  /** The value as text, shown beside the label and read out by a screen reader. */
  readonly text: (value: number) => string;
  /** Called while the slider moves. */
  readonly onInput: (value: number) => void;
}

/** A slider that code can read and move, too. */
export interface Slider {
  readonly element: HTMLElement;
  value: number;
  /** Writes the value's text again. */
  refresh(): void;
}

/** A labelled slider. Its value stands beside the label. */
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
    input.style.setProperty('--part', String((input.valueAsNumber - min) / (max - min)));
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
