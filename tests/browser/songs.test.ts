import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import type { MessageKey } from '../../src/i18n/language.ts';
import { measureSine } from '../fixtures/audio/index.ts';
import {
  button,
  choose,
  errorNotice,
  heading,
  named,
  notice,
  opened,
  painted,
  passes,
  pattern,
  play,
  plays,
  press,
  progress,
  separated,
  text,
} from './app.ts';
import { type BuiltPage, visitPage } from './built-page.ts';
import { savedBytes } from './shared-browser.ts';
import { type GivenFile, pieceOf, stillFile } from './song-files.ts';
import * as list from './song-list.ts';
import { step } from './step.ts';

let demo: AudioData;

beforeAll(async () => {
  demo = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
});

let built: BuiltPage;
let page: Page;

async function open(): Promise<void> {
  built = await visitPage();
  page = built.page;
}

/** Closes the page and opens it again, in the same browser. */
async function visitAgain(): Promise<void> {
  await page.close();
  page = await built.visit();
}

/** Seconds [from, to) of the demo song as a file. */
const piece = (name: string, from: number, to: number) => pieceOf(demo, name, from, to);

/** Drops files on the page, as a file manager does. */
async function drop(files: readonly GivenFile[]): Promise<void> {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const { name, mimeType, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      data.items.add(new File([bytes], name, { type: mimeType }));
    }
    return data;
  }, given);
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

const row = (name: string, of = page) => list.row(of, name);
const names = (of = page) => list.names(of);
const stateIs = (name: string, key: MessageKey, of = page) => list.stateIs(of, name, key);
const kept = (name: string, of = page) => stateIs(name, 'songs.keeping.kept', of);
const vocalsOf = () => list.savedStem(page, 'vocals');
const act = (name: string, key: MessageKey) => list.act(page, name, key);

