import { expect, test } from 'vitest';
import { baseName, clock, hertz, kilohertz, megabytes, signed, speed } from '../../src/core/format.ts';

test('clock shows minutes and seconds, hours where there are any, and parts of a second on request', () => {
  expect(clock(0)).toBe('0:00');
  expect(clock(187.9)).toBe('3:07');
  expect(clock(3723)).toBe('1:02:03');
  expect(clock(61.25, 2)).toBe('1:01.25');
  expect(clock(0.3 - 1e-9, 1)).toBe('0:00.3');
  expect(clock(-1)).toBe('0:00');
});

test('signed numbers have a true minus, and no minus before zero', () => {
  expect(signed(-3.14, 1)).toBe('−3.1');
  expect(signed(2, 0)).toBe('2');
  expect(signed(-0.01, 1)).toBe('0.0');
});

test('frequencies, sizes and speeds are short', () => {
  expect([100, 250, 1000, 22_050].map(kilohertz)).toEqual(['0.1', '0.25', '1', '22.05']);
  expect(megabytes(19_700_000)).toBe('19.7');
  expect([speed(63.4), speed(4.23)]).toEqual(['63', '4.2']);
});

test.each([
  [0, '0 Hz'],
  [439.6, '440 Hz'],
  [999.4, '999 Hz'],
  [999.6, '1.00 kHz'],
  [7712, '7.71 kHz'],
  [15_984, '16.0 kHz'],
])('%d hertz are %s', (hz, text) => {
  expect(hertz(hz)).toBe(text);
});

test('the base name has no ending, unless the name is nothing but one', () => {
  expect(baseName('My song.mp3')).toBe('My song');
  expect(baseName('a.b.flac')).toBe('a.b');
  expect(baseName('Vol. 3 – Mr. Long Sentence')).toBe('Vol. 3 – Mr. Long Sentence');
  expect(baseName('.wav')).toBe('.wav');
});
