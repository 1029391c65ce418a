import { describe, expect, test } from 'vitest';
import { I18n } from '../../../src/i18n/i18n.ts';
import { choiceOfText, choiceText, isSameModel } from '../../../src/separation/model-choice.ts';
import { idOfTitle, modelFacts, shortTitle, sizeText } from '../../../src/ui/models/model-texts.ts';
import { manifest, OF_ACCOMPANIMENT } from '../../separation/fake-model.ts';

describe('a choice of a model', () => {
  test('is kept as a text and read again; what is no choice is none', () => {
    const choice = { origin: 'kept', id: 'my-model-2' } as const;
    expect(choiceText(choice)).toBe('kept/my-model-2');
    expect(choiceOfText('kept/my-model-2')).toEqual(choice);
    for (const text of [undefined, '', 'paper', 'kept/', 'kept/../x', 'other/paper', 'kept/Upper']) {
      expect(choiceOfText(text)).toBeUndefined();
    }
  });

  test('is the same by origin and id', () => {
    expect(isSameModel({ origin: 'kept', id: 'a' }, { origin: 'kept', id: 'a' })).toBe(true);
    expect(isSameModel({ origin: 'kept', id: 'a' }, { origin: 'built-in', id: 'a' })).toBe(false);
    expect(isSameModel(undefined, { origin: 'kept', id: 'a' })).toBe(false);
  });
});

test.each([
  ['My small net', 'my-small-net'],
  ['Café – Ünet (v2)', 'cafe-u-net-v2'],
  ['人声分离', 'model'],
  ['人声 CCMixter', 'ccmixter'],
  [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
])('the id of “%s” is %s', (title, id) => {
  expect(idOfTitle(title)).toBe(id);
});

test('the facts of a model say what it finds, its rate, its size and its licence', async () => {
  const chinese = new I18n();
  await chinese.speak('zh-CN');
  const entry = { origin: 'kept', id: 'a', bytes: 19_700_000, lasts: 'browser' } as const;
  const facts = modelFacts(new I18n(), { ...entry, manifest: { ...manifest, ...OF_ACCOMPANIMENT } });
  expect(facts).toBe('Finds the accompaniment · 8.192 kHz · 19.7 MB · licence: MIT');
  expect(modelFacts(chinese, { ...entry, manifest })).toContain('找出人声');
  expect(modelFacts(new I18n(), entry)).toBe('');
});

test.each([
  ['Deep U-Net (Jansson et al. 2017), vocals', 'Deep U-Net'],
  ['深度 U-Net（Jansson 等，2017），人声', '深度 U-Net'],
  ['My small net', 'My small net'],
  ['(mine)', '(mine)'],
])('the short title of “%s” is “%s”', (title, short) => {
  expect(shortTitle(title)).toBe(short);
});

test('a very small model has a size, too', () => {
  expect(sizeText(39_300_000)).toBe('39.3 MB');
  expect(sizeText(15_360)).toBe('15 kB');
  expect(sizeText(9)).toBe('9 B');
});
