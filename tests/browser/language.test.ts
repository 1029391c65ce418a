import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { builtPage } from './builds.ts';
import { launchChromium } from './chromium.ts';
import { openTone } from './tone-song.ts';

let site: PreviewServer;
let browser: Browser;
let address: string;
let context: BrowserContext | undefined;

beforeAll(async () => {
  site = await preview({ logLevel: 'error', build: { outDir: await builtPage() }, preview: { port: 0 } });
  address = `${site.resolvedUrls?.local[0]}?backend=wasm&model=paper`;
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

// Also of a test that failed: what its page still works on would slow the next try down.
afterEach(async () => {
  await context?.close();
  context = undefined;
});

/** Opens the page for who speaks a language. It is not kept for use without a network: a note would say so at some moment. */
async function open(locale: string): Promise<Page> {
  context = await browser.newContext({ locale, viewport: { width: 1280, height: 900 }, serviceWorkers: 'block' });
  // Twice the default: the machine may be busy with separating.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

/** What the page says of itself. */
const facts = (page: Page) =>
  page.evaluate(() => [document.documentElement.lang, document.documentElement.dir, document.title]);

/** Everything that is said in Chinese: texts, and what stands in attributes; not the names of languages. */
const chinese = (page: Page) =>
  page.evaluate(() => {
    const han = /\p{Script=Han}/u;
    const found: string[] = [];
    for (const element of document.querySelectorAll('body *')) {
      if (element instanceof HTMLOptionElement && element.lang) continue;
      for (const node of element.childNodes) {
        if (node instanceof Text && han.test(node.data)) found.push(node.data);
      }
      for (const { name, value } of element.attributes) if (han.test(value)) found.push(`${name}=${value}`);
    }
    return found;
  });

test('the language is the browser’s, and is switched without a reload: the song, the loop, the error stay', async () => {
  const page = await open('zh-TW');
  await page.locator('#demo').waitFor();
  expect(await facts(page)).toEqual(['zh-CN', 'ltr', 'Unsung：把歌声从歌曲中分离出来']);
  await openTone(page);
  await page.locator('body').press('End');
  await page.locator('body').press(']');
  await page.locator('.loop-region').waitFor();
  await page.locator('#engine summary').click();
  // What comes by itself has come: the song is kept, and the list says what room is left.
  await page.locator('.song-row[data-keeping="kept"]').waitFor({ state: 'attached' });
  await page.locator('.songs-space', { hasText: 'GB' }).waitFor();
  const before = await chinese(page);
  expect(before.length).toBeGreaterThan(60);
  const announced = await page.locator('.visually-hidden[role=status]').allTextContents();
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));

  await page.locator('header select').selectOption('en');
  await expect.poll(() => facts(page)).toEqual(['en', 'ltr', 'Unsung: take the singing out of a song']);
  // Some of it is written with the next picture of the screen.
  await expect.poll(() => chinese(page)).toEqual([]);
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
  expect(await page.locator('#save-vocals').isEnabled()).toBe(true);
  expect(await page.locator('.loop-region').isVisible()).toBe(true);

  await page.locator('header select').selectOption('zh-CN');
  // What was announced before is not announced again; the room left on the disk may be another.
  const lasting = (texts: readonly string[]) =>
    texts.filter((text) => !announced.includes(text)).map((text) => text.replace(/[\d.]+/g, '0'));
  await expect.poll(async () => lasting(await chinese(page)).sort()).toEqual(lasting(before).sort());
  await page.reload();
  await expect.poll(async () => (await facts(page))[0]).toBe('zh-CN');
});

test('an error of the engine is said in the page’s language, also when that changes', async () => {
  const page = await open('zh-CN');
  const words = { name: 'words.wav', mimeType: 'audio/wav', buffer: Buffer.from('These are words.') };
  await page.setInputFiles('input[type=file]', words);
  const text = await page.locator('.notice.error p').innerText();
  expect(text).toContain('“words.wav”');
  expect(text.replace(/“words\.wav”|WAV|MP3|FLAC|Ogg|Opus|M4A|AAC|WebM|MP4/g, '')).not.toMatch(/[A-Za-z]/);
  await page.locator('header select').selectOption('en');
  const english = await page.locator('.notice.error').evaluate((box) => box.outerHTML);
  expect(english).toContain('“words.wav” is not an audio file.');
  expect(english).not.toMatch(/\p{Script=Han}/u);
  await page.locator('header select').selectOption('zh-CN');
  expect(await page.locator('.notice.error p').innerText()).toBe(text);
});
