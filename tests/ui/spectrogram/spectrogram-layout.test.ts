import { describe, expect, test } from 'vitest';
import { SPECTROGRAM_KINDS } from '../../../src/ui/spectrogram/spectrogram-image.ts';
import { MAX_HEIGHT, MIN_HEIGHT, SpectrogramLayout } from '../../../src/ui/spectrogram/spectrogram-layout.ts';

/** What a browser keeps. */
function storage(first?: string) {
  const kept = new Map(first === undefined ? [] : [['unsung.spectrograms', first]]);
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
}

describe('the layout of the spectrograms', () => {
  test('shows all of them at first, at the height of the style sheet', () => {
    const layout = new SpectrogramLayout(undefined);
    expect(layout.shown).toEqual(SPECTROGRAM_KINDS);
    expect(SPECTROGRAM_KINDS.map((kind) => layout.heightOf(kind))).toEqual(new Array(5).fill(undefined));
    expect(layout.filling).toBeUndefined();
  });

  test('is there at the next visit', () => {
    const kept = storage();
    const layout = new SpectrogramLayout(kept);
    layout.show('mixture', false);
    layout.show('difference', false);
    layout.show('mixture', true);
    layout.setHeight('mask', 300.4);
    layout.setHeight('vocals', 200);
    layout.setHeight('vocals', undefined);
    const later = new SpectrogramLayout(kept);
    expect(later.shown).toEqual(['mixture', 'mask', 'vocals', 'accompaniment']);
    expect([later.heightOf('mask'), later.heightOf('vocals')]).toEqual([300, undefined]);
  });

  test('keeps one spectrogram, and heights within their limits', () => {
    const layout = new SpectrogramLayout(undefined);
    for (const kind of SPECTROGRAM_KINDS) layout.show(kind, false);
    expect(layout.shown).toEqual(['difference']);
    layout.setHeight('difference', 1);
    expect(layout.heightOf('difference')).toBe(MIN_HEIGHT);
    layout.setHeight('difference', 1e6);
    expect(layout.heightOf('difference')).toBe(MAX_HEIGHT);
  });

  test('lets one that is shown fill the window, until it is hidden', () => {
    const kept = storage();
    const layout = new SpectrogramLayout(kept);
    layout.filling = 'mask';
    expect(layout.filling).toBe('mask');
    layout.show('mask', false);
    expect(layout.filling).toBeUndefined();
    layout.filling = 'mask';
    expect(layout.filling).toBeUndefined();
    layout.filling = 'vocals';
    expect(new SpectrogramLayout(kept).filling).toBeUndefined();
  });

  test('tells of each change, and of nothing else', () => {
    const layout = new SpectrogramLayout(undefined);
    let changes = 0;
    layout.on('change', () => changes++);
    layout.show('mask', true);
    layout.setHeight('mask', undefined);
    layout.filling = undefined;
    expect(changes).toBe(0);
    layout.show('mask', false);
    layout.setHeight('vocals', 100);
    layout.filling = 'vocals';
    expect(changes).toBe(3);
  });

  test.each([
    '',
    'null',
    '7',
    '{"hidden":7,"heights":7}',
    '{"hidden":["x"],"heights":{"x":100,"mask":"high","vocals":1}}',
  ])('begins anew where “%s” is stored', (text) => {
    const layout = new SpectrogramLayout(storage(text));
    expect(layout.shown).toEqual(SPECTROGRAM_KINDS);
    expect([layout.heightOf('mask'), layout.heightOf('vocals')]).toEqual([undefined, undefined]);
  });

  test('shows all where all are stored as hidden', () => {
    const all = JSON.stringify({ hidden: SPECTROGRAM_KINDS, heights: {} });
    expect(new SpectrogramLayout(storage(all)).shown).toEqual(SPECTROGRAM_KINDS);
  });
});
