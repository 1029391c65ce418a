import { describe, expect, test } from 'vitest';
import { actionOfKey, type FocusKind } from '../../../src/ui/shell/keyboard.ts';

const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

function press(key: string, focus: FocusKind = 'other', more: Partial<typeof plain> = {}) {
  return actionOfKey({ ...plain, ...more, key }, focus);
}

describe('the keys', () => {
  test('1, 2 and 3 are the switch, space plays and pauses', () => {
    expect(press('1')).toEqual({ kind: 'mode', mode: 'original' });
    expect(press('2')).toEqual({ kind: 'mode', mode: 'vocals' });
    expect(press('3')).toEqual({ kind: 'mode', mode: 'accompaniment' });
    expect(press(' ')).toEqual({ kind: 'toggle' });
  });

  test('arrows seek by 5 seconds, with Shift by 1; Home and End go to the ends', () => {
    expect(press('ArrowRight')).toEqual({ kind: 'seekBy', seconds: 5 });
    expect(press('ArrowLeft', 'other', { shiftKey: true })).toEqual({ kind: 'seekBy', seconds: -1 });
    expect(press('Home')).toEqual({ kind: 'seekTo', end: false });
    expect(press('End')).toEqual({ kind: 'seekTo', end: true });
  });

  test('are not taken from a text field, nor from the browser’s own shortcuts', () => {
    for (const key of [' ', '1', 'ArrowLeft', '+']) expect(press(key, 'text')).toBeUndefined();
    expect(press('1', 'other', { ctrlKey: true })).toBeUndefined();
    expect(press('ArrowLeft', 'other', { altKey: true })).toBeUndefined();
    expect(press('0', 'other', { metaKey: true })).toBeUndefined();
  });

  test('a slider keeps the keys that move it, a button the one that presses it', () => {
    for (const key of ['ArrowLeft', 'ArrowRight', 'Home', 'End']) expect(press(key, 'value')).toBeUndefined();
    expect(press('2', 'value')).toEqual({ kind: 'mode', mode: 'vocals' });
    expect(press(' ', 'button')).toBeUndefined();
    expect(press('ArrowLeft', 'button')).toEqual({ kind: 'seekBy', seconds: -5 });
  });

  test('plus and minus zoom to and fro by the same factor, 0 shows all', () => {
    const [near, far] = [press('+'), press('-')];
    if (near?.kind !== 'zoom' || far?.kind !== 'zoom') throw new Error('not a zoom');
    expect(near.factor * far.factor).toBeCloseTo(1, 12);
    expect(press('0')).toEqual({ kind: 'fit' });
    expect(press('x')).toBeUndefined();
  });

  test('brackets mark a loop and L repeats it; J, K, < and > change key and speed; V, T, P, R, D and ? the rest', () => {
    expect(press('[')).toEqual({ kind: 'loopMark', edge: 'start' });
    expect(press(']')).toEqual({ kind: 'loopMark', edge: 'end' });
    expect(press('L', 'other', { shiftKey: true })).toEqual(press('l'));
    expect(press('r')).toEqual({ kind: 'result' });
    expect(press('d')).toEqual({ kind: 'difference' });
    expect(press('l')).toEqual({ kind: 'loop' });
    expect(press('<', 'other', { shiftKey: true })).toEqual({ kind: 'speedBy', percent: -5 });
    expect(press('>', 'other', { shiftKey: true })).toEqual({ kind: 'speedBy', percent: 5 });
    expect(press('j')).toEqual({ kind: 'keyBy', semitones: -1 });
    expect(press('k')).toEqual({ kind: 'keyBy', semitones: 1 });
    expect(['v', 't', 'p', '?'].map((key) => press(key)?.kind)).toEqual(['firstVocals', 'tap', 'practice', 'help']);
    expect(press('l', 'text')).toBeUndefined();
  });
});
