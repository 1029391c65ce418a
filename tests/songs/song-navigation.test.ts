import { describe, expect, test } from 'vitest';
import type { AddressBar } from '../../src/songs/address-bar.ts';
import { songAddress } from '../../src/songs/song-address.ts';
import { SongNavigation } from '../../src/songs/song-navigation.ts';
import { FakeBrowser } from './fake-browser.ts';
import { FakePage } from './fake-page.ts';

/** The history of a window, as a browser keeps it. */
class FakeHistory implements AddressBar {
  entries: string[];
  at = 0;
  #moved: () => void = () => undefined;

  constructor(hash = '') {
    this.entries = [hash];
  }

  get hash(): string {
    return this.entries[this.at];
  }

  push(hash: string): void {
    this.entries = [...this.entries.slice(0, ++this.at), hash];
  }

  replace(hash: string): void {
    this.entries[this.at] = hash;
  }

  onMove(callback: () => void): void {
    this.#moved = callback;
  }

  /** Back and Forward. */
  go(by: number): void {
    this.at += by;
    this.#moved();
  }

  /** A link, or an address that is typed. */
  follow(hash: string): void {
    this.push(hash);
    this.#moved();
  }
}

class Visit extends FakePage {
  readonly history: FakeHistory;
  readonly navigation: SongNavigation;
  gone = 0;

  constructor(browser = new FakeBrowser(), hash = '') {
    super(browser);
    this.separator.allow();
    this.history = new FakeHistory(hash);
    this.navigation = new SongNavigation({
      songs: this.songs,
      address: this.history,
      environment: this.environment,
      shown: async () => undefined,
    });
    this.navigation.on('gone', () => this.gone++);
  }

  address(name: string): string {
    return songAddress(this.song(name));
  }

  /** Waits until the songs have these states, and nothing is being opened. */
  override async until(states: string): Promise<void> {
    await super.until(states);
    await expect.poll(() => this.navigation.opening).toBe(false);
  }
}

/** A visit that left these songs, the last of which was opened last. */
async function visitWith(...letters: readonly string[]): Promise<Visit> {
  const page = new Visit();
  for (const letter of letters) {
    await page.add(letter);
    await expect.poll(() => page.archived()).toContain(letter);
  }
  await expect.poll(() => page.pending()).toEqual([]);
  return page;
}

describe('who comes back', () => {
  test('finds the song that was open last, not the one that was added last', async () => {
    const before = await visitWith('A', 'B');
    await before.songs.listen(before.id('A'));
    before.close();
    const page = new Visit(before.browser);
    expect(page.navigation.opening).toBe(true);
    await page.until('A*:kept B:kept');
    expect(page.separator.made).toEqual([]);
    expect(page.history.entries).toEqual([page.address('A')]);
  });

  test('for the first time finds nothing open', async () => {
    const page = new Visit();
    expect(page.navigation.opening).toBe(false);
    await page.songs.recalled;
    expect([page.states, page.history.entries]).toEqual(['', ['']]);
  });

  test('to a song that was removed finds nothing open, and is not made to wait next time', async () => {
    const before = await visitWith('A', 'B');
    await before.songs.remove(before.id('B'));
    before.close();
    const page = new Visit(before.browser);
    await page.until('A:kept');
    expect(page.gone).toBe(0);
    expect(new Visit(before.browser).navigation.opening).toBe(false);
  });

  test('to a song that was not separated yet hears it as soon as it can be played', async () => {
    const visit = new Visit();
    visit.separator.hold();
    await visit.add('A', 'B');
    await visit.songs.listen(visit.id('B'));
    await expect.poll(() => visit.states).toMatch(/B\*:separating/);
    await expect.poll(() => visit.pending()).toHaveLength(2);
    visit.close();
    const page = new Visit(visit.browser);
    await page.until('A:kept B*:kept');
    expect(page.separator.made.slice(0, 3)).toEqual(['B0', 'B1', 'B2']);
  });

  test('to a song that was cancelled does not start it again', async () => {
    const visit = new Visit();
    visit.separator.hold();
    await visit.add('A');
    await expect.poll(() => visit.states).toMatch(/A\*:separating/);
    await expect.poll(() => visit.pending()).toHaveLength(1);
    visit.songs.cancel();
    const address = visit.history.hash;
    visit.close();
    for (const hash of ['', address]) {
      const page = new Visit(visit.browser, hash);
      await page.until('A:cancelled');
      expect([page.history.hash, page.gone]).toEqual(['', 0]);
      page.close();
    }
  });

  test('and drops a song at once gets that one', async () => {
    const before = await visitWith('A');
    before.close();
    const page = new Visit(before.browser);
    await page.add('B');
    await page.until('A:kept B*:kept');
    expect(page.history.hash).toBe(page.address('B'));
  });
});

