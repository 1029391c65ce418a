import type { MessageTexts } from '../core/message.ts';
import type { en } from './en/index.ts';

/** Names a text of the page. */
export type MessageKey = keyof typeof en.page;

/** The texts of the page in one language. */
export type Messages = Readonly<Record<MessageKey, string>>;

/** A language: its name in itself, the direction of its writing, and its texts. */
export interface LanguageTexts {
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  readonly page: Messages;
  readonly errors: MessageTexts;
}
