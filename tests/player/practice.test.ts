import { describe, expect, test } from 'vitest';
import type { Loop } from '../../src/player/loop.ts';
import { Practice } from '../../src/player/practice.ts';
import { isAsRecorded, type RateAndKey, rateAndKeyWithin } from '../../src/player/rate-and-key.ts';

function fakePlayer() {
  const loops: (Loop | undefined)[] = [];
  const tunes: RateAndKey[] = [];
  return {
    position: 0,
    duration: 60,
    loops,
    tunes,
    setLoop: (loop: Loop | undefined) => void loops.push(loop),
    setRateAndKey: async (rateAndKey: RateAndKey) => void tunes.push(rateAndKey),
  };
}

describe('practising', () => {
  test('[ and ] mark a loop at the position, and ] starts it', () => {
    const player = fakePlayer();
    const practice = new Practice(player, 1000);
    player.position = 10;
    practice.markStart();
    expect(practice.state).toMatchObject({ marks: { start: 10, end: undefined }, looping: false });
    expect(player.loops).toEqual([]);
    player.position = 14.5;
    practice.markEnd();
    expect(player.loops).toEqual([{ start: 10_000, end: 14_500 }]);
  });

  test('] without a start, or before it, loops from the beginning', () => {
    const player = fakePlayer();
    const practice = new Practice(player, 1000);
    player.position = 8;
    practice.markEnd();
    expect(player.loops.at(-1)).toEqual({ start: 0, end: 8000 });
    practice.clearLoop();
    player.position = 20;
    practice.markStart();
    player.position = 5;
    practice.markEnd();
    expect(player.loops.at(-1)).toEqual({ start: 0, end: 5000 });
  });

  test('[ after the end removes the old end and playback goes on', () => {
    const player = fakePlayer();
    const practice = new Practice(player, 1000);
    practice.loopBetween(2, 4);
    player.position = 6;
    practice.markStart();
    expect(practice.state).toMatchObject({ marks: { start: 6, end: undefined }, looping: false });
    expect(player.loops.at(-1)).toBeUndefined();
  });

  test('L loops the marked part, or the whole song without marks, and stops the loop', () => {
    const player = fakePlayer();
    const practice = new Practice(player, 1000);
    practice.toggleLoop();
    expect(player.loops.at(-1)).toEqual({ start: 0, end: 60_000 });
    practice.toggleLoop();
    expect(player.loops.at(-1)).toBeUndefined();
    practice.loopBetween(4, 2);
    practice.toggleLoop();
    practice.toggleLoop();
    expect(player.loops.slice(-3)).toEqual([{ start: 2000, end: 4000 }, undefined, { start: 2000, end: 4000 }]);
  });

  test('speed and key stay within their limits, in whole percent and semitones', () => {
    expect(rateAndKeyWithin({ speed: 0.1, semitones: 40 })).toEqual({ speed: 0.5, semitones: 12 });
    expect(rateAndKeyWithin({ speed: 9, semitones: -40 })).toEqual({ speed: 1.5, semitones: -12 });
    expect(rateAndKeyWithin({ speed: 0.95 - 0.05, semitones: -0.2 })).toEqual({ speed: 0.9, semitones: 0 });
    expect(isAsRecorded(rateAndKeyWithin({ speed: 1.001, semitones: -0.1 }))).toBe(true);
    const player = fakePlayer();
    const practice = new Practice(player, 1000);
    practice.setRateAndKey({ speed: 0.8 });
    practice.setRateAndKey({ semitones: 2 });
    practice.setRateAndKey({ semitones: 2 });
    expect(player.tunes).toEqual([
      { speed: 0.8, semitones: 0 },
      { speed: 0.8, semitones: 2 },
    ]);
  });

  test('the count-in follows the tempo at the playback speed', () => {
    const practice = new Practice(fakePlayer(), 1000);
    expect(practice.countIn).toBeUndefined();
    practice.setBeats(4);
    practice.setBpm(120);
    expect(practice.countIn).toEqual({ beats: 4, interval: 0.5 });
    practice.setRateAndKey({ speed: 0.5 });
    expect(practice.countIn).toEqual({ beats: 4, interval: 1 });
  });

  test('settings that the player has already are taken over without a word to it', () => {
    const player = fakePlayer();
    const practice = new Practice(player, 1000);
    practice.loopBetween(2, 4);
    practice.setRateAndKey({ speed: 0.8 });
    const { loops, tunes } = player;
    const asked = [loops.length, tunes.length];
    const other = new Practice(player, 1000);
    let changes = 0;
    other.on('change', () => changes++);
    other.adopt(practice.state);
    expect(other.state).toEqual(practice.state);
    expect([loops.length, tunes.length, changes]).toEqual([...asked, 1]);
    other.clearLoop();
    expect(loops.at(-1)).toBeUndefined();
  });

  test('all settings can be restored in another view of the song', () => {
    const practice = new Practice(fakePlayer(), 1000);
    practice.loopBetween(1, 2);
    practice.setRateAndKey({ speed: 0.7, semitones: -3 });
    practice.setBeats(3);
    const player = fakePlayer();
    const other = new Practice(player, 1000);
    other.restore(practice.state);
    expect(other.state).toEqual(practice.state);
    expect(player.loops).toEqual([{ start: 1000, end: 2000 }]);
    expect(player.tunes).toEqual([{ speed: 0.7, semitones: -3 }]);
  });
});
