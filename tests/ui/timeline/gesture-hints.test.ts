import { expect, test } from 'vitest';
import { GestureHints } from '../../../src/ui/timeline/gesture-hints.ts';

test('a gesture is hinted at until it was made once, also at the next visit', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
  const hints = new GestureHints(storage);
  expect(hints.open).toEqual(['select', 'zoom']);
  hints.did('zoom');
  expect(hints.open).toEqual(['select']);
  expect(new GestureHints(storage).open).toEqual(['select']);
  hints.did('select');
  expect(new GestureHints(storage).open).toEqual([]);
  expect(new GestureHints(undefined).open).toEqual(['select', 'zoom']);
});
