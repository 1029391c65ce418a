import type { Scope } from '../../core/scope.ts';
import { h, type IconName, icon, setAttributes } from '../../ui/shell/dom.ts';
import type { LearningTexts } from '../texts.ts';
import type { SpectrogramLink } from './spectrogram-link.ts';

/** Buttons that zoom linked spectrograms, for a person without a wheel. */
export function zoomButtons(scope: Scope, texts: LearningTexts, link: SpectrogramLink): HTMLElement {
  const button = (id: string, name: IconName, key: 'learn.zoomIn' | 'learn.zoomOut', factor: number) => {
    const element = h('button', { type: 'button', class: 'icon-button', id }, icon(name));
    texts.bind(scope, () => setAttributes(element, { 'aria-label': texts.t(key), title: texts.t(key) }));
    scope.listen(element, 'click', () => link.zoomAtCursor(factor));
    return element;
  };
  const out = button('learn-zoom-out', 'minus', 'learn.zoomOut', 0.5);
  return h('div', { class: 'learn-zoom' }, out, button('learn-zoom-in', 'plus', 'learn.zoomIn', 2));
}
