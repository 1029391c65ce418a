import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { button, choose, heading, named, notice, opened, pattern, saveButton, separated, text } from './app.ts';
import { visitPage } from './built-page.ts';
import { savedBytes } from './shared-browser.ts';
import * as list from './song-list.ts';
import { openTone, toneFile } from './tone-song.ts';

/** A tone of so many seconds, under another name. */
const tone = async (name: string, seconds: number) => ({ ...(await toneFile(seconds)), name: `${name}.wav` });

/** Opens songs one after the other, and waits until they are stored. */
async function openSongs(page: Page, ...names: readonly string[]): Promise<void> {
  for (const [n, name] of names.entries()) {
    await choose(page, await tone(name, 2 + n));
    await opened(page, name);
    await list.stateIs(page, name, 'songs.keeping.kept');
  }
}

const hash = (page: Page) => page.evaluate(() => decodeURIComponent(location.hash));
const startButton = (page: Page) => button(page, 'start.demo');

describe('who comes back', () => {
  test('finds the place to drop songs, and the last song open, which does not play', async () => {
    const built = await visitPage();
    await openSongs(built.page, 'First', 'Second');
    await list.listen(built.page, 'First');
    await opened(built.page, 'First');
    await built.page.close();
    const page = await built.visit();
    await named(page, 'region', 'songs.title').getByText(text('start.drop')).waitFor();
    await opened(page, 'First');
    await separated(page);
    expect(await startButton(page).isVisible()).toBe(false);
    expect(await named(page, 'button', 'player.play').isVisible()).toBe(true);
    expect(await hash(page)).toMatch(/^#\/song\/[0-9a-f]{8}\/First$/);
  });

  test('never sees the start on the way to the song', async () => {
    const built = await visitPage({
      before: () => {
        const look = () => {
          const start = document.querySelector('.start');
          if (start instanceof HTMLElement && start.checkVisibility()) Object.assign(window, { start: true });
          requestAnimationFrame(look);
        };
        look();
      },
    });
    await openSongs(built.page, 'First');
    expect(await built.page.evaluate(() => 'start' in window)).toBe(true);
    await built.page.reload();
    await opened(built.page, 'First');
    expect(await built.page.evaluate(() => 'start' in window)).toBe(false);
  });
});

describe('the address', () => {
  test('names the open song; Back, Forward, a reload and a bookmark open it', async () => {
    const built = await visitPage();
    const { page } = built;
    await openSongs(page, 'First', 'Second');
    const bookmark = page.url();
    await page.goBack();
    await opened(page, 'First');
    expect(await hash(page)).toMatch(/First$/);
    await page.goBack();
    await startButton(page).waitFor();
    await page.goForward();
    await opened(page, 'First');
    await page.reload();
    await opened(page, 'First');
    await page.goForward();
    await opened(page, 'Second');
    await page.goto('about:blank');
    await list.listen(await built.visit(), 'First');
    await page.goto(bookmark);
    await opened(page, 'Second');
    expect(built.requests.some((address) => address.includes('Second'))).toBe(false);
  });

  test('of a song that is gone shows the start and says so', async () => {
    const { page } = await visitPage();
    await openSongs(page, 'First', 'Second');
    const gone = page.url();
    await list.remove(page, 'Second');
    await startButton(page).waitFor();
    expect(await hash(page)).toBe('');
    await page.goto('about:blank');
    await page.goto(gone);
    await notice(page, text('notice.songGone')).waitFor();
    await startButton(page).waitFor();
    expect(await hash(page)).toBe('');
    expect(await list.names(page)).toEqual(['First']);
  });

  test('leaves “How it works” its own; from there the way leads back to the song', async () => {
    const { page } = await visitPage();
    await openSongs(page, 'First');
    const address = page.url();
    await named(page, 'link', 'learn.link').click();
    await expect.poll(() => hash(page)).toMatch(/^#\/learn/);
    await page.reload();
    await expect.poll(() => page.title()).toBe(text('learn.pageTitle'));
    await page.locator('#learn-back').click();
    await opened(page, 'First');
    await expect.poll(() => page.url()).toBe(address);
  });
});

describe('a song whose file has tags', () => {
  test('is called by them, with its cover, also at the next visit; saved files keep the file’s name', async () => {
    const { page } = await visitPage();
    const tags = JSON.parse(await readFile('tests/fixtures/audio/tags/tags.json', 'utf8'))['id3v24-front.mp3'].tags;
    const name = `${tags.artist} – ${tags.title}`;
    const buffer = await readFile(join('tests/fixtures/audio/tags', 'id3v24-front.mp3'));
    await choose(page, { name: '01 track.mp3', mimeType: 'audio/mpeg', buffer });
    await opened(page, name);
    await list.stateIs(page, name, 'songs.keeping.kept');
    /** Sizes of the covers in sight, pixels: of the song, and of its row. */
    const covers = () =>
      page
        .locator('img.song-cover')
        .evaluateAll((images) =>
          (images as HTMLImageElement[]).map(({ complete, naturalWidth }) => (complete ? naturalWidth : 0)),
        );
    await expect.poll(covers).toEqual([128, 128]);
    await separated(page);
    const [file] = await Promise.all([page.waitForEvent('download'), saveButton(page, 'vocals').click()]);
    expect(file.suggestedFilename()).toMatch(/^01 track \(Vocals\)/);
    expect((await savedBytes(file)).length).toBeGreaterThan(1000);
    await page.reload();
    await opened(page, name);
    await expect.poll(covers).toEqual([128, 128]);
    expect(await list.title(page, name).getAttribute('title')).toContain(name);
  });

  test('the demo song is called by its own name', async () => {
    const { page } = await visitPage();
    await startButton(page).click();
    await opened(page, text('start.demoName'));
    await list.stateIs(page, text('start.demoName'), 'songs.keeping.kept');
    expect(await heading(page).textContent()).toBe(text('start.demoName'));
  });
});

test('the menu of a row is used by keyboard alone', async () => {
  const { page } = await visitPage();
  await openTone(page);
  await choose(page, await tone('Other', 3));
  await list.stateIs(page, 'Other', 'songs.keeping.kept');
  await list.unfold(page);
  const row = list.row(page, 'Other');
  const more = list.more(page, 'Other');
  const focused = () => page.evaluate(() => document.activeElement?.textContent || document.activeElement?.ariaLabel);
  await more.focus();
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe(text('songs.up'));
  await page.keyboard.press('ArrowDown');
  expect(await focused()).toBe(text('songs.choose'));
  await page.keyboard.press('End');
  expect(await focused()).toBe(text('songs.remove'));
  await page.keyboard.press('ArrowDown');
  expect(await focused()).toBe(text('songs.up'));
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'hidden' });
  expect(await focused()).toBe(text('songs.more', { name: 'Other' }));
  await page.keyboard.press('ArrowDown');
  await expect.poll(focused).toBe(text('songs.up'));
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect.poll(() => list.names(page)).toEqual(['Other', 'A tone']);
  expect(await focused()).toBe(text('songs.more', { name: 'Other' }));
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await row.getByText(pattern('songs.removeAsk')).waitFor();
  expect(await focused()).toBe(text('songs.removeNo'));
  await page.keyboard.press('Escape');
  await row.getByText(pattern('songs.removeAsk')).waitFor({ state: 'hidden' });
  expect(await focused()).toBe(text('songs.more', { name: 'Other' }));
});
