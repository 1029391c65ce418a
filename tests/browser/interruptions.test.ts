import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtPage } from './builds.ts';
import { launchChromium } from './chromium.ts';
import { openTone } from './tone-song.ts';

let site: PreviewServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  site = await preview({ logLevel: 'error', build: { outDir: await builtPage() }, preview: { port: 0 } });
  browser = await launchChromium();
  context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
  // The player's audio context, for the tests to take away what a system takes away.
  await page.addInitScript(() => {
    const Own = window.AudioContext;
    window.AudioContext = class extends Own {
      constructor(options?: AudioContextOptions) {
        super(options);
        Object.assign(window, { audio: this });
      }
    };
  });
  await page.goto(`${site.resolvedUrls?.local[0]}?backend=wasm`);
  await openTone(page, 60);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const position = () => page.locator('#position').evaluate((input) => (input as HTMLInputElement).valueAsNumber);

/** Waits until the song has gone on by some tenths of a second. */
async function goesOn(): Promise<void> {
  const from = await position();
  await page.waitForFunction(
    (least) => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > least,
    from + 0.3,
  );
}

const playing = () => page.locator('#play').getAttribute('aria-label');

async function play(): Promise<void> {
  if ((await playing()) === 'Play') await page.locator('#play').click();
  await goesOn();
}

describe('a song that plays', () => {
  test('goes on after the system has put the sound to sleep', async () => {
    await play();
    await page.evaluate(() => (window as unknown as { audio: AudioContext }).audio.suspend());
    await page.waitForFunction(() => (window as unknown as { audio: AudioContext }).audio.state === 'running');
    await goesOn();
    expect(await playing()).toBe('Pause');
  });

  test('plays on in the background, and shows where it is when it comes back', async () => {
    await play();
    const before = await position();
    const other = await context.newPage();
    await other.bringToFront();
    await other.waitForTimeout(700);
    await page.bringToFront();
    await page.waitForFunction(
      (least) => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > least,
      before + 0.6,
    );
    expect(await playing()).toBe('Pause');
    await other.close();
  });

  test('goes on where it was when the whole page was frozen and is thawed', async () => {
    await play();
    const session = await context.newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await goesOn();
    await session.detach();
  });

  test('stops when the headphones may have been unplugged, and says why', async () => {
    await play();
    await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event('devicechange')));
    await page.locator('.notice', { hasText: 'output has changed' }).waitFor();
    expect(await playing()).toBe('Play');
    await page.locator('#play').click();
    await goesOn();
  });
});
