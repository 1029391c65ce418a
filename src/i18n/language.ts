import type { MessageTexts } from '../core/message.ts';
import type { en } from './en/index.ts';

/** Names a text of the page. */
export type MessageKey = keyof typeof en.page;

/** The texts of the page in one language. */
export type Messages = Readonly<Record<MessageKey, string>>;

/** The texts of one language. */
export interface LanguageTexts {
  readonly page: Messages;
  readonly errors: MessageTexts;
}
