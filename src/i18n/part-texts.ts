import type { Scope } from '../core/scope.ts';
import { fillIn, type I18n, type Language, type Values } from './i18n.ts';

/** The texts of a part of the page in each of its languages. */
export type PartMessages<Key extends string> = Readonly<Record<Language, Readonly<Record<Key, string>>>>;

/**
 * Texts of a part of the page that is loaded later, so that the first load does not carry them. They speak the page's
 * language and follow its switch.
 *
 * @example
 * const texts = new PartTexts(i18n, LEARN_MESSAGES);
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
    return fillIn(this.#messages[this.#i18n.language][key], values, this.#i18n.language);
  }

  /** Runs `update` now and at each change of language, until the scope ends. */
  bind(scope: Scope, update: () => void): void {
    this.#i18n.bind(scope, update);
  }
}
