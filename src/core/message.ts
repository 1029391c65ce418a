import { errorsEn } from '../i18n/en/errors.ts';
import { fillIn } from './fill-in.ts';

type Table = typeof errorsEn;

/** Names an entry of i18n/en/errors.ts. */
export type MessageCode = keyof Table;

/** Names an entry that has a hint, too: what an error may be. */
export type ErrorCode = { [C in MessageCode]: Table[C] extends string ? never : C }[MessageCode];

/** What is filled into a text. A message is put into the language of the text around it. */
export type MessageValue = string | number | Message;
export type MessageValues = Readonly<Record<string, MessageValue>>;

/** Something to tell a person, in no language yet: plain data, which may be kept and sent between threads. */
export interface Message<C extends MessageCode = MessageCode> {
  readonly code: C;
  readonly values: MessageValues;
}

type TextOf<C extends MessageCode> = Table[C] extends { readonly message: infer M; readonly hint: infer H }
  ? M | H
  : Table[C];
type Places<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never;

/** The values that the text of a code needs. */
export type ValuesOf<C extends MessageCode> = Readonly<Record<Places<TextOf<C>>, MessageValue>>;

/** The arguments after a code: its values, where it needs any, and what else there is. */
export type Given<C extends MessageCode, Rest extends readonly unknown[] = []> = keyof ValuesOf<C> extends never
  ? [values?: Readonly<Record<string, never>>, ...rest: Rest]
  : [values: ValuesOf<C>, ...rest: Rest];

/** The texts of one language; i18n/ has one table for each. */
export type MessageTexts = Readonly<Record<MessageCode, string | { readonly message: string; readonly hint: string }>>;

/** A message by its code. */
export function message<C extends MessageCode>(code: C, ...[values = {}]: Given<C>): Message<C> {
  return { code, values };
}

/** A list as one message. */
export function listMessage([first, ...others]: readonly Message[]): Message {
  return others.length === 0 ? first : message('list', { first, rest: listMessage(others) });
}

/** What a message says. @param language tag of the language in which numbers are written; without it, plainly */
export function messageText({ code, values }: Message, texts: MessageTexts = errorsEn, language?: string): string {
  const text = texts[code];
  return fillIn(typeof text === 'string' ? text : text.message, inWords(values, texts, language), language);
}

/** What a person can do about an error. */
export function hintText(
  { code, values }: Message<ErrorCode>,
  texts: MessageTexts = errorsEn,
  language?: string,
): string {
  const text = texts[code];
  return typeof text === 'string' ? '' : fillIn(text.hint, inWords(values, texts, language), language);
}

/** Whether something is, or carries, a message: a code of the table and its values. */
export function isMessage(value: unknown): value is Message {
  const { code, values } = (value ?? {}) as Partial<Message>;
  return typeof code === 'string' && Object.hasOwn(errorsEn, code) && typeof values === 'object';
}

function inWords(values: MessageValues, texts: MessageTexts, language?: string): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'object' ? messageText(value, texts, language) : value,
    ]),
  );
}
