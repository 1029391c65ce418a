import type { MountSection } from './context.ts';
import type { LearningKey } from './texts.ts';

/** A section of the learning room. */
export interface LearningSection {
  /** The last part of its address: `#/learn/sound`. */
  readonly id: string;
  /** Its heading, and its name in the list of sections. */
  readonly titleKey: LearningKey;
  readonly shortKey: LearningKey;
  /** Loads its code: nothing of a section is there before somebody goes to it. */
  readonly load: () => Promise<{ readonly mount: MountSection }>;
}

/** The sections, in the order in which they follow from each other. */
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
