import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { button, choose, PATIENCE_MS, passes, play, press, regionField, seek, separated, text } from './app.ts';
import { visitPage } from './built-page.ts';
import { toneFile } from './tone-song.ts';

/** Five patches of the model. */
const SECONDS = 46;
const SOUGHT = 40;

/** What the page showed, one after the other. */
interface Seen {
  /** Text alternatives of the vocals' track: they say what is missing. */
  readonly labels: string[];
  /** What was said beside the clock. */
  readonly said: string[];
  /** The veils' left and right edges as shares of the song, in the order of time. */
  readonly veils: string[];
}

let page: Page;
/** Lets the engine have its network: before that nothing is separated. */
let letGo = () => {};

/** Opens a song in a page whose network does not come before `letGo` is called. */
async function openSong(): Promise<void> {
  ({ page } = await visitPage({
    prepare: async (tab) => {
      const wanted = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      await tab.route(/\/models\/.*\/model\.json$/, async (route) => {
        await wanted;
        await route.continue();
      });
    },
    before: () => {
      const seen: Seen = { labels: [], said: [], veils: [] };
      Object.assign(window, { seen });
      const note = (list: string[], text: string | null | undefined) => {
        if (text && list.at(-1) !== text) list.push(text);
      };
      const look = () => {
        note(seen.labels, document.querySelector('[data-track="vocals"]')?.getAttribute('aria-label'));
        note(seen.said, document.querySelector('.waiting')?.textContent);
        const veils = [...document.querySelectorAll<HTMLElement>('.gap')];
        note(seen.veils, veils.map(({ style }) => `${style.left} ${style.right}`).join(', '));
      };
      new MutationObserver(look).observe(document, { attributes: true, childList: true, subtree: true });
    },
  }));
  onTestFinished(() => letGo());
  await choose(page, await toneFile(SECONDS));
  // Before anything is separated the song can be played.
  await play(page).waitFor({ timeout: PATIENCE_MS });
}

const seen = () => page.evaluate(() => (window as unknown as { seen: Seen }).seen);

/** “0:36–0:46, 1:00–1:02” → seconds. */
function missing(label: string): [from: number, to: number][] {
  const seconds = (time: string) => time.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);
  return [...label.matchAll(/([\d:]+)–([\d:]+)/g)].map(([, from, to]) => [seconds(from), seconds(to)]);
}

test('plays the original at once, separates the sought part first, and fills the gap later', async () => {
  await openSong();
  await press(page, '2');
  await seek(page, SOUGHT);
  await play(page).click();
  // It goes on from there, whether separated or not.
  await passes(page, SOUGHT + 0.5, PATIENCE_MS);
  await expect.poll(async () => (await seen()).said[0]).toBe(text('gaps.standIn'));
  expect((await seen()).labels.map(missing)).toEqual([[[0, SECONDS]]]);
  letGo();
  await separated(page);
  // The last words come with the frame after the last piece.
  await page.waitForFunction(() => document.querySelectorAll('.gap').length === 0);

  const { labels, veils } = await seen();
  const steps = labels.map(missing);
  const first = steps.findIndex((gaps) => gaps.length > 0 && !gaps.some(([from, to]) => from <= SOUGHT && SOUGHT < to));
  expect(first).toBeGreaterThan(-1);
  // What lies before is missing still when what was sought is there, but for the piece that may have been under way.
  expect(steps[first].some(([from, to]) => from <= 20 && to > 20)).toBe(true);
  // Hatched from a place before the sought one, while nothing hatched lies at it.
  expect(
    veils.some((text) => /^(0%|\d[\d.]*%) \d[\d.]*%$/.test(text) && Number.parseFloat(text.split(' ')[1]) > 5),
  ).toBe(true);
  expect(steps.at(-1)).toEqual([]);
  expect(await page.getByText(text('gaps.legend')).isVisible()).toBe(false);
});

test('a region requested by keyboard before there are spectrograms appears with the first one', async () => {
  await openSong();
  const select = button(page, 'region.select');
  const start = regionField(page, 'start');
  for (let presses = 1; presses <= 3; presses++) {
    await select.focus();
    await page.keyboard.press('Enter');
  }
  expect(await select.getAttribute('aria-pressed')).toBe('true');
  expect(await start.isVisible()).toBe(false);
  letGo();
  await start.waitFor({ timeout: PATIENCE_MS });
  expect(Number(await start.inputValue())).toBeCloseTo(0.35 * SECONDS, 2);
});
