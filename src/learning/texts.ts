import { learnEn } from './learn-en.ts';
import { learnZhCN } from './learn-zh-CN.ts';
import type { PartTexts } from './part-texts.ts';

/** Key of a text of the learning room. */
export type LearnKey = keyof typeof learnEn;

/** Every text of the learning room by its key. */
export type LearnMessages = Readonly<Record<LearnKey, string>>;

/** The learning room's texts, loaded with it. */
export const LEARN_MESSAGES = { en: learnEn as LearnMessages, 'zh-CN': learnZhCN } as const;

/** The learning room's texts in the language of the page. */
export type LearnTexts = PartTexts<LearnKey>;
