import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { button, chineseText, choose, errorNotice, errorText, named, press, saveButton, speak } from './app.ts';
import { visitPage } from './built-page.ts';
import { openTone } from './tone-song.ts';

/** Opens the page for who speaks a language. It is not kept for use without a network: a note would say so at some moment. */
const open = async (locale: string) => (await visitPage({ context: { locale } })).page;

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

test('the language follows the browser and switches without a reload: song, loop and error stay', async () => {
  const page = await open('zh-TW');
  await button(page, 'start.demo').waitFor();
  expect(await facts(page)).toEqual(['zh-CN', 'ltr', chineseText('page.title')]);
  await openTone(page);
  await press(page, 'End');
  await press(page, ']');
  await named(page, 'slider', 'practice.loopEnd').waitFor();
  await page.getByText(chineseText('engine.title'), { exact: true }).click();
  // What comes by itself has come: the song is kept, and the list says what space is left.
  await page.getByText(chineseText('songs.keeping.kept'), { exact: true }).waitFor({ state: 'attached' });
  await page.getByText(/GB/).first().waitFor({ state: 'attached' });
  const before = await chinese(page);
  expect(before.length).toBeGreaterThan(60);
  const announced = await page.getByRole('status').allTextContents();
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));

  await speak(page, 'en');
  await expect.poll(() => facts(page)).toEqual(['en', 'ltr', '✓ A tone · Unsung']);
  // Some of it is written with the next frame of the screen.
  await expect.poll(() => chinese(page)).toEqual([]);
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
  expect(await saveButton(page, 'vocals').isEnabled()).toBe(true);
  expect(await named(page, 'slider', 'practice.loopEnd').isVisible()).toBe(true);

  await speak(page, 'zh-CN');
  // What was announced before is not announced again; the space left on the disk may be another.
  const lasting = (texts: readonly string[]) =>
    texts.filter((text) => !announced.includes(text)).map((text) => text.replace(/[\d.]+/g, '0'));
  await expect.poll(async () => lasting(await chinese(page)).sort()).toEqual(lasting(before).sort());
  await page.reload();
  await expect.poll(async () => (await facts(page))[0]).toBe('zh-CN');
});

test('an error of the engine is shown in the page’s language, also after a switch', async () => {
  const page = await open('zh-CN');
  const words = { name: 'words.wav', mimeType: 'audio/wav', buffer: Buffer.from('These are words.') };
  await choose(page, words);
  const chineseError = await errorNotice(page).getByRole('paragraph').innerText();
  expect(chineseError).toContain('“words.wav”');
  expect(chineseError.replace(/“words\.wav”|WAV|MP3|FLAC|AIFF|Ogg|Opus|M4A|AAC|WebM|MP4/g, '')).not.toMatch(/[A-Za-z]/);
  await speak(page, 'en');
  const english = await errorNotice(page).evaluate((box) => box.outerHTML);
  expect(english).toContain(errorText('audio.not-audio', { name: 'words.wav' }));
  expect(english).not.toMatch(/\p{Script=Han}/u);
  await speak(page, 'zh-CN');
  expect(await errorNotice(page).getByRole('paragraph').innerText()).toBe(chineseError);
});
