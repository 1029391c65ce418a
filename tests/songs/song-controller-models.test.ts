import { describe, expect, test } from 'vitest';
import { FakePage } from './fake-page.ts';

const OTHER = { origin: 'kept', id: 'other' } as const;

describe('a song that is separated again', () => {
  test('with another model is another entry; the first one stays open until the first new piece, and both are archived', async () => {
    const page = new FakePage();
    page.separator.allow(3);
    await page.add('A');
    await page.until('A*:kept');
    const before = page.songs.state.open;
    page.separator.model = OTHER;
    await page.songs.again();
    await page.until('A*:kept A:separating 0');
    expect(page.songs.state.open?.storage).toBe(before?.storage);
    expect(page.songs.state.open?.model).toEqual({ origin: 'built-in', id: 'spleeter' });
    page.separator.allow(1);
    await page.until('A:kept A*:separating 33');
    // The same song: a view goes on where it is.
    expect(page.songs.state.open?.song.sourceId).toBe(before?.song.sourceId);
    expect(page.songs.state.open?.model).toEqual(OTHER);
    page.separator.allow();
    await page.until('A:kept A*:kept');
    expect(page.decoded).toEqual(['A']);
    expect(page.separator.made).toEqual(['A0', 'A1', 'A2', 'A0', 'A1', 'A2']);
    expect(await page.archived()).toEqual(['A', 'A']);
    expect(page.songs.state.rows.map(({ song }) => song.kind === 'done' && song.madeWith.model.id)).toEqual([
      'spleeter',
      'other',
    ]);
  });

  test('and cancelled before the first new piece leaves the first entry open', async () => {
    const page = new FakePage();
    page.separator.allow(3);
    await page.add('A');
    await page.until('A*:kept');
    page.separator.model = OTHER;
    await page.songs.again();
    await page.until('A*:kept A:separating 0');
    page.songs.cancel();
    await page.until('A*:kept A:cancelled');
    expect(page.songs.state.progress).toMatchObject({ kind: 'done' });
    expect(page.song('A')).toMatchObject({ kind: 'cancelled', storage: undefined });
  });

  test('during its separation ends that separation', async () => {
    const page = new FakePage();
    page.separator.allow(1);
    await page.add('A');
    await page.until('A*:separating 33');
    await page.songs.again();
    await page.until('A*:cancelled A:separating 0');
    page.separator.allow();
    await page.until('A:cancelled A*:kept');
    expect(page.separator.made).toEqual(['A0', 'A0', 'A1', 'A2']);
  });
});

describe('another model', () => {
  test('chosen during a separation starts the song again', async () => {
    const page = new FakePage();
    page.separator.allow(1);
    await page.add('A');
    await page.until('A*:separating 33');
    page.separator.model = OTHER;
    page.separator.allow();
    await page.until('A*:kept');
    expect(page.separator.made).toEqual(['A0', 'A0', 'A1', 'A2']);
    expect(page.song('A')).toMatchObject({ madeWith: { model: OTHER } });
    expect(page.songs.state.open?.model).toEqual(OTHER);
    expect(page.notices).toEqual([]);
  });

  test('does not reuse the parts that another model has separated', async () => {
    const page = new FakePage();
    page.separator.allow(1);
    await page.add('A');
    await page.until('A*:separating 33');
    page.songs.cancel();
    page.separator.model = OTHER;
    page.separator.allow();
    page.songs.finish();
    await page.until('A*:kept');
    expect(page.separator.made).toEqual(['A0', 'A0', 'A1', 'A2']);
    expect(page.decoded).toEqual(['A']);
  });

  test('separates a song that is already in the list, and so does another quality', async () => {
    const page = new FakePage();
    page.separator.allow();
    page.separator.quality = 'best';
    await page.add('A');
    await page.until('A*:kept');
    page.separator.model = OTHER;
    await page.add('A');
    await page.until('A:kept A*:kept');
    page.separator.quality = 'fast';
    await page.add('A');
    await page.until('A:kept A:kept A*:kept');
    expect(page.songs.state.open?.quality).toBe('fast');
    expect(page.notices).toEqual([]);
  });
});

describe('another quality', () => {
  test('does not reuse the parts that were separated at the old quality', async () => {
    const page = new FakePage();
    page.separator.quality = 'best';
    page.separator.allow(1);
    await page.add('A');
    await page.until('A*:separating 33');
    expect(page.songs.state.open?.quality).toBe('best');
    page.songs.cancel();
    page.separator.quality = 'fast';
    page.separator.allow();
    page.songs.finish();
    await page.until('A*:kept');
    expect(page.separator.made).toEqual(['A0', 'A0', 'A1', 'A2']);
    expect(page.songs.state.open?.quality).toBe('fast');
  });
});
