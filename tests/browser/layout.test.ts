import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import {
  button,
  choose,
  fader,
  finished,
  heading,
  mix,
  named,
  openSaveMenu,
  PATIENCE_MS,
  painted,
  play,
  plays,
  progress,
  saveButton,
  separated,
  speak,
  spectrogram,
  text,
} from './app.ts';
import { visitPage } from './built-page.ts';
import { names, stateIs } from './song-list.ts';
import { openTone, toneFile } from './tone-song.ts';

/** Opens so many songs, of which the first one is open, and waits until they are separated. */
async function openSongs(page: Page, count: number): Promise<void> {
  const files = Array.from({ length: count }, async (_, n) => ({
    ...(await toneFile(2 + n)),
    name: `Tone ${n + 1}.wav`,
  }));
  await choose(page, ...(await Promise.all(files)));
  await separated(page);
  for (let n = 1; n <= count; n++) await stateIs(page, `Tone ${n}`, 'songs.keeping.kept');
}

/** How far an element reaches out of the window, pixels. */
const outside = (element: Locator) =>
  element.evaluate((it) => {
    const { left, top, right, bottom, width, height } = it.getBoundingClientRect();
    if (width === 0 || height === 0) return Number.POSITIVE_INFINITY;
    return Math.max(0, -left, -top, right - document.documentElement.clientWidth, bottom - window.innerHeight);
  });

const WINDOWS = [
  { width: 1440, height: 900 },
  { width: 1366, height: 768 },
] as const;

test.each(WINDOWS)(
  'with five songs in the list, the result is in sight without scrolling: $width × $height',
  async (viewport) => {
    const { page } = await visitPage({ context: { viewport } });
    await openSongs(page, 5);
    await painted(page, 'mixture');
    expect(await names(page)).toHaveLength(5);
    const parts = {
      play: play(page),
      switch: named(page, 'radiogroup', 'mix.switch'),
      'level of the vocals': fader(page, 'vocals'),
      'level of the accompaniment': fader(page, 'accompaniment'),
      // A waveform is drawn wider than its lane, so that it can be moved.
      'lane of the vocals': named(page, 'img', 'timeline.trackVocals').locator('..'),
      'lane of the accompaniment': named(page, 'img', 'timeline.trackAccompaniment').locator('..'),
      spectrogram: spectrogram(page, 'mixture'),
      list: named(page, 'region', 'songs.title'),
    };
    const inSight = async () => {
      const found = Object.entries(parts).map(async ([name, part]) => [name, await outside(part)] as const);
      return Object.fromEntries(await Promise.all(found));
    };
    const all = Object.fromEntries(Object.keys(parts).map((name) => [name, 0]));
    expect(await inSight()).toEqual(all);
    await speak(page, 'zh-CN');
    await expect.poll(inSight).toEqual(all);
    expect(await page.evaluate(() => scrollY)).toBe(0);
  },
);

test('nothing jumps: not while a song is separated, at its end, when the mix changes, nor when something is saved', async () => {
  const { page } = await visitPage({ context: { viewport: WINDOWS[0] } });
  await choose(page, await toneFile(60));
  await play(page).waitFor({ timeout: PATIENCE_MS });
  /** Where the parts that a hand is on are, in each frame from now on: each place once. */
  await page.evaluate(() => {
    const seen: Record<string, string[]> = {};
    Object.assign(window, { seen });
    const look = () => {
      for (const part of ['#play', '#fader-vocals', '[data-spectrogram="mixture"]', '#open-keys']) {
        const box = document.querySelector(part)?.getBoundingClientRect();
        const place = box && [box.left, box.top, box.width, box.height].map(Math.round).join(' ');
        seen[part] ??= [];
        if (place && !seen[part].includes(place)) seen[part].push(place);
      }
      requestAnimationFrame(look);
    };
    look();
  });
  await separated(page);
  await finished(page);
  await button(page, 'progress.hear').waitFor();
  await fader(page, 'vocals').fill('0.5');
  await openSaveMenu(page);
  await Promise.all([page.waitForEvent('download', { timeout: PATIENCE_MS }), saveButton(page, 'vocals').click()]);
  await page.keyboard.press('Escape');
  const seen = await page.evaluate(() => (window as unknown as { seen: Record<string, string[]> }).seen);
  for (const [part, places] of Object.entries(seen)) expect([part, places]).toEqual([part, [places[0]]]);
});

test('a separated song is announced beside its name and in the window’s title; the accompaniment is one click away', async () => {
  const { page } = await visitPage();
  await choose(page, await toneFile(20));
  await finished(page);
  await expect.poll(() => page.title()).toBe('✓ A tone · Unsung');
  const hear = button(progress(page), 'progress.hear');
  await hear.click();
  await expect.poll(() => plays(page)).toBe(true);
  expect(await mix(page, 'accompaniment').isChecked()).toBe(true);
  // Who has heard it needs no offer.
  await hear.waitFor({ state: 'hidden' });
});

test('a click on nothing and a key leave no ring round the page', async () => {
  const { page } = await visitPage();
  await openTone(page);
  await heading(page).click();
  await page.keyboard.press('2');
  await expect.poll(() => mix(page, 'vocals').isChecked()).toBe(true);
  const outline = await page.evaluate(() => getComputedStyle(document.querySelector('main') as Element).outlineStyle);
  expect(outline).toBe('none');
});

describe('the spectrograms', () => {
  test('are hidden and made higher, also at the next visit, and one can fill the window', async () => {
    const { page } = await visitPage();
    await openTone(page);
    const height = async () => (await spectrogram(page, 'mixture').boundingBox())?.height ?? 0;
    const before = await height();
    const handle = named(page, 'separator', 'spectrogram.height', { spectrogram: text('spectrogram.mixture') });
    await handle.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect.poll(height).toBe(Math.round(before) + 32);
    const grip = await handle.boundingBox();
    if (!grip) throw new Error('The edge of the spectrogram is not shown.');
    await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
    await page.mouse.down();
    await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2 + 40, { steps: 4 });
    await page.mouse.up();
    await expect.poll(height).toBe(Math.round(before) + 72);
    await button(page, 'appearance.title').click();
    const shown = page.getByRole('group', { name: text('appearance.title') });
    await named(shown, 'checkbox', 'spectrogram.mask').uncheck();
    await spectrogram(page, 'mask').waitFor({ state: 'hidden' });

    await stateIs(page, 'A tone', 'songs.keeping.kept');
    await page.reload();
    await separated(page);
    expect(await height()).toBe(Math.round(before) + 72);
    expect(await spectrogram(page, 'mask').isVisible()).toBe(false);
    await handle.dblclick();
    await expect.poll(height).toBe(before);

    const name = { spectrogram: text('spectrogram.vocals') };
    await button(page, 'spectrogram.fill', name).click();
    await painted(page, 'vocals');
    const { width = 0, height: filled = 0 } = (await spectrogram(page, 'vocals').boundingBox()) ?? {};
    expect(width).toBeGreaterThan(900);
    expect(filled).toBeGreaterThan(700);
    expect(await spectrogram(page, 'mixture').isVisible()).toBe(false);
    await page.keyboard.press('Escape');
    await spectrogram(page, 'mixture').waitFor();
  });
});