describe('an address', () => {
  test('opens its song, whichever was open last', async () => {
    const before = await visitWith('A', 'B');
    const address = before.address('A');
    before.close();
    const page = new Visit(before.browser, address);
    await page.until('A*:kept B:kept');
    expect(page.history.entries).toEqual([address]);
  });

  test('whose song is gone shows the start, and says so', async () => {
    const before = await visitWith('A', 'B');
    const address = before.address('A');
    await before.songs.remove(before.id('A'));
    before.close();
    const page = new Visit(before.browser, address);
    await page.until('B:kept');
    expect([page.gone, page.history.entries]).toEqual([1, ['']]);
  });

  test('of another view stays, and the last song is opened behind it', async () => {
    const before = await visitWith('A');
    before.close();
    const page = new Visit(before.browser, '#/learn/mask');
    await page.until('A*:kept');
    expect(page.history.entries).toEqual(['#/learn/mask']);
    await page.add('B');
    await page.until('A:kept B*:kept');
    expect(page.history.entries).toEqual(['#/learn/mask']);
    page.history.follow('#/');
    expect(page.states).toBe('A:kept B*:kept');
    expect(page.history.entries).toEqual(['#/learn/mask', page.address('B')]);
  });

  test('names the open song; a song separated anew takes the place of the one before', async () => {
    const page = await visitWith('A', 'B');
    expect(page.history.entries).toEqual(['', page.address('A'), page.address('B')]);
    page.songs.again();
    await page.until('A:kept B:kept B*:kept');
    expect(page.history.entries).toEqual(['', page.address('A'), page.address('B')]);
  });

  test('names no song when the open one is removed', async () => {
    const page = await visitWith('A', 'B');
    await page.songs.remove(page.id('B'));
    expect(page.history.hash).toBe('');
  });
});

describe('Back and Forward', () => {
  test('move between the songs, down to the start', async () => {
    const page = await visitWith('A', 'B');
    const { entries } = page.history;
    page.history.go(-1);
    await page.until('A*:kept B:kept');
    page.history.go(-1);
    await page.until('A:kept B:kept');
    page.history.go(2);
    await page.until('A:kept B*:kept');
    expect(page.history.entries).toEqual(entries);
    // From the start, a song is a new step again.
    page.history.go(-2);
    await page.until('A:kept B:kept');
    await page.songs.listen(page.id('B'));
    expect(page.history.entries).toEqual(['', page.address('B')]);
  });

  test('to a song that was removed show the start, and say so', async () => {
    const page = await visitWith('A', 'B');
    await page.songs.remove(page.id('A'));
    page.history.go(-1);
    await page.until('B:kept');
    expect([page.gone, page.history.hash]).toEqual([1, '']);
  });

  test('to a song that cannot be read leave the open one, whose address comes back', async () => {
    const page = await visitWith('A', 'B');
    await page.browser.archiveStore.write(page.id('A'), 'vocals-0.f32', new Uint8Array(3));
    const address = page.address('B');
    page.history.go(-1);
    await expect.poll(() => page.notices).toEqual([{ kind: 'error', error: expect.any(Error) }]);
    await expect.poll(() => page.history.hash).toBe(address);
    expect(page.states).toBe('A:kept B*:kept');
  });

  test('leave alone what is being separated', async () => {
    const page = await visitWith('A');
    page.separator.hold();
    await page.add('B');
    await expect.poll(() => page.states).toMatch(/B\*:separating/);
    page.history.go(-1);
    await expect.poll(() => page.states).toMatch(/A\*:kept B:separating/);
    page.separator.allow();
    page.history.go(1);
    await page.until('A:kept B*:kept');
  });
});
