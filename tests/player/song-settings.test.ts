import { describe, expect, test } from 'vitest';
import { levelsOf, PRESETS } from '../../src/player/mix-state.ts';
import {
  type KeyValueStore,
  practiceOf,
  recall,
  remember,
  settingsOf,
  songKey,
} from '../../src/player/song-settings.ts';
import { MemorySongStorage } from '../../src/songs/storage/memory-song-storage.ts';

function storage(): KeyValueStore & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return { kept, getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value) };
}

const audio = (length: number, value = 0.5) =>
  new MemorySongStorage({
    sampleRate: 44_100,
    channels: [Float32Array.from({ length }, (_, n) => value * Math.sin(n / 50))],
  });
const settings = { levels: levelsOf({ vocals: 0.25, accompaniment: 1.5 }), bpm: 96 };

describe('a song', () => {
  test('is identified by its name, its length and its sound', () => {
    expect(songKey('a', audio(10_000))).toBe(songKey('a', audio(10_000)));
    const keys = [
      songKey('a', audio(10_000)),
      songKey('b', audio(10_000)),
      songKey('a', audio(10_001)),
      songKey('a', audio(10_000, 0.25)),
      songKey('a', { sampleRate: 48_000, channels: 1, whole: audio(10_000).whole }),
      songKey('a', { sampleRate: 44_100, channels: 1, whole: undefined }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('has its own levels', () => {
    const store = storage();
    remember(store, 'one', settings);
    remember(store, 'two', { levels: levelsOf(PRESETS.vocals) });
    expect(recall(store, 'one')).toEqual(settings);
    expect(recall(store, 'two')?.levels).toEqual(levelsOf(PRESETS.vocals));
    expect(recall(store, 'three')).toBeUndefined();
  });

  test('has its own loop, speed and key', () => {
    const store = storage();
    const marks = { start: 2, end: 5.5 };
    const state = { marks, looping: true, rateAndKey: { speed: 0.8, semitones: -2 }, beats: 4, bpm: 90 };
    remember(store, 'one', { levels: settings.levels, ...settingsOf(state) });
    const kept = recall(store, 'one');
    expect(kept && practiceOf(kept, 10)).toEqual({
      bpm: 90,
      marks,
      looping: true,
      rateAndKey: { speed: 0.8, semitones: -2 },
    });
    // Of a song that is shorter now, the loop would lie outside.
    expect(kept && practiceOf(kept, 5)).toEqual({ bpm: 90, rateAndKey: { speed: 0.8, semitones: -2 } });
    const plain = { ...state, marks: { start: 2, end: undefined }, rateAndKey: { speed: 1, semitones: 0 } };
    expect(settingsOf(plain)).toEqual({ bpm: 90 });
  });

  test.each([
    { start: 5, end: 2, on: true },
    { start: -1, end: 2, on: true },
    { start: 1, end: '2', on: true },
    { start: 1, end: 2 },
    'a loop',
  ])('has no loop where %j is stored', (loop) => {
    const store = storage();
    store.setItem('unsung.songs', JSON.stringify([['one', { ...settings, loop, rateAndKey: { speed: 'fast' } }]]));
    expect(recall(store, 'one')).toEqual(settings);
  });

  test('is dropped after 200 others were opened', () => {
    const store = storage();
    remember(store, 'first', settings);
    remember(store, 'second', settings);
    for (let n = 0; n < 198; n++) remember(store, `song ${n}`, settings);
    remember(store, 'first', settings);
    remember(store, 'one more', settings);
    expect(recall(store, 'first')).toEqual(settings);
    expect(recall(store, 'second')).toBeUndefined();
    expect([...store.kept.values()].join('').length).toBeLessThan(60_000);
  });

  test('only loses its levels if the browser stores nothing, or stored data is damaged', () => {
    const full: KeyValueStore = {
      getItem: () => '{',
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    };
    remember(full, 'one', settings);
    expect(recall(full, 'one')).toBeUndefined();
    remember(undefined, 'one', settings);
    expect(recall(undefined, 'one')).toBeUndefined();
    const odd = storage();
    odd.setItem('unsung.songs', JSON.stringify([['one', { levels: { vocals: { gain: 9, muted: false } } }], 7]));
    expect(recall(odd, 'one')).toBeUndefined();
  });
});
