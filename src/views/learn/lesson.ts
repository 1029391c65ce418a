import type { LearnKey, LearnTexts } from '../../i18n/learn.ts';
import type { Scope } from '../../scope.ts';
import { h, setText } from '../dom.ts';

/** A work that a section's sentences rest on. */
export interface Source {
  readonly title: string;
  readonly href: string;
}

/** The network: Jansson, Humphrey, Montecchio, Bittner, Kumar, Weyde. */
export const JANSSON_2017: Source = {
  title: 'Jansson et al., “Singing Voice Separation with Deep U-Net Convolutional Networks”, ISMIR 2017',
  href: 'https://archives.ismir.net/ismir2017/paper/000171.pdf',
};

/** The U-Net's origin: Ronneberger, Fischer, Brox. */
export const RONNEBERGER_2015: Source = {
  title: 'Ronneberger et al., “U-Net: Convolutional Networks for Biomedical Image Segmentation”, 2015',
  href: 'https://arxiv.org/abs/1505.04597',
};

/** Receptive fields: Luo, Li, Urtasun, Zemel. */
export const LUO_2016: Source = {
  title: 'Luo et al., “Understanding the Effective Receptive Field in Deep Convolutional Neural Networks”, 2016',
  href: 'https://arxiv.org/abs/1701.04128',
};

/** A section's sentences, and what they rest on. */
export function lesson(
  scope: Scope,
  texts: LearnTexts,
  paragraphs: readonly LearnKey[],
  sources: readonly Source[],
): HTMLElement {
  const element = h('div', { class: 'learn-text' });
  for (const key of paragraphs) {
    const paragraph = h('p');
    texts.bind(scope, () => setText(paragraph, texts.t(key)));
    element.append(paragraph);
  }
  const label = h('span');
  const list = h('p', { class: 'learn-sources' }, label, ' ');
  texts.bind(scope, () => setText(label, `${texts.t('learn.sources')}:`));
  sources.forEach(({ title, href }, n) => {
    list.append(...(n > 0 ? ['; '] : []), h('a', { href, rel: 'noreferrer', target: '_blank' }, title));
  });
  element.append(list);
  return element;
}
