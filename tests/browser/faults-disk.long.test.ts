import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { storageErrors } from '../../src/i18n/en/errors/storage.ts';
import { paintEn } from '../../src/learning/paint/en.ts';
import {
  button,
  choose,
  errorNotice,
  notice,
  opened,
  passes,
  pattern,
  play,
  press,
  progress,
  saveButton,
  saveFormat,
  separated,
  text,
} from './app.ts';
import type { FaultInjector, WriteFault } from './fault-injection.ts';
import { expectWhole, type KnownSong, knownSong, openWhole, visitFaulty } from './fault-songs.ts';
import { stillFile } from './song-files.ts';
import * as list from './song-list.ts';
import { step } from './step.ts';
import { toneFile } from './tone-song.ts';

/*
 * The disk is full in the middle of each file that the page writes: what is separated can be played and saved, the page
 * says what to do, and when there is space, it is stored. The kinds of writes, by their files:
 * - waiting/ID: the copy of a song that is not separated yet: song, waiting.json;
 * - shelf/ID: a kept song: original-N.f32, vocals-N.f32, mask.u16, levels.u8, source, song.json, painting-a, painting-b;
 * - long/ID: a long song: original.f32, vocals.f32, mask.u16, levels.u8, then as above;
 * - unsung-exports, or a file that the person chose: what is saved;
 * - caches: weights by their SHA-256, the probe of backends; local storage: order, choices, settings of the player.
 * models.long.test.ts adds models, songs.test.ts and long-kept.long.test.ts have the browser's own quota.
 */

let song: KnownSong;

beforeAll(async () => {
  song = await knownSong('Song', 8, 6);
});

/** A small song, to be removed when space is wanted. */
const filler = async (n: number) => ({ ...(await toneFile(1 + n / 10)), name: `Filler ${n}.wav` });

/** Opens the page with small songs that are kept. */
async function open(count: number, path = '') {
  const { built, faults } = await visitFaulty({}, { path: `?backend=wasm&model=paper${path}` });
  await choose(built.page, ...(await Promise.all(Array.from({ length: count }, (_, n) => filler(n)))));
  for (let n = 0; n < count; n++) await list.stateIs(built.page, `Filler ${n}`, 'songs.keeping.kept');
  return { built, page: built.page, faults };
}

/** Makes each file that matches full, in the middle. */
const fill = (faults: FaultInjector, write: WriteFault) => faults.set({ write: { after: 100, ...write } });

/** The song is kept, opens at the next visit, and is whole. */
async function keptAtNextVisit(page: Page, visit: () => Promise<Page>): Promise<void> {
  await list.stateIs(page, song.name, 'songs.keeping.kept');
  await page.close();
  const next = await visit();
  await openWhole(next, song);
  await expectWhole(next, song);
}

/** Waits for what the page says of a song without space, and takes that away. */
async function toldOfNoSpace(page: Page, key: 'songs' | 'painting'): Promise<void> {
  const told = errorNotice(page, text(`${key}.full`, { name: song.name }));
  await told.waitFor();
  expect(await told.textContent()).toContain(text(`${key}.fullHint`));
  await button(told, 'notice.close').click();
}

test.for(['^song$', '^waiting\\.json$'])(
  'a full disk in the copy of a song that waits (%s) is said; the song is kept when it is separated',
  async (file) => {
    const { built, page, faults } = await open(0);
    await fill(faults, { file });
    // Awaited from before on: a note stays for some seconds only.
    await Promise.all([notice(page, text('pending.full', { name: song.name })).waitFor(), choose(page, song.file)]);
    expect(await faults.happened()).toBeGreaterThan(0);
    expect(await list.pending(page)).toEqual([]);
    await keptAtNextVisit(page, () => built.visit());
  },
);

test.for([
  { kind: 'in memory', path: '', files: ['original-0', 'vocals-1', 'mask', 'levels', 'source', 'song\\.json'] },
  { kind: 'on disk', path: '&long=3', files: ['mask', 'levels', 'source', 'song\\.json'] },
])(
  'a full disk in each file of a song $kind that is archived is said; the song is kept when there is space',
  async ({ path, files }) => {
    const { built, page, faults } = await open(files.length, path);
    await fill(faults, { file: files[0] });
    await choose(page, song.file);
    await separated(page);
    // After each file space is made, and the next one is full.
    for (const [n, file] of files.entries()) {
      await step(`full in ${file}`, async () => {
        const before = n > 0 ? await faults.happened() : 0;
        if (n > 0) {
          await fill(faults, { file });
          await list.remove(page, `Filler ${n}`);
        }
        await expect.poll(() => faults.happened()).toBeGreaterThan(before);
        await toldOfNoSpace(page, 'songs');
        await list.stateIs(page, song.name, 'songs.keeping.full');
        // Nothing half is left.
        await expect.poll(() => list.archived(page)).toHaveLength(files.length - n);
      });
    }
    await expectWhole(page, song);
    await faults.set({});
    await list.remove(page, 'Filler 0');
    await keptAtNextVisit(page, () => built.visit());
  },
);

