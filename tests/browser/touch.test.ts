import type { CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BuiltPage, openBuiltPage } from './built-page.ts';
import { openTone } from './tone-song.ts';

const SECONDS = 20;

let built: BuiltPage;
let page: BuiltPage['page'];
let fingers: CDPSession;

beforeAll(async () => {
  built = await openBuiltPage({ height: 740, touch: true });
  page = built.page;
  fingers = await page.context().newCDPSession(page);
  await openTone(page, SECONDS);
});

afterAll(async () => {
  await built?.close();
});

const position = () => page.locator('#position').evaluate((input: HTMLInputElement) => input.valueAsNumber);

/** The mixture's picture, on the screen and clear of what sticks to its top. */
async function plot() {
  const picture = page.locator('[data-picture="mixture"]');
  await picture.evaluate((element) => element.scrollIntoView({ block: 'center', behavior: 'instant' }));
  const box = await picture.boundingBox();
  if (!box) throw new Error('The picture is not shown.');
  return { x: (unit: number) => box.x + unit * box.width, y: box.y + box.height / 2 };
}

/** Puts fingers down at shares of the picture's width, moves them, and lifts them. */
async function moveFingers(from: readonly number[], to: readonly number[]): Promise<void> {
  const { x, y } = await plot();
  const steps = 8;
  const points = (share: number) =>
    from.map((begin, id) => ({ id, x: x(begin + (to[id] - begin) * share), y: y + 10 * id }));
  await fingers.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: points(0) });
  for (let n = 1; n <= steps; n++) {
    await fingers.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: points(n / steps) });
  }
  await fingers.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

async function tap(unit: number): Promise<number> {
  const { x, y } = await plot();
  await page.touchscreen.tap(x(unit), y);
  return await position();
}

test('a tap on a picture seeks', async () => {
  expect(Math.abs((await tap(0.75)) - 0.75 * SECONDS)).toBeLessThan(0.2);
});

test('two fingers that part zoom in round their middle, and one moves what is seen', async () => {
  const whole = page.locator('.score-tools .group button').last();
  expect(await whole.isDisabled()).toBe(true);
  await moveFingers([0.4, 0.6], [0.1, 0.9]);
  await expect.poll(() => whole.isEnabled()).toBe(true);
  // Both fingers stay on their moments, 8 s and 12 s, however many of their moves the browser joins into one.
  expect(Math.abs((await tap(0.1)) - 0.4 * SECONDS)).toBeLessThan(0.1);
  expect(Math.abs((await tap(0.9)) - 0.6 * SECONDS)).toBeLessThan(0.1);
  await moveFingers([0.8], [0.3]);
  // A drag is no tap.
  expect(Math.abs((await position()) - 0.6 * SECONDS)).toBeLessThan(0.1);
  // Five seconds are seen, and half of them were moved; what the finger wanders before it counts as a drag is not lost.
  expect(Math.abs((await tap(0.5)) - 12.5)).toBeLessThan(0.1);
  // Four times as near to each other again: the whole song, and no more.
  await moveFingers([0.3, 0.7], [0.45, 0.55]);
  await expect.poll(() => whole.isDisabled()).toBe(true);
  expect(Math.abs((await tap(0.5)) - 0.5 * SECONDS)).toBeLessThan(0.1);
});

test('a finger that goes up or down scrolls the page, and does nothing to the song', async () => {
  const before = await position();
  const { x, y } = await plot();
  const top = await page.evaluate(() => scrollY);
  const down = (n: number) => [{ id: 0, x: x(0.5), y: y + 20 * n }];
  await fingers.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: down(0) });
  for (let n = 1; n <= 10; n++)
    await fingers.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: down(n) });
  await fingers.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect.poll(() => page.evaluate(() => scrollY)).toBeLessThan(top - 50);
  expect(await position()).toBe(before);
});

test('what has the focus never lies under what sticks to the top', async () => {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>('main details')) details.open = true;
    scrollTo(0, document.documentElement.scrollHeight);
  });
  await page.locator('footer a, footer button').last().focus();
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
  expect(built.problems).toEqual([]);
});
