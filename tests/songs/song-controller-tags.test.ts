import { describe, expect, test } from 'vitest';
import { FakeBrowser } from './fake-browser.ts';
import { FakePage, gate } from './fake-page.ts';

const COVER = 'data:image/jpeg;base64,/9j/';

/** A page that reads “Artist – A” and a cover as the tags of A.mp3, and so on; X.mp3 has none, Y.mp3 is unreadable. */
function page(browser = new FakeBrowser(), before: Promise<void> = Promise.resolve()): FakePage {
  return new FakePage(browser, {
    readTags: async (file, fileName) => {
      await before;
      if (fileName === 'Y.mp3') throw new Error('It cannot be read.');
      return fileName === 'X.mp3' ? undefined : { name: `Artist – ${await file.text()}`, cover: COVER };
    },
  });
}

describe('songs with tags', () => {
  test('are called by them; others by their files', async () => {
    const here = page();
    here.separator.allow();
    await here.add('A', 'X', 'Y');
    await here.until('Artist – A*:kept X:kept Y:kept');
    expect(here.song('Artist – A')).toMatchObject({ cover: COVER, fileName: 'A.mp3' });
    expect(here.song('X').cover).toBeUndefined();
  });

  test('keep name and cover in the archive, also where they are read after the separation', async () => {
    const tags = gate();
    const before = page(undefined, tags.ended);
    before.separator.allow();
    await before.add('A');
    await before.until('A*:not-yet');
    tags.open();
    await before.until('Artist – A*:kept');
    before.close();
    const later = new FakePage(before.browser);
    await later.until('Artist – A:kept');
    expect(later.song('Artist – A')).toMatchObject({ cover: COVER, fileName: 'A.mp3' });
  });

  test('are called by them also while they wait, at the next visit and in another window', async () => {
    const before = page();
    await before.add('A', 'B');
    await expect.poll(() => before.pending()).toHaveLength(2);
    const other = page(before.browser);
    await other.until('Artist – A:elsewhere Artist – B:elsewhere');
    other.close();
    before.close();
    const later = page(before.browser);
    await expect.poll(() => later.states).toMatch(/^Artist – A:\S+( 0)? Artist – B:waiting$/);
  });

  test('that were archived before tags were read get them when one of them is opened, for good', async () => {
    const old = new FakePage();
    old.separator.allow();
    await old.add('A');
    await old.until('A*:kept');
    old.separator.model = { origin: 'kept', id: 'other' };
    await old.songs.again();
    await old.until('A:kept A*:kept');
    old.close();
    const now = page(old.browser);
    await now.until('A:kept A:kept');
    await now.songs.listen(now.id('A'));
    await now.until('Artist – A:kept Artist – A*:kept');
    now.close();
    const later = new FakePage(old.browser);
    await later.until('Artist – A:kept Artist – A:kept');
    expect(later.songs.state.rows.map(({ song }) => 'cover' in song && song.cover)).toEqual([COVER, COVER]);
    await later.songs.remove(later.id('Artist – A'));
    later.close();
    await new FakePage(old.browser).until('Artist – A:kept');
  });

  test('keep both when they are separated again', async () => {
    const here = page();
    here.separator.allow();
    await here.add('A');
    await here.until('Artist – A*:kept');
    here.songs.again();
    await here.until('Artist – A:kept Artist – A*:kept');
    expect(here.song('Artist – A').cover).toBe(COVER);
  });
});
