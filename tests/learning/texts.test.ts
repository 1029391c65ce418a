import { expect, test } from 'vitest';
import { LEARNING_MESSAGES } from '../../src/learning/texts.ts';

const chinese = Object.entries(LEARNING_MESSAGES['zh-CN']);
const breaching = (pattern: RegExp) => chinese.filter(([, text]) => pattern.test(text));

test('Chinese texts have full-width punctuation', () => {
  // A formula such as (1 − 掩码) keeps its brackets.
  expect(breaching(/\p{Script=Han}[,:;!?.]|[,:;!?]\p{Script=Han}/u)).toEqual([]);
});

test('Chinese texts have no space beside full-width punctuation, nor before a percent sign', () => {
  expect(breaching(/[，。：；！？、（）“”《》…] | [，。：；！？、（）“”《》%…]/)).toEqual([]);
});

test('a number is never negative by a hyphen', () => {
  const texts = Object.values(LEARNING_MESSAGES).flatMap((messages) => Object.entries(messages));
  expect(texts.filter(([, text]) => /(^|[\s(])-\d/.test(text))).toEqual([]);
});