const broken: GivenFile = { name: 'Broken.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('no sound at all') };

describe('several songs', () => {
  test('are separated in their order and archived, and are in the list at the next visit', async () => {
    await open();
    const vocals = await step('of three dropped files two are separated, and one says what is wrong', async () => {
      await drop([await piece('First.wav', 8, 16), broken, await piece('Second.wav', 20, 28)]);
      await expect.poll(() => names()).toEqual(['First', 'Broken', 'Second']);
      await kept('First');
      await kept('Second');
      await row('Broken').getByText(pattern('songs.failed')).filter({ hasText: '“Broken.mp3”' }).waitFor();
      // The first one is open for listening; the others were made behind it.
      expect(await heading(page).textContent()).toBe('First');
      expect(await list.title(page, 'First').getAttribute('aria-current')).toBe('true');
      expect(await list.archived(page)).toHaveLength(2);
      await page
        .getByText(/^\d+\.\d MB/)
        .and(page.getByText(pattern('songs.space')))
        .waitFor();
      return await vocalsOf();
    });

    await step('at the next visit the one that was open opens as it was, without being separated again', async () => {
      await visitAgain();
      await expect.poll(() => names()).toEqual(['First', 'Second']);
      await opened(page, 'First');
      await separated(page);
      expect(await progress(page).isVisible()).toBe(false);
      expect(await plays(page)).toBe(false);
      await painted(page, 'mask');
      expect((await vocalsOf()).channels).toEqual(vocals.channels);
    });

    await step('another one is opened from the list, and the keyboard goes to the player', async () => {
      await list.listen(page, 'Second');
      await opened(page, 'Second');
      await expect.poll(() => play(page).evaluate((element) => element === document.activeElement)).toBe(true);
      await page.goBack();
      await opened(page, 'First');
      await separated(page);
      await press(page, '2');
      await play(page).click();
      await passes(page, 0.5);
      await play(page).click();
    });

    await step('a file that comes again, under whatever name, is opened as it is kept', async () => {
      await choose(page, await piece('The second once more.wav', 20, 28));
      await notice(page, text('songs.thereKept', { name: 'Second' })).waitFor();
      await opened(page, 'Second');
      await expect.poll(() => names()).toEqual(['First', 'Second']);
      expect(await progress(page).isVisible()).toBe(false);
    });

    await step('they change places by their menus, by their grips’ keys and by dragging', async () => {
      const grip = button(row('Second'), 'songs.move', { name: 'Second' });
      const hasFocus = (element: typeof grip) => element.evaluate((it) => it === document.activeElement);
      await act('Second', 'songs.up');
      await expect.poll(() => names()).toEqual(['Second', 'First']);
      expect(await hasFocus(list.more(page, 'Second'))).toBe(true);
      await grip.press('ArrowDown');
      await expect.poll(() => names()).toEqual(['First', 'Second']);
      expect(await hasFocus(grip)).toBe(true);
      await page.keyboard.press('ArrowUp');
      await expect.poll(() => names()).toEqual(['Second', 'First']);
      await page.getByText(text('songs.moved', { name: 'Second', place: 1, count: 2 })).waitFor({ state: 'attached' });
      const { height = 0 } = (await row('First').boundingBox()) ?? {};
      await grip.dragTo(row('First'), { targetPosition: { x: 150, y: 0.8 * height } });
      await expect.poll(() => names()).toEqual(['First', 'Second']);
      // A song that was moved is no file that was dropped.
      expect(await errorNotice(page).count()).toBe(0);
    });
  });

  test('can be cancelled one by one and all at once, and tried again', async () => {
    await open();
    // The first one is not done before the clicks come.
    await choose(
      page,
      stillFile('Third.wav', { seconds: 600, sampleRate: 8000, channels: 1 }),
      await piece('Fourth.wav', 12, 20),
      await piece('Fifth.wav', 28, 36),
    );
    await expect.poll(() => names()).toHaveLength(3);
    await act('Fourth', 'songs.cancel');
    await stateIs('Fourth', 'songs.cancelled');
    await button(page, 'songs.cancelAll').click();
    for (const name of ['Third', 'Fifth']) await stateIs(name, 'songs.cancelled');
    expect(await button(page, 'songs.cancelAll').isVisible()).toBe(false);
    expect(await list.archived(page)).toEqual([]);
    await act('Fifth', 'songs.retry');
    await kept('Fifth');
    // It was not opened.
    expect(await heading(page).textContent()).not.toBe('Fifth');
  });

  test('can be chosen, saved at once and removed together', async () => {
    await open();
    await choose(page, await piece('First.wav', 8, 16), await piece('Second.wav', 20, 28));
    await kept('First');
    await kept('Second');
    const vocals = await vocalsOf();
    await choose(
      page,
      stillFile('Third.wav', { seconds: 600, sampleRate: 8000, channels: 1 }),
      await piece('Fourth.wav', 12, 20),
    );
    await expect.poll(() => names()).toHaveLength(4);
    await button(page, 'songs.cancelAll').click();
    for (const name of ['Third', 'Fourth']) await stateIs(name, 'songs.cancelled');
    await list.listen(page, 'Second');
    await opened(page, 'Second');
    await separated(page);

    const chosen = named(page, 'group', 'batch.region');
    const all = named(chosen, 'checkbox', 'batch.all');
    const one = (name: string) => named(page, 'checkbox', 'batch.choose', { name });
    const save = button(chosen, 'batch.save');
    const format = named(chosen, 'combobox', 'save.format');
    const hasFocus = (element: typeof save) => element.evaluate((it) => it === document.activeElement);

    await step('what is not separated is left out, and said so', async () => {
      await all.focus();
      await page.keyboard.press('Space');
      await chosen.getByText(text('batch.count', { count: 4, total: 4 })).waitFor();
      await chosen.getByText(text('batch.left', { count: 2 })).waitFor();
      await one('Third').uncheck();
      expect(await all.evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true);
    });

    await step('what is slow is cancelled', async () => {
      await format.selectOption('mp3');
      // As soon as it can be, before everything is saved.
      await chosen
        .getByRole('button', { name: text('save.cancel'), includeHidden: true })
        .evaluate((cancel: HTMLElement) => {
          new MutationObserver((_, observer) => {
            if (!cancel.checkVisibility()) return;
            observer.disconnect();
            cancel.focus();
            cancel.click();
          }).observe(cancel.parentElement as Element, { attributes: true });
        });
      await save.click();
      await chosen.getByText(text('save.cancelled')).waitFor();
      expect(await hasFocus(save)).toBe(true);
    });

    await step('a folder a song, sample for sample', async () => {
      await format.selectOption('wav32f');
      await save.focus();
      const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
      expect(file.suggestedFilename()).toBe('Unsung - 2 songs (Stems).zip');
      await chosen.getByText(pattern('batch.done', { count: 2, name: file.suggestedFilename() })).waitFor();
      const files = unzipSync(await savedBytes(file));
      expect(Object.keys(files).sort()).toEqual([
        'First/First (Accompaniment).wav',
        'First/First (Vocals).wav',
        'Second/Second (Accompaniment).wav',
        'Second/Second (Vocals).wav',
      ]);
      // “First” is not open: it comes from what is kept.
      const first = await decodeInNode(files['First/First (Vocals).wav'], 'first.wav');
      expect(first.channels).toEqual(vocals.channels);
      const second = await decodeInNode(files['Second/Second (Vocals).wav'], 'second.wav');
      expect(second.channels).toEqual((await vocalsOf()).channels);
    });

    await step('they are removed together, after a question', async () => {
      await all.check();
      await all.uncheck();
      expect(await one('Fourth').isVisible()).toBe(false);
      await act('Third', 'songs.choose');
      await one('Fourth').check();
      const removeThem = button(chosen, 'batch.remove');
      await removeThem.click();
      await chosen.getByText(text('batch.removeAsk', { count: 2 })).waitFor();
      await page.keyboard.press('Escape');
      expect(await hasFocus(removeThem)).toBe(true);
      await page.keyboard.press('Enter');
      await button(chosen, 'batch.removeYes').click();
      await expect.poll(() => names()).toEqual(['First', 'Second']);
      expect(await save.isVisible()).toBe(false);
    });
  });

  test('of a file with several audio tracks begin with the default one; another is chosen from a menu', async () => {
    await open();
    const file = 'second-is-default.mka';
    const buffer = await readFile(join('tests/fixtures/formats', file));
    await choose(page, { name: file, mimeType: 'audio/x-matroska', buffer });
    const menu = () => named(page, 'combobox', 'track.label');
    const [first, second] = ['Track 1 · English · FLAC · stereo', 'Track 2 · German · Kommentar · FLAC · mono'];
    const isChosen = (track: string) =>
      expect.poll(() => menu().evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text)).toBe(track);
    await kept('second-is-default');
    await isChosen(second);
    expect(await menu().getByRole('option').allTextContents()).toEqual([first, second]);
    expect((await vocalsOf()).channels).toHaveLength(1);

    await menu().focus();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => list.archived(page)).toHaveLength(2);
    await isChosen(first);
    // The view is a new one; the keyboard stays on its menu.
    expect(await menu().evaluate((element) => element === document.activeElement)).toBe(true);
    await separated(page);
    const vocals = await vocalsOf();
    const accompaniment = await list.savedStem(page, 'accompaniment');
    const sum = vocals.channels.map((channel, c) => channel.map((value, n) => value + accompaniment.channels[c][n]));
    expect(sum).toHaveLength(2);
    for (const channel of sum) {
      expect(measureSine(channel, vocals.sampleRate, 440).amplitude).toBeCloseTo(0.4, 2);
    }

    await visitAgain();
    await expect.poll(() => names()).toEqual(['second-is-default', 'second-is-default']);
    await list.unfold(page);
    await row('second-is-default').getByText('Track 1 · English').waitFor();
    await isChosen(first);
  });

  test('can be removed one by one, archived ones after a question, which frees space', async () => {
    await open();
    await choose(page, await piece('First.wav', 8, 16), await piece('Fifth.wav', 28, 36));
    await kept('First');
    await kept('Fifth');
    const { files } = await list.used(page);
    await act('Fifth', 'songs.remove');
    await button(row('Fifth'), 'songs.removeNo').click();
    await expect.poll(() => names()).toEqual(['First', 'Fifth']);
    await list.remove(page, 'Fifth');
    await expect.poll(() => names()).toEqual(['First']);
    await expect.poll(() => list.archived(page)).toHaveLength(1);
    // 8 s of two channels, original and vocals, 4 bytes a sample.
    await expect.poll(async () => files - (await list.used(page)).files).toBeGreaterThan(8 * 44_100 * 2 * 2 * 4);
  });

  test('without space stay in the page, can be saved, and are archived when space is freed', async () => {
    await open();
    await choose(page, await piece('First.wav', 8, 16), await piece('Second.wav', 20, 28));
    await kept('First');
    await kept('Second');
    const restoreSpace = await list.limitSpace(page, 4_000_000);
    await choose(page, await piece('Late.wav', 30, 38));
    await stateIs('Late', 'songs.keeping.full');
    const notice = errorNotice(page, text('songs.full', { name: 'Late' }));
    expect(await notice.textContent()).toContain(text('songs.fullHint'));
    expect(await list.archived(page)).toHaveLength(2);
    await list.listen(page, 'Late');
    await opened(page, 'Late');
    await separated(page);
    expect((await vocalsOf()).channels[0]).toHaveLength(8 * 44_100);
    // Another song is opened and this one again: nothing is lost.
    await list.listen(page, 'First');
    await opened(page, 'First');
    await list.listen(page, 'Late');
    await opened(page, 'Late');
    await separated(page);
    await restoreSpace();
    await list.remove(page, 'Second');
    await kept('Late');
    expect(await list.archived(page)).toHaveLength(2);
  });

  test('whose files could not be stored are separated all the same, with a notice; the others stay', async () => {
    await open();
    await choose(page, await piece('First.wav', 8, 14));
    await kept('First');
    const restoreSpace = await list.limitSpace(page, 100_000);
    await choose(page, await piece('Homeless.wav', 2, 8));
    await notice(page, text('pending.full', { name: 'Homeless' })).waitFor();
    await stateIs('Homeless', 'songs.keeping.full');
    expect(await list.pending(page)).toEqual([]);
    expect(await list.archived(page)).toHaveLength(1);
    await restoreSpace();
    await list.remove(page, 'Homeless');
    await expect.poll(() => names()).toEqual(['First']);
  });

  test('are the same in two pages; unfinished writes are deleted at the next visit', async () => {
    await open();
    await choose(page, await piece('First.wav', 8, 14), await piece('Late.wav', 30, 36));
    await kept('First');
    await kept('Late');
    // The song that is open stays in a page, whatever another page does.
    await list.listen(page, 'Late');
    await opened(page, 'Late');
    const other = await built.visit();
    await expect.poll(() => names(other)).toEqual(['First', 'Late']);
    await list.remove(other, 'First');
    await expect.poll(() => names()).toEqual(['Late']);
    await other.close();
    await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const half = await (await root.getDirectoryHandle('shelf')).getDirectoryHandle('half', { create: true });
      const file = await (await half.getFileHandle('original-0.f32', { create: true })).createWritable();
      await file.write(new Uint8Array(1000));
      await file.close();
    });
    await visitAgain();
    await expect.poll(() => names()).toEqual(['Late']);
    expect(await list.archived(page)).not.toContain('half');
  });

  test('that are not separated yet are restored after a reload, in their order, in one page at a time', async () => {
    await open();
    // The first one keeps the others waiting, whatever is looked at meanwhile.
    await drop([
      stillFile('Long.wav', { seconds: 660, sampleRate: 8000, channels: 1 }),
      await piece('Next.wav', 10, 18),
      await piece('Stopped.wav', 20, 26),
    ]);
    await expect.poll(() => list.pending(page)).toHaveLength(3);
    await act('Stopped', 'songs.cancel');
    await act('Stopped', 'songs.up');
    const order = ['Long', 'Stopped', 'Next'];
    await expect.poll(() => names()).toEqual(order);

    await step('after a reload', async () => {
      await visitAgain();
      await expect.poll(() => names()).toEqual(order);
      // What a person has stopped does not go on by itself.
      await stateIs('Stopped', 'songs.cancelled');
      await stateIs('Next', 'songs.waiting');
    });

    await step('in a second page they wait, until the first one is closed', async () => {
      const other = await built.visit();
      for (const name of order) await stateIs(name, 'pending.elsewhere', other);
      expect(await names(other)).toEqual(order);
      await list.listen(other, 'Next');
      await notice(other, text('pending.elsewhereNote', { name: 'Next' })).waitFor();
      await list.more(other, 'Next').click();
      expect(await named(row('Next', other), 'menuitem', 'songs.up').isVisible()).toBe(true);
      expect(await named(row('Next', other), 'menuitem', 'songs.remove').count()).toBe(0);
      await other.keyboard.press('Escape');
      // The page that had them is closed: the other one takes them over.
      await page.close();
      page = other;
      await stateIs('Stopped', 'songs.cancelled');
      await stateIs('Long', 'songs.separating');
      await act('Long', 'songs.cancel');
      await kept('Next');
      await act('Long', 'songs.remove');
      await expect.poll(() => list.archived(page)).toHaveLength(1);
      await expect.poll(() => list.pending(page)).toHaveLength(1);
    });

    await step('made in one page, they are there in another', async () => {
      const third = await built.visit();
      await stateIs('Stopped', 'pending.elsewhere', third);
      await act('Stopped', 'songs.retry');
      await kept('Stopped');
      await kept('Stopped', third);
      expect(await names(third)).toEqual(['Stopped', 'Next']);
      await third.close();
      await expect.poll(() => list.pending(page)).toEqual([]);
      // Its own file is gone from the disk; what was in it is still saved.
      await list.listen(page, 'Stopped');
      await opened(page, 'Stopped');
      await separated(page);
      expect((await vocalsOf()).channels[0]).toHaveLength(6 * 44_100);
    });
  });
});
