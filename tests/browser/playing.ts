import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { play, plays } from './app.ts';

/** Waits for the next frame of the screen: what was done before is shown then. */
export const nextFrame = (page: Page) => page.evaluate(() => new Promise(requestAnimationFrame));

/** Lets the whole song play round and round: on a slow machine it would come to its end before it is looked at. */
export async function goRound(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const id of ['loop-clear', 'loop-toggle']) document.getElementById(id)?.click();
  });
}

/** Ends that, without marks. */
export async function goStraight(page: Page): Promise<void> {
  await page.evaluate(() => document.getElementById('loop-clear')?.click());
}

/** Pauses the song, if it plays: it may have come to its end by itself. */
export async function pause(page: Page): Promise<void> {
  await expect
    .poll(async () => {
      if (await plays(page)) await play(page).evaluate((button: HTMLElement) => button.click());
      // Not before its label is shown: a second click would play again.
      await nextFrame(page);
      return plays(page);
    })
    .toBe(false);
}
