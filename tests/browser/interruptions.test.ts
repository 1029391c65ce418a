import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { button, choose, notice, PATIENCE_MS, passes, play, plays, positionNow, progress, text } from './app.ts';
import { visitPage } from './built-page.ts';
import { toneFile } from './tone-song.ts';

/** The song must not come to its end before the tests do, however slow the machine is. */
const SECONDS = 180;

let page: Page;

/** Opens a song that plays, in a page whose audio context a test can take away what a system takes away. */
async function openAndPlay(): Promise<void> {
  ({ page } = await visitPage({
    before: () => {
      const Own = window.AudioContext;
      window.AudioContext = class extends Own {
        constructor(options?: AudioContextOptions) {
          super(options);
          Object.assign(window, { audio: this });
        }
      };
    },
  }));
  await choose(page, await toneFile(SECONDS));
  await play(page).waitFor({ timeout: PATIENCE_MS });
  // Three minutes are not waited for: the original is heard.
  await button(progress(page), 'progress.cancel').click();
  await button(progress(page), 'progress.finish').waitFor();
  await play(page).click();
  await goesOn();
}

/** Waits until the song has gone on by some tenths of a second. */
const goesOn = async () => passes(page, (await positionNow(page)) + 0.3);

/** Seconds that the sound has run, also while the page is not drawn. */
const sounded = () => page.evaluate(() => (window as unknown as { audio: AudioContext }).audio.currentTime);

describe('a song that plays', () => {
  test('resumes after the system has suspended the sound', async () => {
    await openAndPlay();
    await page.evaluate(() => (window as unknown as { audio: AudioContext }).audio.suspend());
    await page.waitForFunction(() => (window as unknown as { audio: AudioContext }).audio.state === 'running');
    await goesOn();
    expect(await plays(page)).toBe(true);
  });

  test('keeps playing in the background, and shows its position when the page is visible again', async () => {
    await openAndPlay();
    const before = await positionNow(page);
    const since = await sounded();
    const other = await page.context().newPage();
    try {
      await other.bringToFront();
      await expect.poll(sounded).toBeGreaterThan(since + 0.7);
    } finally {
      await other.close();
      await page.bringToFront();
    }
    await passes(page, before + 0.6);
    expect(await plays(page)).toBe(true);
  });

  test('resumes at its position after the page was frozen', async () => {
    await openAndPlay();
    const session = await page.context().newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await session.detach();
    await goesOn();
  });

  test('pauses when the headphones may have been unplugged, and shows why', async () => {
    await openAndPlay();
    // Awaited from before on: the note stays for some seconds only.
    const told = notice(page, text('player.outputLost')).waitFor();
    await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event('devicechange')));
    await told;
    await expect.poll(() => plays(page)).toBe(false);
    await play(page).click();
    await goesOn();
  });
});
