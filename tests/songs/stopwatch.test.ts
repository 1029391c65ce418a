import { expect, test } from 'vitest';
import { Stopwatch } from '../../src/songs/stopwatch.ts';

test('only seconds of work count; the speed leaves out the first piece, which includes loading the model', () => {
  let now = 1000;
  const watch = new Stopwatch(() => now);
  now += 10_000;
  // 5 s of song in 10 s: there is nothing better to say yet.
  expect(watch.speedAt(5)).toBe(0.5);
  watch.stop();
  now += 60_000;
  watch.go();
  now += 2000;
  expect(watch.seconds).toBe(12);
  // 8 s of song in 2 s.
  expect(watch.speedAt(13)).toBe(4);
});
