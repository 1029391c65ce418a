import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningKey, LearningTexts } from '../texts.ts';

export interface TextButtonOptions {
  readonly id: string;
  readonly label: LearningKey;
  readonly onClick: () => void;
  /** More classes beside `button`, such as `small` or `primary`. */
  readonly class?: string;
}

/** A button with a text. */
export function textButton(scope: Scope, texts: LearningTexts, options: TextButtonOptions): HTMLButtonElement {
  const { id, label, onClick } = options;
  const button = h('button', { type: 'button', class: `button ${options.class ?? ''}`.trim(), id });
  texts.bind(scope, () => setText(button, texts.t(label)));
  scope.listen(button, 'click', onClick);
  return button;
}

export interface FileButtonOptions extends Omit<TextButtonOptions, 'onClick'> {
  /** Id of the hidden file input. */
  readonly inputId: string;
  /** File types, as the `accept` attribute lists them. */
  readonly accept: string;
  readonly onFile: (file: File) => void;
}

/** A button that lets the person choose one file, and the hidden input that it opens. */
export function fileButton(
  scope: Scope,
  texts: LearningTexts,
  { inputId, accept, onFile, ...options }: FileButtonOptions,
): readonly [HTMLButtonElement, HTMLInputElement] {
  const input = h('input', { type: 'file', accept, id: inputId, hidden: true });
  scope.listen(input, 'change', () => {
    const file = input.files?.[0];
    // So that choosing the same file again is a change, too.
    input.value = '';
    if (file) onFile(file);
  });
  return [textButton(scope, texts, { ...options, onClick: () => input.click() }), input];
}