test.for([
  { what: 'samples', write: { file: '^original\\.f32$', after: 50_000 } },
  { what: 'space for the vocals', write: { file: '^vocals\\.f32$', on: 'reserve' } },
] as const)('a full disk in the $what of a long song takes it into memory', async ({ write }) => {
  const { built, page, faults } = await open(0, '&long=3');
  await faults.set({ write });
  await choose(page, song.file);
  await separated(page);
  expect(await list.archived(page)).toHaveLength(1);
  await expectWhole(page, song);
  await expect.poll(() => list.onDisk(page)).toEqual([]);
  await keptAtNextVisit(page, () => built.visit());
});

test('a full disk in the vocals of a long song stops its separation, which goes on when there is space', async () => {
  const { built, page, faults } = await open(0, '&long=3');
  await fill(faults, { file: '^vocals\\.f32$', on: 'write' });
  await choose(page, song.file);
  const [hint] = storageErrors['long-song.no-space'].hint.split('.');
  await errorNotice(page, hint).waitFor();
  await play(page).click();
  await passes(page, 0.3);
  await press(page, ' ');
  await faults.set({});
  await button(progress(page), 'progress.finish').click();
  await separated(page);
  await expectWhole(page, song);
  await keptAtNextVisit(page, () => built.visit());
});

test('a full disk in a painting is said; it stays with its song, and is kept when there is space', async () => {
  const { built, page, faults } = await open(1);
  await choose(page, song.file);
  await list.stateIs(page, song.name, 'songs.keeping.kept');
  await fill(faults, { file: '^painting' });
  await page.evaluate(() => {
    location.hash = '#/learn/paint';
  });
  await page.getByRole('button', { name: paintEn['paint.none'], exact: true }).click();
  await toldOfNoSpace(page, 'painting');
  await page.evaluate(() => {
    location.hash = '';
  });
  await list.stateIs(page, song.name, 'songs.keeping.painting-not-kept');
  const isSilent = async (of: Page) =>
    (await list.savedStem(of, 'vocals')).channels.every((channel) => channel.every((value) => Math.abs(value) < 1e-3));
  // Another song is opened and this one again.
  await list.listen(page, 'Filler 0');
  await opened(page, 'Filler 0');
  await openWhole(page, song);
  expect(await isSilent(page)).toBe(true);
  await faults.set({});
  await list.remove(page, 'Filler 0');
  await list.stateIs(page, song.name, 'songs.keeping.kept');
  await page.close();
  const next = await built.visit();
  await openWhole(next, song);
  expect(await isSilent(next)).toBe(true);
});

test('full caches and settings that cannot be stored cost nothing', async () => {
  const { built, faults } = await visitFaulty(
    { write: { file: 'sha256|probe\\.json' } },
    {
      before: () => {
        Storage.prototype.setItem = () => {
          throw new DOMException('No space, says a test.', 'QuotaExceededError');
        };
      },
    },
  );
  await choose(built.page, song.file);
  await separated(built.page);
  expect(await faults.happened()).toBeGreaterThan(0);
  await keptAtNextVisit(built.page, () => built.visit());
});

test('a full disk in a file that is saved is said, and leaves nothing; it is saved when there is space', async () => {
  const { page, faults } = await open(0);
  // As a file dialogue that the person answers.
  await page.evaluate(() => {
    Object.assign(window, {
      showSaveFilePicker: async () =>
        (await navigator.storage.getDirectory()).getFileHandle('chosen.zip', { create: true }),
    });
  });
  // It is not to be archived: 69 MB of a stem are enough.
  await fill(faults, { file: '^original' });
  await choose(page, stillFile('Large.wav', { seconds: 90, sampleRate: 96_000, channels: 2 }));
  await separated(page);
  await list.stateIs(page, 'Large', 'songs.keeping.full');
  await saveFormat(page).selectOption('wav32f');
  const told = errorNotice(page, storageErrors['export.disk-full'].message);
  for (const { kind, file } of [
    { kind: 'vocals', file: '^\\d+-' },
    { kind: 'both', file: '^\\d+-' },
    { kind: 'both', file: '^chosen' },
  ] as const) {
    await step(`saving ${kind}, full in ${file}`, async () => {
      await fill(faults, { file });
      await saveButton(page, kind).click();
      await told.waitFor();
      expect(await told.textContent()).toContain(text('save.songKept'));
      await button(told, 'notice.close').click();
      await expect.poll(() => list.inFolder(page, 'unsung-exports')).toEqual([]);
    });
  }
  await faults.set({});
  const [file] = await Promise.all([page.waitForEvent('download'), saveButton(page, 'vocals').click()]);
  expect(file.suggestedFilename()).toBe('Large (Vocals).wav');
  await saveButton(page, 'both').click();
  await page.getByText(pattern('save.done', { name: 'Large (Stems).zip' })).waitFor();
});
