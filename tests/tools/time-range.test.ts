import { expect, test } from 'vitest';
import { parseTime } from '../../tools/lib/time-range.ts';

test.each([
  ['0', 0],
  ['90.25', 90.25],
  ['1:30', 90],
  ['0:05.5', 5.5],
  ['90:00', 5400],
  ['1:02:03', 3723],
])('%s is %d seconds', (text, seconds) => {
  expect(parseTime(text)).toBe(seconds);
});

test.each(['', '-1', '1:60', '1:60:00', '1:', ':30', '1m30', 'Infinity', '1e3', '1:2:3:4'])(
  '“%s” is no time',
  (text) => {
    expect(() => parseTime(text)).toThrow('minutes:seconds');
  },
);
