import type { LanguageTexts } from '../language.ts';
import { errorsZhCN } from './errors.ts';
import { models } from './models.ts';
import { player } from './player.ts';
import { shell } from './shell.ts';
import { songs } from './songs.ts';
import { timeline } from './timeline.ts';

/** 简体中文。 */
export const zhCN: LanguageTexts = {
  page: { ...shell, ...player, ...timeline, ...models, ...songs },
  errors: errorsZhCN,
};
