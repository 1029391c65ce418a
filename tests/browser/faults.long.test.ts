import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { hintText, message } from '../../src/core/message.ts';
import { workerErrors } from '../../src/i18n/en/errors/workers.ts';
import { paintEn } from '../../src/learning/paint/en.ts';
import { choose, errorNotice, notice, passes, play, plays, positionNow, press, separated, text } from './app.ts';
import { visitPage } from './built-page.ts';
import { expectWhole, type KnownSong, knownSong, openWhole, visitFaulty } from './fault-songs.ts';
import * as list from './song-list.ts';

/*
 * Failure never costs a song: a broken download, a tab that is killed or frozen, two windows. Beside it:
 * - faults-graphics.long.test.ts: a lost graphics context; faults-disk.long.test.ts: a full disk;
 * - worker-crash.long.test.ts: each kind of worker is killed in the middle of its work;
 * - interruptions.test.ts: a song that plays while the sound is suspended, or the page frozen or hidden;
 * - songs.test.ts, long-kept.long.test.ts: a page that is closed while it separates, a song that waits in another window,
 *   long songs in two tabs, the browser's own quota.
 */

/** One that is separated in a moment, and one that leaves time for a fault. */
let short: KnownSong;
let long: KnownSong;

beforeAll(async () => {
  short = await knownSong('Short', 8, 3);
  long = await knownSong('Long', 4, 120);
});

describe('a download of the model that breaks off', () => {
  /** Answers with so many bytes of as many as were promised. */
  async function breaksAfter(bytes: number): Promise<string> {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'Content-Length': 4_194_304 });
      response.write(Buffer.alloc(bytes), () => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  const sameFile = (page: Page) => choose(page, short.file);
  const inTheList = async (page: Page) => {
    await list.act(page, short.name, 'songs.retry');
  };

  test.for([
    { when: 'before its first byte', bytes: 0, by: 'the same file', again: sameFile },
    { when: 'in the middle', bytes: 2_000_000, by: 'the same file', again: sameFile },
    { when: 'in the middle', bytes: 2_000_000, by: '“Try again” in the list', again: inTheList },
  ])('$when is said; $by tries again', async ({ bytes, again }) => {
    const broken = await breaksAfter(bytes);
    const weights = /\/models\/paper\/.*shard3of5\.bin\?/;
    const { built } = await visitFaulty(
      {},
      {
        expected: /^Failed to load resource/,
        prepare: async (tab) => {
          await tab.route(weights, (route) => route.continue({ url: broken }));
        },
      },
    );
    const { page } = built;
    await choose(page, short.file);
    await errorNotice(
      page,
      hintText(message('model.file-unusable', { path: '', fault: '', hint: message('hint.check-connection') })),
    ).waitFor();
    // The original can be played.
    await play(page).click();
    await passes(page, 0.2);
    await page.unroute(weights);
    await again(page);
    await separated(page);
    expect(await errorNotice(page).count()).toBe(0);
    expect(await list.names(page)).toEqual([short.name]);
    await expectWhole(page, short);
  });
});

test('a decoder that crashes is said; the same file is separated at the next try', async () => {
  const { built, faults } = await visitFaulty({ crash: 'decode.worker' }, { expected: /killed by a test/ });
  const { page } = built;
  await choose(page, short.file);
  await errorNotice(page, workerErrors['worker.crashed'].message).waitFor();
  await faults.set({});
  await choose(page, short.file);
  await separated(page);
  expect(await errorNotice(page).count()).toBe(0);
  await expectWhole(page, short);
});

/** Ends a tab as the system does that needs its memory. */
async function kill(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  // Nobody is left to answer.
  session.send('Page.crash').catch(() => undefined);
  await crashed;
  await page.close();
}

