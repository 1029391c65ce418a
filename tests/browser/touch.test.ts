import type { CDPSession, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { button, choose, positionNow, spectrogram } from './app.ts';
import { visitPage } from './built-page.ts';
import { nextFrame } from './playing.ts';
import { names, row, stateIs, unfold } from './song-list.ts';
import { openTone, toneFile } from './tone-song.ts';

const SECONDS = 20;

let page: Page;
let fingers: CDPSession;

/** Opens a song on a phone. */
async function openOnPhone(): Promise<void> {
  ({ page } = await visitPage({ height: 740, touch: true }));
  fingers = await page.context().newCDPSession(page);
  await openTone(page, SECONDS);
}

/** The mixture's spectrogram, on the screen and clear of what sticks to its top. */
async function plot() {
  const picture = spectrogram(page, 'mixture');
  await picture.evaluate((element) => element.scrollIntoView({ block: 'center', behavior: 'instant' }));
  const box = await picture.boundingBox();
  if (!box) throw new Error('The picture is not shown.');
  return { x: (unit: number) => box.x + unit * box.width, y: box.y + box.height / 2 };
}

/** Puts fingers down at shares of the spectrogram's width, moves them, and lifts them. */
async function moveFingers(from: readonly number[], to: readonly number[]): Promise<void> {
  const { x, y } = await plot();
  await glide(8, (share) => from.map((begin, id) => ({ id, x: x(begin + (to[id] - begin) * share), y: y + 10 * id })));
}

/** Puts fingers down, moves them in `steps` steps, and lifts them. @param points where they are at a share of the way */
async function glide(steps: number, points: (share: number) => { id: number; x: number; y: number }[]): Promise<void> {
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: ReturnType<typeof points>) =>
    fingers.send('Input.dispatchTouchEvent', { type, touchPoints });
  const moves = Array.from({ length: steps }, (_, n) => send.bind(null, 'touchMove', points((n + 1) / steps)));
  // Sent at once: where each waited for a busy page, a finger would rest long enough to be a long press.
  await Promise.all([send('touchStart', points(0)), ...moves.map((move) => move()), send('touchEnd', [])]);
}

/** Taps, and waits until the song is there. */
async function tapGoesTo(unit: number, seconds: number, tolerance = 0.1): Promise<void> {
  const { x, y } = await plot();
  await page.touchscreen.tap(x(unit), y);
  await expect.poll(async () => Math.abs((await positionNow(page)) - seconds)).toBeLessThan(tolerance);
}

test('a tap on a spectrogram seeks', async () => {
  await openOnPhone();
  await tapGoesTo(0.75, 0.75 * SECONDS, 0.2);
});

test('a pinch zooms around its middle, and one finger pans', async () => {
  await openOnPhone();
  const whole = button(page, 'timeline.fit');
  await tapGoesTo(0.6, 0.6 * SECONDS, 0.2);
  await expect.poll(() => whole.isDisabled()).toBe(true);
  await moveFingers([0.4, 0.6], [0.1, 0.9]);
  await expect.poll(() => whole.isEnabled()).toBe(true);
  // Both fingers stay on their moments, 8 s and 12 s, however many of their moves the browser joins into one.
  await tapGoesTo(0.1, 0.4 * SECONDS);
  await tapGoesTo(0.9, 0.6 * SECONDS);
  await moveFingers([0.8], [0.3]);
  await nextFrame(page);
  // A drag is no tap.
  expect(Math.abs((await positionNow(page)) - 0.6 * SECONDS)).toBeLessThan(0.1);
  // Five seconds are seen, and half of them were moved; what the finger wanders before it counts as a drag is not lost.
  await tapGoesTo(0.5, 12.5);
  // Four times as near to each other again: the whole song, and no more.
  await moveFingers([0.3, 0.7], [0.45, 0.55]);
  await expect.poll(() => whole.isDisabled()).toBe(true);
  await tapGoesTo(0.5, 0.5 * SECONDS);
});

test('a vertical drag scrolls the page and does not affect the song', async () => {
  await openOnPhone();
  const before = await positionNow(page);
  const { x, y } = await plot();
  const top = await page.evaluate(() => scrollY);
  await glide(10, (share) => [{ id: 0, x: x(0.5), y: y + 200 * share }]);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeLessThan(top - 50);
  await nextFrame(page);
  expect(await positionNow(page)).toBe(before);
});

test('the focused element is never under the sticky header', async () => {
  await openOnPhone();
  await page.evaluate(() => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>('main details')) details.open = true;
    scrollTo(0, document.documentElement.scrollHeight);
  });
  await page.getByRole('contentinfo').getByRole('button').last().focus();
  let looked = 0;
  // Backwards: what comes into view from above comes to lie at the top.
  for (let n = 0; n < 120; n++) {
    await page.keyboard.press('Shift+Tab');
    const seen = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const dock = document.querySelector('.dock') as HTMLElement;
      if (element === document.body || element.closest('header')) return 'end';
      if (dock.contains(element)) return 'dock';
      const box = (element.closest('label') ?? element).getBoundingClientRect();
      const over = dock.getBoundingClientRect();
      // Of a control nothing is hidden; what scrolls by itself may be larger than the window.
      const top = element.matches('a, button, input, select, summary, [tabindex]') ? box.top : box.bottom - 1;
      const hidden = box.bottom > over.top && top < over.bottom && box.right > over.left && box.left < over.right;
      return hidden
        ? `${element.outerHTML.slice(0, 160)} in ${element.parentElement?.className}: ${box.top} < ${over.bottom}`
        : 'clear';
    });
    if (seen === 'end') break;
    if (seen === 'dock') continue;
    looked++;
    expect(seen).toBe('clear');
  }
  expect(looked).toBeGreaterThan(20);
});

test('a finger drags a song by its grip to another place', async () => {
  await openOnPhone();
  await choose(page, { ...(await toneFile(3)), name: 'Other.wav' });
  await stateIs(page, 'Other', 'songs.keeping.kept');
  await unfold(page);
  await expect.poll(() => names(page)).toEqual(['A tone', 'Other']);
  const grip = await button(row(page, 'Other'), 'songs.move', { name: 'Other' }).boundingBox();
  const first = await row(page, 'A tone').boundingBox();
  if (!grip || !first) throw new Error('The list is not shown.');
  const from = grip.y + grip.height / 2;
  const to = first.y + 5;
  await glide(8, (share) => [{ id: 0, x: grip.x + grip.width / 2, y: from + (to - from) * share }]);
  await expect.poll(() => names(page)).toEqual(['Other', 'A tone']);
});
