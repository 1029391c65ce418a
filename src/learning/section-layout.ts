import type { Scope } from '../core/scope.ts';
import { h } from '../ui/shell/dom.ts';
import { type SourceName, sourceList } from './sources.ts';
import type { LearningKey, LearningTexts } from './texts.ts';
import { paragraphs, subheading } from './widgets/prose.ts';

/** What one part of a section explains, and what shows it. */
export interface SectionPart {
  /** Heading of the part. Default: none, as the section has a heading. */
  readonly title?: LearningKey;
  readonly text: readonly LearningKey[];
  readonly widget: HTMLElement;
}

/** A text, and what it is about: side by side where the page is wide, else the text above. */
export function sectionPart(scope: Scope, texts: LearningTexts, { title, text, widget }: SectionPart): HTMLElement {
  const explanation = h(
    'div',
    { class: 'learn-explanation' },
    ...(title ? [subheading(scope, texts, title)] : []),
    paragraphs(scope, texts, ...text),
  );
  return h('section', { class: 'learn-part' }, explanation, widget);
}

/** The parts of a section in their order, and at its end the sources. */
export function sectionBody(
  scope: Scope,
  texts: LearningTexts,
  parts: readonly HTMLElement[],
  sources: readonly SourceName[],
): HTMLElement {
  return h('div', { class: 'learn-body' }, ...parts, sourceList(scope, texts, ...sources));
}