describe('a tab that is killed', () => {
  test.for([
    { kind: 'in memory', path: '' },
    { kind: 'on disk', path: '&long=10' },
  ])(
    'while it separates a song $kind: that begins again at the next visit, finished ones are there',
    async ({ path }) => {
      const built = await visitPage({ path: `?backend=wasm&model=paper${path}` });
      await choose(built.page, short.file, long.file);
      await list.stateIs(built.page, short.name, 'songs.keeping.kept');
      await list.stateIs(built.page, long.name, 'songs.separating');
      await kill(built.page);
      const page = await built.visit();
      await list.stateIs(page, long.name, 'songs.keeping.kept');
      for (const song of [short, long]) {
        await openWhole(page, song);
        await expectWhole(page, song);
      }
      await expect.poll(() => list.pending(page)).toEqual([]);
    },
  );

  test.for([
    { what: 'samples', file: '^vocals' },
    { what: 'description', file: '^song\\.json$' },
  ])('while it stores the $what of a song: that is separated again', async ({ file }) => {
    const { built } = await visitFaulty({ write: { file, after: 100, stuck: true } });
    await choose(built.page, short.file);
    await separated(built.page);
    await list.stateIs(built.page, short.name, 'songs.keeping.keeping');
    await expect.poll(() => list.archived(built.page)).toHaveLength(1);
    await kill(built.page);
    const page = await built.visit();
    await list.stateIs(page, short.name, 'songs.keeping.kept');
    await openWhole(page, short);
    await expectWhole(page, short);
    expect(await list.archived(page)).toHaveLength(1);
  });

  test('while it stores a painting: the painting before is there', async () => {
    const { built, faults } = await visitFaulty();
    const { page } = built;
    await choose(page, short.file);
    await list.stateIs(page, short.name, 'songs.keeping.kept');
    await page.evaluate(() => {
      location.hash = '#/learn/paint';
    });
    const paint = (key: 'paint.none' | 'paint.all') =>
      page.getByRole('button', { name: paintEn[key], exact: true }).click();
    await paint('paint.none');
    await list.stateIs(page, short.name, 'songs.keeping.keeping');
    await list.stateIs(page, short.name, 'songs.keeping.kept');
    await faults.set({ write: { file: '^painting', after: 100, stuck: true } });
    await paint('paint.all');
    await list.stateIs(page, short.name, 'songs.keeping.keeping');
    const [folder] = await list.archived(page);
    await expect
      .poll(() => list.inFolder(page, `shelf/${folder}`))
      .toEqual(expect.arrayContaining(['painting-a', 'painting-b']));
    await kill(page);
    const next = await built.visit();
    await openWhole(next, short);
    for (const channel of (await list.savedStem(next, 'vocals')).channels) {
      expect(channel.every((value) => Math.abs(value) < 1e-3)).toBe(true);
    }
  });
});

test('a closed laptop: a page that is frozen while it separates and plays goes on with both', async () => {
  const { page } = await visitPage();
  await choose(page, long.file);
  await play(page).click();
  await passes(page, 0.2);
  await list.stateIs(page, long.name, 'songs.separating');
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await session.detach();
  await passes(page, (await positionNow(page)) + 0.3);
  expect(await plays(page)).toBe(true);
  await list.stateIs(page, long.name, 'songs.keeping.kept');
  await expectWhole(page, long);
});

describe('two windows', () => {
  /** Opens a song in a window, and plays a part of it. */
  async function isHeard(page: Page, song: KnownSong): Promise<void> {
    await openWhole(page, song);
    await play(page).click();
    await passes(page, 0.2);
    await press(page, ' ');
  }

  test('play the same song; removed in one, it stays whole in the other', async () => {
    const built = await visitPage();
    const { page } = built;
    await choose(page, short.file);
    await list.stateIs(page, short.name, 'songs.keeping.kept');
    const other = await built.visit();
    await isHeard(other, short);
    await page.bringToFront();
    await isHeard(page, short);
    await list.remove(other, short.name);
    await expect.poll(() => list.archived(page)).toEqual([]);
    await play(page).click();
    await passes(page, 0.5);
    await expectWhole(page, short);
  });

  test('get the same file: the second waits for the first, and goes on with it when that is closed', async () => {
    // The first window never gets its model, so that it is at work for as long as it is open.
    const { built } = await visitFaulty(
      {},
      { prepare: async (tab) => void (await tab.route(/\.bin\?/, () => undefined)) },
    );
    await choose(built.page, long.file);
    await list.stateIs(built.page, long.name, 'songs.separating');
    const other = await built.visit();
    await list.stateIs(other, long.name, 'pending.elsewhere');
    // Awaited from before on: a note stays for some seconds only.
    const told = notice(other, text('pending.elsewhereNote', { name: long.name }));
    await Promise.all([told.waitFor(), choose(other, long.file)]);
    expect(await list.names(other)).toEqual([long.name]);
    await built.page.close();
    await list.stateIs(other, long.name, 'songs.keeping.kept');
    await openWhole(other, long);
    await expectWhole(other, long);
  });

  test('get the same file at the same moment: it is whole in both, and at the next visit', async () => {
    const built = await visitPage();
    const other = await built.visit();
    const windows = [built.page, other];
    await Promise.all(windows.map((page) => choose(page, short.file)));
    for (const page of windows) {
      await page.bringToFront();
      await list.stateIs(page, short.name, 'songs.keeping.kept');
      await openWhole(page, short);
      await expectWhole(page, short);
    }
    await Promise.all(windows.map((page) => page.close()));
    const next = await built.visit();
    await openWhole(next, short);
    await expectWhole(next, short);
    expect(await list.pending(next)).toEqual([]);
  });
});
