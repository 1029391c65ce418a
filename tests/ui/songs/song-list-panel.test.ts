import { describe, expect, test } from 'vitest';
import { SongListPanel } from '../../../src/ui/songs/song-list-panel.ts';

/** What a browser keeps. */
function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
}

describe('the list of songs beside the song', () => {
  test('is open for several songs, and for a single one that is not in use', () => {
    const panel = new SongListPanel(undefined);
    expect([panel.available, panel.open]).toEqual([false, false]);
    panel.show({ count: 1, inUse: false });
    expect([panel.available, panel.open]).toEqual([true, true]);
    panel.show({ count: 1, inUse: true });
    expect([panel.available, panel.open]).toEqual([true, false]);
    panel.show({ count: 2, inUse: true });
    expect(panel.open).toBe(true);
  });

  test('is open at once for who comes back to a song, and stays so when the song is open', () => {
    const panel = new SongListPanel(undefined);
    panel.show({ count: 0, inUse: false, opening: true });
    expect([panel.available, panel.open]).toEqual([true, true]);
    panel.show({ count: 1, inUse: true, opening: false });
    expect(panel.open).toBe(true);
    panel.show({ count: 0, inUse: false });
    expect([panel.available, panel.open]).toEqual([false, false]);
  });

  test('stays as the person leaves it, also at the next visit', () => {
    const kept = storage();
    const panel = new SongListPanel(kept);
    panel.show({ count: 2, inUse: true });
    panel.toggle();
    panel.show({ count: 5, inUse: false });
    expect(panel.open).toBe(false);
    const later = new SongListPanel(kept);
    later.show({ count: 5, inUse: false });
    expect(later.open).toBe(false);
    later.reveal();
    expect(later.open).toBe(true);
    const last = new SongListPanel(kept);
    last.show({ count: 1, inUse: true });
    expect(last.open).toBe(true);
  });

  test('tells of each change, and of nothing else', () => {
    const panel = new SongListPanel(undefined);
    let changes = 0;
    panel.on('change', () => changes++);
    panel.show({ count: 2, inUse: true });
    panel.show({ count: 3, inUse: true });
    panel.reveal();
    expect(changes).toBe(1);
    panel.close();
    panel.close();
    expect(changes).toBe(2);
  });

  test('works where the browser forbids storage', () => {
    const panel = new SongListPanel({
      getItem: () => null,
      setItem: () => {
        throw new Error('Forbidden.');
      },
    });
    panel.show({ count: 2, inUse: true });
    panel.close();
    expect(panel.open).toBe(false);
  });
});

describe('the list of songs over a narrow page', () => {
  test('opens only when the person asks for it, and is not stored', () => {
    const kept = storage();
    const panel = new SongListPanel(kept);
    panel.docked = false;
    panel.show({ count: 3, inUse: false });
    panel.reveal();
    expect(panel.open).toBe(false);
    panel.toggle();
    expect(panel.open).toBe(true);
    panel.show({ count: 0, inUse: false });
    panel.show({ count: 1, inUse: false });
    expect(panel.open).toBe(false);
    expect(kept.getItem('unsung.list')).toBe(null);
  });

  test('closes when the page becomes wide or narrow', () => {
    const panel = new SongListPanel(undefined);
    panel.show({ count: 3, inUse: true });
    panel.docked = false;
    expect(panel.open).toBe(false);
    panel.toggle();
    panel.docked = true;
    expect(panel.open).toBe(true);
    panel.docked = false;
    expect(panel.open).toBe(false);
  });
});
