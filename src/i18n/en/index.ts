import { errorsEn } from './errors.ts';
import { models } from './models.ts';
import { player } from './player.ts';
import { shell } from './shell.ts';
import { songs } from './songs.ts';
import { timeline } from './timeline.ts';

/** English: the language whose keys are the type that every other language must cover. */
export const en = {
  /** Every text of the page. `{name}` is filled in by the caller. */
  page: { ...shell, ...player, ...timeline, ...models, ...songs },
  errors: errorsEn,
} as const;
