import { expect, test } from 'vitest';
import { SaveFormat } from '../../../src/player/export/save-format.ts';

const QUIET = [Float32Array.of(0.5, -1)];
const LOUD = [Float32Array.of(0.5, -1.25)];

test('the format follows the song’s depth', () => {
  const format = new SaveFormat(16);
  format.add(QUIET);
  expect(format.format).toBe('wav16');
  expect(format.note).toBeUndefined();
});

test('stems over full scale are saved as floating point, with a note', () => {
  const format = new SaveFormat(24);
  format.add(LOUD);
  format.add(QUIET);
  expect(format.format).toBe('wav32f');
  // 20 · log10(1.25) = 1.94 dB.
  expect(format.note).toEqual({ code: 'export.float-for-level', values: { level: 2 } });
});

test('what the person chose stays, whatever the level', () => {
  const format = new SaveFormat(16);
  format.choose('mp3');
  format.add(LOUD);
  expect(format.format).toBe('mp3');
  expect(format.note).toBeUndefined();
});
