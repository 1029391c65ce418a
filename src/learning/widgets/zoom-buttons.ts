import type { LearnTexts } from '../../i18n/learn.ts';
import type { Scope } from '../../scope.ts';
import { h, type IconName, icon, setAttributes } from '../dom.ts';
import type { PictureLink } from './picture-link.ts';

/** Zooms linked pictures round the cursor, or their middle: for who has no wheel. */
export function zoomButtons(scope: Scope, texts: LearnTexts, link: PictureLink): HTMLElement {
  const button = (id: string, name: IconName, key: 'learn.zoomIn' | 'learn.zoomOut', factor: number) => {
    const element = h('button', { type: 'button', class: 'icon-button', id }, icon(name));
    texts.bind(scope, () => setAttributes(element, { 'aria-label': texts.t(key), title: texts.t(key) }));
    scope.listen(element, 'click', () => {
      const { view, cursor } = link;
      link.zoom(factor, cursor?.seconds ?? view.start + view.span / 2);
    });
    return element;
  };
  const out = button('learn-zoom-out', 'minus', 'learn.zoomOut', 0.5);
  return h('div', { class: 'learn-zoom' }, out, button('learn-zoom-in', 'plus', 'learn.zoomIn', 2));
}
