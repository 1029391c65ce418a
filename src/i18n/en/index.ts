import { models } from './models.ts';
import { player } from './player.ts';
import { shell } from './shell.ts';
import { songs } from './songs.ts';
import { timeline } from './timeline.ts';

/**
 * Every text of the page, in English. `{name}` is filled in by the caller. The keys are the type that the other
 * languages must cover; see i18n.ts.
 */
export const en = { ...shell, ...player, ...timeline, ...models, ...songs } as const;

/** A text of the page. */
export type MessageKey = keyof typeof en;

/** A language: every key, each with the same places to fill in. */
export type Messages = Readonly<Record<MessageKey, string>>;
