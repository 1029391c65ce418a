import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningKey, LearningTexts } from '../texts.ts';

/** Paragraphs of explanation. */
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
