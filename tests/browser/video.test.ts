import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { ExportKind } from '../../src/player/export/export-request.ts';
import { reference, tracksIn } from '../containers/videos.ts';
import {
  choose,
  named,
  opened,
  openSaveMenu,
  PATIENCE_MS,
  picture,
  play,
  positionNow,
  practice,
  saveButton,
  seek,
  separated,
  text,
} from './app.ts';
import { visitPage } from './built-page.ts';
import { goRound, pause } from './playing.ts';
import { savedBytes } from './shared-browser.ts';
import { stateIs } from './song-list.ts';
import { openTone } from './tone-song.ts';

const FOLDER = new URL('../fixtures/video/', import.meta.url);

/** What the page calls them: the title in their tags, else the file's name. */
const TITLES: Readonly<Record<string, string>> = {
  'plain.webm': 'plain',
  'two-sounds.mp4': 'Test song',
  'two-sounds.mkv': 'Test song',
};

async function openVideo(page: Page, name: string): Promise<void> {
  await choose(page, { name, mimeType: '', buffer: await readFile(new URL(name, FOLDER)) });
  await opened(page, TITLES[name]);
  await separated(page);
  await picture(page).waitFor({ state: 'visible', timeout: PATIENCE_MS });
}

/** Where the picture is, seconds. */
const pictureNow = (page: Page) => picture(page).evaluate((video: HTMLVideoElement) => video.currentTime);

async function saved(page: Page, kind: ExportKind): Promise<Download> {
  const saving = page.waitForEvent('download', { timeout: PATIENCE_MS });
  await saveButton(page, kind).click();
  return await saving;
}

const tracksOf = async (download: Download) => tracksIn(new Blob([Uint8Array.from(await savedBytes(download))]));

describe('a video', () => {
  test('shows its picture in step with the song, without its own sound', async () => {
    const { page } = await visitPage();
    await openVideo(page, 'plain.webm');
    expect(await picture(page).evaluate((video: HTMLVideoElement) => video.muted)).toBe(true);
    await seek(page, 1.2);
    await expect.poll(() => pictureNow(page)).toBeCloseTo(1.2, 1);
    await goRound(page);
    await play(page).click();
    const isPaused = () => picture(page).evaluate((video: HTMLVideoElement) => video.paused);
    await expect.poll(isPaused).toBe(false);
    // A busy machine shows some frames late.
    await expect
      .poll(async () => {
        const [position, shown] = await Promise.all([positionNow(page), pictureNow(page)]);
        return Math.abs(position - shown);
      })
      .toBeLessThan(0.15);
    await pause(page);
    await expect.poll(isPaused).toBe(true);
    await expect.poll(async () => Math.abs((await positionNow(page)) - (await pictureNow(page)))).toBeLessThan(0.05);
  });

  test.each([
    ['plain.webm', 'webm', 'opus'],
    ['two-sounds.mp4', 'mp4', 'aac'],
    ['two-sounds.mkv', 'mkv', 'flac'],
  ])('%s is saved with the accompaniment, its picture byte for byte', async (name, ending, codec) => {
    const { page } = await visitPage();
    await openVideo(page, name);
    const file = await saved(page, 'video-accompaniment');
    expect(file.suggestedFilename()).toBe(`${name.replace(/\.\w+$/, '')} (Accompaniment).${ending}`);
    const [pictures, ...sounds] = await tracksOf(file);
    const [expected] = await reference(name);
    expect(pictures.packets.map(({ md5 }) => md5)).toEqual(expected.packets.map(({ md5 }) => md5));
    expect(sounds.map((sound) => sound.codec)).toEqual([codec]);
    expect(sounds[0].packets.at(-1)?.seconds).toBeGreaterThan(1.8);
  });

  test('is saved with the mix at its own speed, and the page says so', async () => {
    const { page } = await visitPage();
    await openVideo(page, 'two-sounds.mkv');
    await practice(page).evaluate((details: HTMLDetailsElement) => {
      details.open = true;
    });
    await named(page, 'slider', 'practice.speed').fill('50');
    const [, sound] = await tracksOf(await saved(page, 'video-mix'));
    const seconds = sound.packets.at(-1)?.seconds;
    expect(seconds).toBeGreaterThan(1.8);
    expect(seconds).toBeLessThan(2.1);
    await named(page, 'region', 'save.region').getByText(text('save.videoWhole')).waitFor();
  });

  test('is offered again after a reload', async () => {
    const { page } = await visitPage();
    await openVideo(page, 'plain.webm');
    await stateIs(page, 'plain', 'songs.keeping.kept');
    await page.reload();
    await opened(page, 'plain');
    await openSaveMenu(page);
    await saveButton(page, 'video-vocals').waitFor({ timeout: PATIENCE_MS });
    await picture(page).waitFor({ state: 'visible' });
  });

  test('is not offered for a song without a picture, which is saved as NI Stems, too', async () => {
    const { page } = await visitPage();
    await openTone(page);
    await openSaveMenu(page);
    expect(await saveButton(page, 'vocals').isVisible()).toBe(true);
    expect(await saveButton(page, 'video-vocals').isVisible()).toBe(false);
    expect(await picture(page).isVisible()).toBe(false);
    const file = await saved(page, 'stems');
    expect(file.suggestedFilename()).toBe('A tone.stem.mp4');
    expect((await tracksOf(file)).map(({ kind, codec }) => `${kind} ${codec}`)).toEqual(new Array(5).fill('audio aac'));
  });
});
