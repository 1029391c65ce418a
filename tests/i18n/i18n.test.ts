import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fillIn } from '../../src/core/fill-in.ts';
import type { MessageTexts } from '../../src/core/message.ts';
import { Scope } from '../../src/core/scope.ts';
import { DEMO_NAMES } from '../../src/i18n/demo-name.ts';
import { errorsEn } from '../../src/i18n/en/errors.ts';
import { en } from '../../src/i18n/en/index.ts';
import { I18n, LANGUAGES, pickLanguage } from '../../src/i18n/i18n.ts';
import { PartTexts } from '../../src/i18n/part-texts.ts';
import { LEARNING_MESSAGES } from '../../src/learning/texts.ts';

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

/** Messages and hints of a table of errors, each by a key of its own. */
function flat(table: MessageTexts): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([code, text]) =>
      typeof text === 'string'
        ? [[code, text]]
        : [
            [`${code}, message`, text.message],
            [`${code}, hint`, text.hint],
          ],
    ),
  );
}

type Texts = Readonly<Record<string, string>>;

const ALL = new Map(
  await Promise.all(Object.entries(LANGUAGES).map(async ([tag, { load }]) => [tag, await load()] as const)),
);
const chinese = ALL.get('zh-CN')!;

const SETS: readonly (readonly [part: string, tag: string, texts: Texts, english: Texts])[] = [
  ...[...ALL].map(([tag, { page }]) => ['page', tag, page, en.page] as const),
  ...[...ALL].map(([tag, { errors }]) => ['errors', tag, flat(errors), flat(errorsEn)] as const),
  ...Object.entries(LEARNING_MESSAGES).map(
    ([tag, texts]) => ['learning page', tag, texts, LEARNING_MESSAGES.en] as const,
  ),
];

describe.each(SETS)('the texts of the %s in %s', (_part, _tag, messages, english) => {
  test('are there for every key, and for no other', () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(english).sort());
    for (const text of Object.values(messages)) expect(text.trim()).not.toBe('');
  });

  test('have the same places to fill in as the English ones', () => {
    for (const [key, text] of Object.entries(messages)) {
      expect([key, places(text)]).toEqual([key, places(english[key])]);
    }
  });
});

test('texts that load later are there in every language of the page', () => {
  expect(Object.keys(LEARNING_MESSAGES).sort()).toEqual(Object.keys(LANGUAGES).sort());
});

test('the Chinese texts are in Chinese, but for names and units', () => {
  const same = /\{\w+\}|k?Hz|dB|MB|kbit\/s|MP3|M4A|AAC|Ogg Opus|ELU|ReLU|sigmoid|Home|End|Griffin-Lim|BSS|S[DIA]R/g;
  const texts = { ...chinese.page, ...flat(chinese.errors), ...LEARNING_MESSAGES['zh-CN'] };
  const left = Object.entries(texts).filter(
    ([, text]) => !/\p{Script=Han}/u.test(text) && /[a-z]/i.test(text.replace(same, '')),
  );
  expect(left).toEqual([]);
});

test('every text is said somewhere', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/^i18n\/.+\/|(?:en|zh-CN)\.ts$/.test(path))
    .map((path) => readFileSync(join('src', path), 'utf8'))
    .join('\n');
  // `mix.${stem}` and “a key that begins so” both name keys by their beginning.
  const beginnings = [...sources.matchAll(/`([a-z]\w*\.[\w.-]*)\$\{/g)].map(([, beginning]) => beginning);
  const keys = [...Object.keys(en.page), ...Object.keys(LEARNING_MESSAGES.en)];
  const silent = keys.filter(
    (key) => !sources.includes(`'${key}'`) && !beginnings.some((beginning) => key.startsWith(beginning)),
  );
  expect(silent).toEqual([]);
});

test('the demo song’s names are those of the texts', () => {
  expect(DEMO_NAMES).toEqual([...ALL.values()].map(({ page }) => page['start.demoName']));
});

test('the texts of a part of the page follow the page’s language', async () => {
  const i18n = new I18n();
  const texts = new PartTexts(i18n, LEARNING_MESSAGES);
  await i18n.speak('zh-CN');
  expect([texts.t('learn.title'), texts.language]).toEqual(['原理', 'zh-CN']);
});

describe('pickLanguage', () => {
  test('takes the first wish that the page speaks', () => {
    expect(pickLanguage(['fr-FR', 'zh-TW', 'en'])).toBe('zh-CN');
    expect(pickLanguage(['zh-Hant-HK'])).toBe('zh-CN');
    expect(pickLanguage(['en-GB', 'zh'])).toBe('en');
    expect(pickLanguage(['fi'])).toBe('en');
    expect(pickLanguage([])).toBe('en');
  });
});

describe('I18n', () => {
  test('fills in values and leaves unknown places alone', () => {
    expect(fillIn('{a} of {b}', { a: 3 })).toBe('3 of {b}');
  });

  test('writes numbers as the language does, and leaves words alone', async () => {
    expect(fillIn('{a} Hz, {b}', { a: 16_000.25, b: '2024' }, 'en')).toBe('16,000.25 Hz, 2024');
    expect(fillIn('{a}', { a: 1234.5 }, 'de')).toBe('1.234,5');
    const i18n = new I18n();
    await i18n.speak('zh-CN');
    expect(i18n.t('songs.left', { count: 1200 })).toContain('1,200');
  });

  test('speaks again in the new language wherever it is bound, until the scope ends', async () => {
    const i18n = new I18n();
    const scope = new Scope();
    const said: string[] = [];
    i18n.bind(scope, () => said.push(i18n.t('player.play')));
    await i18n.speak('zh-CN');
    await i18n.speak('zh-CN');
    scope.dispose();
    await i18n.speak('en');
    expect(said).toEqual(['Play', '播放']);
  });

  test('speaks the language that was asked for last, whichever is loaded first', async () => {
    const i18n = new I18n();
    await Promise.all([i18n.speak('zh-CN'), i18n.speak('en')]);
    expect([i18n.language, i18n.t('player.play')]).toEqual(['en', 'Play']);
    await Promise.all([i18n.speak('en'), i18n.speak('zh-CN')]);
    expect([i18n.language, i18n.t('player.play')]).toEqual(['zh-CN', '播放']);
  });
});
