import { fillIn, type Values } from '../core/fill-in.ts';
import type { Message } from '../core/message.ts';
import type { Scope } from '../core/scope.ts';
import type { I18n, Language } from './i18n.ts';

/** The texts of a part of the page by language. What is not there yet is said in English. */
export type PartMessages<Key extends string> = {
  readonly [Tag in Language]?: Readonly<Record<Key, string>>;
} & { readonly en: Readonly<Record<Key, string>> };

/**
 * Texts of a part of the page that is loaded later, so that the first load does not carry them. They speak the page's
 * language and follow its switch.
 *
 * @example
 * const texts = new PartTexts(i18n, { en: learnEn, 'zh-CN': learnZhCN });
 * texts.bind(scope, () => setText(heading, texts.t('learn.title')));
 */
export class PartTexts<Key extends string> {
  readonly #i18n: I18n;
  readonly #messages: PartMessages<Key>;

  constructor(i18n: I18n, messages: PartMessages<Key>) {
    this.#i18n = i18n;
    this.#messages = messages;
  }

  /** Tag of the language spoken now. */
  get language(): Language {
    return this.#i18n.language;
  }

  /** The text of `key`, filled in; numbers as the language writes them. */
  t(key: Key, values?: Values): string {
    const { language } = this.#i18n;
    return fillIn((this.#messages[language] ?? this.#messages.en)[key], values, language);
  }

  /** What a message of the engine says. */
  message(message: Message): string {
    return this.#i18n.message(message);
  }

  /** What happened and what to do, of anything thrown. */
  error(error: unknown): { readonly message: string; readonly hint: string } {
    return this.#i18n.error(error);
  }

  /** Runs `update` now and at each change of language, until the scope ends. */
  bind(scope: Scope, update: () => void): void {
    this.#i18n.bind(scope, update);
  }
}
