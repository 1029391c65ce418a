import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import {
  chineseText,
  choose,
  errorNotice,
  errorText,
  fader,
  heading,
  level,
  mix,
  opened,
  passes,
  play,
  plays,
  positionNow,
  press,
  type StemName,
  saveButton,
  separated,
  speak,
  spectrogram,
  standsAt,
  text,
} from './app.ts';
import { visitPage } from './built-page.ts';
import { instrumentalFile } from './instrumental-song.ts';
import { goRound, goStraight, nextFrame, pause } from './playing.ts';
import { separateInPage } from './separate-in-page.ts';
import { pieceOf } from './song-files.ts';
import { openTone } from './tone-song.ts';

/** Length of the tone of the tests that need no voice. */
const SECONDS = 10;

describe('the page', () => {
  test('separates a song as Node does: spectrograms, numbers, files', () => separateInPage('wasm'));

  test('switches by keys and by clicks, and the faders follow', async () => {
    const { page } = await visitPage();
    await openTone(page, SECONDS);

    const chosen = (mode: StemName | 'original') => () => mix(page, mode).isChecked();
    const levelOf = (stem: StemName) => () => level(page, stem);
    await page.keyboard.press('2');
    await expect.poll(chosen('vocals')).toBe(true);
    await expect.poll(levelOf('accompaniment')).toBe(text('mix.off'));
    await page.getByText(text('mix.accompaniment'), { exact: true }).first().click();
    await expect.poll(chosen('accompaniment')).toBe(true);
    await expect.poll(levelOf('accompaniment')).toBe(text('mix.decibels', { level: '0.0' }));
    await expect.poll(levelOf('vocals')).toBe(text('mix.off'));
    await fader(page, 'vocals').fill('0.5');
    await page
      .getByRole('status')
      .filter({ hasText: text('mix.custom') })
      .waitFor();
    for (const mode of ['original', 'vocals', 'accompaniment'] as const) expect(await chosen(mode)()).toBe(false);
    await press(page, '1');
    await expect.poll(chosen('original')).toBe(true);
  });

  test('says beside a song without a voice that hardly any singing was found; not beside one with singing', async () => {
    const { page } = await visitPage();
    await choose(page, await instrumentalFile(6));
    await separated(page);
    const hint = page.getByText(text('confidence.little-voice'));
    await hint.waitFor();
    await speak(page, 'zh-CN');
    await page.getByText(chineseText('confidence.little-voice')).waitFor();
    await speak(page, 'en');
    const demo = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
    await choose(page, await pieceOf(demo, 'With a voice.wav', 12, 18));
    await opened(page, 'With a voice');
    await separated(page);
    expect(await hint.count()).toBe(0);
  });

  test('plays, pauses and seeks', async () => {
    const { page } = await visitPage();
    await openTone(page, SECONDS);

    await goRound(page);
    await play(page).click();
    await passes(page, 0.5);
    expect(await plays(page)).toBe(true);
    await pause(page);
    await goStraight(page);
    await nextFrame(page);
    const stopped = await positionNow(page);
    await page.waitForTimeout(300);
    expect(await positionNow(page)).toBe(stopped);
    const picture = spectrogram(page, 'mixture');
    await picture.click({ position: { x: 300, y: 30 } });
    const width = await picture.evaluate((element) => element.clientWidth);
    await standsAt(page, (300 / width) * SECONDS, 0.05);
    await press(page, 'End');
    await press(page, 'ArrowLeft');
    await standsAt(page, SECONDS - 5, 0.05);
  });

  test('shows what is wrong with a bad file, and keeps the open song', async () => {
    const { page } = await visitPage();
    await openTone(page, SECONDS);

    for (const [name, code, content] of [
      ['notes.txt', 'audio.not-audio', 'la la la'],
      ['nothing.mp3', 'audio.empty-file', ''],
    ] as const) {
      await choose(page, { name, mimeType: 'text/plain', buffer: Buffer.from(content) });
      await errorNotice(page, errorText(code, { name })).waitFor();
      expect(await heading(page).textContent()).toBe('A tone');
      expect(await saveButton(page, 'vocals').isEnabled()).toBe(true);
    }
    await heading(page).click();
    await press(page, ' ');
    await passes(page, 0.3);
  });

  test('can be switched to Chinese', async () => {
    const { page } = await visitPage();
    await openTone(page, SECONDS);

    await speak(page, 'zh-CN');
    await page.getByRole('radiogroup', { name: chineseText('mix.switch') }).waitFor();
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
  });
});
