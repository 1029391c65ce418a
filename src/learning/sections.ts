import type { MountSection } from './context.ts';
import type { LearningKey } from './texts.ts';

/** A section of the learning page. */
export interface LearningSection {
  /** The last part of its address: `sound` of `#/learn/sound`. */
  readonly id: string;
  /** Its heading. */
  readonly titleKey: LearningKey;
  /** Its name in the list of sections. */
  readonly shortKey: LearningKey;
  /** Whether it works with songs that are too long for memory. Default: false. */
  readonly showsLongSongs?: boolean;
  /** Loads its code, which is not loaded before somebody opens the section. */
  readonly load: () => Promise<{ readonly mount: MountSection }>;
}

/** The sections in their order; each builds on those before it. */
export const SECTIONS: readonly LearningSection[] = [
  {
    id: 'sound',
    titleKey: 'sound.title',
    shortKey: 'sound.short',
    load: () => import('./sound/sound-section.ts'),
  },
  {
    id: 'mask',
    titleKey: 'mask.title',
    shortKey: 'mask.short',
    load: () => import('./mask/mask-section.ts'),
  },
  {
    id: 'paint',
    titleKey: 'paint.title',
    shortKey: 'paint.short',
    showsLongSongs: true,
    load: () => import('./paint/paint-section.ts'),
  },
  {
    id: 'inside',
    titleKey: 'inside.title',
    shortKey: 'inside.short',
    load: () => import('./inside/inside-section.ts'),
  },
  {
    id: 'mix',
    titleKey: 'mix.title',
    shortKey: 'mix.short',
    load: () => import('./mix/mix-section.ts'),
  },
  {
    id: 'train',
    titleKey: 'train.title',
    shortKey: 'train.short',
    load: () => import('./train/train-section.ts'),
  },
];
