import { messageOf } from '../core/errors.ts';
import { fillIn, type Values } from '../core/fill-in.ts';
import { type ErrorCode, hintText, isMessage, type Message, messageText } from '../core/message.ts';
import type { Scope } from '../core/scope.ts';
import { en } from './en/index.ts';
import type { LanguageTexts, MessageKey } from './language.ts';

/**
 * The languages of the page, by their BCP 47 tags: the name of each in itself, the direction of its writing, and its
 * texts. All but English are loaded when they are spoken. To add one, copy the folder en/, translate it, and add it here;
 * the page then offers it. Texts that load later (the learning sections') are tables by tag beside their section, and
 * the player element's are in package/player-messages.ts: each speaks English until it has the language, too, and
 * tests/i18n names what is missing.
 */
export const LANGUAGES = {
  en: { name: 'English', direction: 'ltr', load: async () => en },
  'zh-CN': { name: '简体中文', direction: 'ltr', load: async () => (await import('./zh-CN/index.ts')).zhCN },
} as const satisfies Readonly<Record<string, LanguageFacts>>;

/** Tag of a language that the page speaks. */
export type Language = keyof typeof LANGUAGES;

interface LanguageFacts {
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  readonly load: () => Promise<LanguageTexts>;
}

const TAGS = Object.keys(LANGUAGES) as Language[];

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
 * const i18n = new I18n();
 * i18n.bind(scope, () => { button.textContent = i18n.t('player.play'); });
 * await i18n.speak('zh-CN'); // the button says 播放
 */
export class I18n {
  #language: Language = 'en';
  #texts: LanguageTexts = en;
  /** The language that was asked for last. */
  #wanted: Language = 'en';
  readonly #bound = new Set<() => void>();

  /** Tag of the language spoken now: English at first. */
  get language(): Language {
    return this.#language;
  }

  /** Speaks another language as soon as its texts are loaded. Where they cannot be, rejects and keeps the present one. */
  async speak(language: Language): Promise<void> {
    this.#wanted = language;
    const texts = await LANGUAGES[language].load();
    if (language !== this.#wanted || language === this.#language) return;
    this.#language = language;
    this.#texts = texts;
    for (const update of this.#bound) update();
  }

  /** The text of `key`, filled in; numbers as the language writes them. */
  t(key: MessageKey, values?: Values): string {
    return fillIn(this.#texts.page[key], values, this.#language);
  }

  /** What a message of the engine says: a note, a reason, a fault. */
  message(message: Message): string {
    return messageText(message, this.#texts.errors, this.#language);
  }

  /**
   * What happened and what to do, of anything thrown, or of an error's message. What the page did not expect is said as
   * such, with its own words beside.
   */
  error(error: unknown): { readonly message: string; readonly hint: string } {
    if (isMessage(error)) {
      const hint = hintText(error as Message<ErrorCode>, this.#texts.errors, this.#language);
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
