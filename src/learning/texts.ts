import type { PartTexts } from '../i18n/part-texts.ts';
import { commonEn } from './en.ts';
import { insideEn } from './inside/en.ts';
import { insideZhCN } from './inside/zh-CN.ts';
import { maskEn } from './mask/en.ts';
import { maskZhCN } from './mask/zh-CN.ts';
import { mixEn } from './mix/en.ts';
import { mixZhCN } from './mix/zh-CN.ts';
import { paintEn } from './paint/en.ts';
import { paintZhCN } from './paint/zh-CN.ts';
import { soundEn } from './sound/en.ts';
import { soundZhCN } from './sound/zh-CN.ts';
import { trainEn } from './train/en.ts';
import { trainZhCN } from './train/zh-CN.ts';
import { commonZhCN } from './zh-CN.ts';

const en = { ...commonEn, ...soundEn, ...maskEn, ...paintEn, ...insideEn, ...mixEn, ...trainEn };

/** Key of a text of the learning page. */
export type LearningKey = keyof typeof en;

/** Every text of the learning page by its key. */
export type LearningMessages = Readonly<Record<LearningKey, string>>;

const zhCN: LearningMessages = {
  ...commonZhCN,
  ...soundZhCN,
  ...maskZhCN,
  ...paintZhCN,
  ...insideZhCN,
  ...mixZhCN,
  ...trainZhCN,
};

/** The learning page's texts in each language. They are loaded with the learning page. */
export const LEARNING_MESSAGES = { en: en as LearningMessages, 'zh-CN': zhCN } as const;

/** The learning page's texts in the current language. */
export type LearningTexts = PartTexts<LearningKey>;
