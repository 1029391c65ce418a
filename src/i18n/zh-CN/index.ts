import type { Messages } from '../en/index.ts';
import { models } from './models.ts';
import { player } from './player.ts';
import { shell } from './shell.ts';
import { songs } from './songs.ts';
import { timeline } from './timeline.ts';

/** 页面的全部文字，简体中文。 */
export const zhCN: Messages = { ...shell, ...player, ...timeline, ...models, ...songs };
