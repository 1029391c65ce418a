import { describe, expect, test } from 'vitest';
import { frequencyText, joinSentences, significant } from '../../src/learning/number-texts.ts';

test('a frequency comes with its note, where it has one', () => {
  expect([frequencyText(440), frequencyText(0)]).toEqual(['440 Hz A4', '0 Hz']);
});

describe('significant digits', () => {
  test.each([
    [0, 3, '0'],
    [12.345, 3, '12.3'],
    [1234.5, 2, '1235'],
    [0.002, 2, '0.0020'],
    [0.000594, 2, '0.00059'],
    [-0.5, 2, '−0.50'],
    [9.99e-5, 2, '0.00010'],
    [1.234e-7, 3, '1.23 × 10⁻⁷'],
    [-2.5e12, 2, '−2.5 × 10¹²'],
  ])('of %d, %d: %s', (value, digits, text) => {
    expect(significant(value, digits)).toBe(text);
  });
});

test('sentences have a space between them, but none after full-width punctuation', () => {
  expect(joinSentences('One.', 'Two.')).toBe('One. Two.');
  expect(joinSentences('第一句。', '第二句。')).toBe('第一句。第二句。');
});
