import { messageOf } from '../core/errors.ts';
import { fillIn, type Values } from '../core/fill-in.ts';
import { type ErrorCode, hintText, isMessage, type Message, messageText } from '../core/message.ts';
import type { Scope } from '../core/scope.ts';
import { en } from './en/index.ts';
import type { LanguageTexts, MessageKey } from './language.ts';
import { zhCN } from './zh-CN/index.ts';

/**
 * The languages of the page, by their BCP 47 tags. To add one, copy the folder en/, translate it, and add a line here;
 * the page then offers it. Texts that load later (the learning sections') are tables by tag beside their section, and
 * the player element's are in package/player-messages.ts: each speaks English until it has the language, too, and
 * tests/i18n names what is missing.
 */
const TEXTS = {
  en,
  'zh-CN': zhCN,
} as const satisfies Readonly<Record<string, LanguageTexts>>;

/** Tag of a language that the page speaks. */
export type Language = keyof typeof TEXTS;

export const LANGUAGES: Readonly<Record<Language, LanguageTexts>> = TEXTS;
const TAGS = Object.keys(TEXTS) as Language[];

/**
 * The first of the wished-for tags that the page speaks, by primary language: who reads any Chinese gets the simplified
 * script rather than another language. English if there is none.
 */
export function pickLanguage(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const found = TAGS.find((tag) => primaryOf(tag) === primaryOf(wish));
    if (found) return found;
  }
  return 'en';
}

/** “zh” of “zh-Hant-HK”. */
function primaryOf(tag: string): string {
  return tag.toLowerCase().split('-')[0];
}

/**
 * The page's language. Texts are bound to elements once and follow the switch.
 *
 * @example
 * const i18n = new I18n('en');
 * i18n.bind(scope, () => { button.textContent = i18n.t('player.play'); });
 * i18n.language = 'zh-CN'; // the button says 播放
 */
export class I18n {
  #language: Language;
  readonly #bound = new Set<() => void>();

  constructor(language: Language) {
    this.#language = language;
  }

  /** Tag of the language spoken now. */
  get language(): Language {
    return this.#language;
  }

  set language(language: Language) {
    if (language === this.#language) return;
    this.#language = language;
    for (const update of this.#bound) update();
  }

  /** The text of `key`, filled in; numbers as the language writes them. */
  t(key: MessageKey, values?: Values): string {
    return fillIn(LANGUAGES[this.#language].page[key], values, this.#language);
  }

  /** What a message of the engine says: a note, a reason, a fault. */
  message(message: Message): string {
    return messageText(message, LANGUAGES[this.#language].errors, this.#language);
  }

  /**
   * What happened and what to do, of anything thrown, or of an error's message. What the page did not expect is said as
   * such, with its own words beside.
   */
  error(error: unknown): { readonly message: string; readonly hint: string } {
    if (isMessage(error)) {
      const { errors } = LANGUAGES[this.#language];
      const hint = hintText(error as Message<ErrorCode>, errors, this.#language);
      return { message: this.message(error), hint };
    }
    const detail = this.message(messageOf(error));
    return { message: this.t('notice.unknown'), hint: this.t('notice.unknownHint', { detail }) };
  }

  /** Runs `update` now and at each change of language, until the scope ends. */
  bind(scope: Scope, update: () => void): void {
    this.#bound.add(update);
    scope.add(() => this.#bound.delete(update));
    update();
  }
}
