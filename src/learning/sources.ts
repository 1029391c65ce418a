import type { Scope } from '../core/scope.ts';
import { h, setText } from '../ui/shell/dom.ts';
import type { LearningTexts } from './texts.ts';

/** What the texts are based on: titles as their authors wrote them, in every language. */
const SOURCES = {
  jansson: {
    href: 'https://archives.ismir.net/ismir2017/paper/000171.pdf',
    name: 'Jansson, Humphrey, Montecchio, Bittner, Kumar & Weyde: Singing Voice Separation with Deep U-Net Convolutional Networks. ISMIR 2017',
  },
  hennequin: {
    href: 'https://doi.org/10.21105/joss.02154',
    name: 'Hennequin, Khlif, Voituret & Moussallam: Spleeter: a fast and efficient music source separation tool with pre-trained models. JOSS 5 (50), 2020',
  },
  chainer: {
    href: 'https://github.com/Xiao-Ming/UNet-VocalSeparation-Chainer',
    name: 'Xiao-Ming: UNet-VocalSeparation-Chainer. 2017',
  },
  tensorflow: {
    href: 'https://github.com/Jeongseungwoo/Singing-Voice-Separation',
    name: 'Jeongseungwoo: Singing-Voice-Separation. 2018',
  },
  /** The address of the post itself has changed before. The address of the blog, which lists it, stays. */
  post: { href: 'https://antkillerfarm.github.io/', name: 'antkillerfarm: 语义分割进阶, 《U-NET的另类用法》' },
  griffinLim: {
    href: 'https://doi.org/10.1109/TASSP.1984.1164317',
    name: 'Griffin & Lim: Signal Estimation from Modified Short-Time Fourier Transform. IEEE Trans. ASSP 32 (2), 1984',
  },
  ronneberger: {
    href: 'https://doi.org/10.1007/978-3-319-24574-4_28',
    name: 'Ronneberger, Fischer & Brox: U-Net: Convolutional Networks for Biomedical Image Segmentation. MICCAI 2015',
  },
  luo: {
    href: 'https://arxiv.org/abs/1701.04128',
    name: 'Luo, Li, Urtasun & Zemel: Understanding the Effective Receptive Field in Deep Convolutional Neural Networks. NIPS 2016',
  },
  vincent: {
    href: 'https://doi.org/10.1109/TSA.2005.858005',
    name: 'Vincent, Gribonval & Févotte: Performance Measurement in Blind Audio Source Separation. IEEE Trans. ASLP 14 (4), 2006',
  },
  wang: {
    href: 'https://doi.org/10.1007/0-387-22794-6_12',
    name: 'Wang: On Ideal Binary Mask as the Computational Goal of Auditory Scene Analysis. 2005',
  },
} as const;

export type SourceName = keyof typeof SOURCES;

/** The sources of a section, as links to read on. The page itself fetches nothing from there. */
export function sourceList(scope: Scope, texts: LearningTexts, ...names: readonly SourceName[]): HTMLElement {
  const label = h('strong');
  const list = h('p', { class: 'learn-sources' }, label, ' ');
  names.forEach((key, index) => {
    const { href, name } = SOURCES[key];
    if (index > 0) list.append(' · ');
    list.append(h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, name));
  });
  texts.bind(scope, () => setText(label, texts.t('learn.sources')));
  return list;
}
