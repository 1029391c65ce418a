import type { Scope } from '../core/scope.ts';
import { h, setText } from '../ui/shell/dom.ts';
import { learnHref } from '../ui/shell/route.ts';
import { type LearningSection, SECTIONS } from './sections.ts';
import type { LearningTexts } from './texts.ts';

/** Links to all sections, and each link by the id of its section. */
export function sectionLinks(
  scope: Scope,
  texts: LearningTexts,
): { readonly element: HTMLElement; readonly links: ReadonlyMap<string, HTMLAnchorElement> } {
  const links = new Map<string, HTMLAnchorElement>();
  const list = h('ol', { class: 'learn-sections' });
  const element = h('nav', {}, list);
  for (const section of SECTIONS) {
    const link = h('a', { href: learnHref(section.id) });
    links.set(section.id, link);
    list.append(h('li', {}, link));
    texts.bind(scope, () => setText(link, texts.t(section.shortKey)));
  }
  texts.bind(scope, () => element.setAttribute('aria-label', texts.t('learn.sections')));
  return { element, links };
}

/** Links to the section before and the section after. */
export function neighbourLinks(scope: Scope, texts: LearningTexts, section: LearningSection): HTMLElement {
  const at = SECTIONS.indexOf(section);
  const element = h('p', { class: 'learn-neighbours' });
  for (const [key, other] of [
    ['learn.previous', SECTIONS[at - 1]],
    ['learn.next', SECTIONS[at + 1]],
  ] as const) {
    if (!other) continue;
    const link = h('a', { class: 'button', href: learnHref(other.id) });
    texts.bind(scope, () => setText(link, texts.t(key, { title: texts.t(other.shortKey) })));
    element.append(link);
  }
  return element;
}
