import { describe, expect, test } from 'vitest';
import { en } from '../../src/i18n/en.ts';
import { fillIn, I18n, LANGUAGES, pickLanguage } from '../../src/i18n/i18n.ts';
import { Scope } from '../../src/scope.ts';

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe.each(Object.entries(LANGUAGES))('the texts in %s', (_tag, { messages }) => {
  test('are there for every key, and for no other', () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(en).sort());
    for (const text of Object.values(messages)) expect(text.trim()).not.toBe('');
  });

  test('have the same places to fill in as the English ones', () => {
    for (const [key, text] of Object.entries(messages)) {
      expect([key, places(text)]).toEqual([key, places(en[key as keyof typeof en])]);
    }
  });
});

describe('pickLanguage', () => {
  test('takes the first wish that the page speaks', () => {
    expect(pickLanguage(['fr-FR', 'zh-TW', 'en'])).toBe('zh-CN');
    expect(pickLanguage(['en-GB', 'zh'])).toBe('en');
    expect(pickLanguage(['fi'])).toBe('en');
    expect(pickLanguage([])).toBe('en');
  });
});

describe('I18n', () => {
  test('fills in values and leaves unknown places alone', () => {
    expect(fillIn('{a} of {b}', { a: 3 })).toBe('3 of {b}');
  });

  test('speaks again in the new language wherever it is bound, until the scope ends', () => {
    const i18n = new I18n('en');
    const scope = new Scope();
    const said: string[] = [];
    i18n.bind(scope, () => said.push(i18n.t('player.play')));
    i18n.language = 'zh-CN';
    i18n.language = 'zh-CN';
    scope.dispose();
    i18n.language = 'en';
    expect(said).toEqual(['Play', '播放']);
  });
});
