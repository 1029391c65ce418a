import type { PartTexts } from '../i18n/part-texts.ts';
import { type LearningKey, type LearningMessages, learnEn } from './en.ts';
import { learnZhCN } from './zh-CN.ts';

/** The learning room's texts, loaded with it. */
export const LEARNING_MESSAGES = { en: learnEn as LearningMessages, 'zh-CN': learnZhCN } as const;

/** The learning room's texts in the language of the page. */
export type LearningTexts = PartTexts<LearningKey>;

export type { LearningKey, LearningMessages };
