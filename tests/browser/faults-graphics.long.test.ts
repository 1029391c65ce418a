import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paintEn } from '../../src/learning/paint/en.ts';
import { convertModel } from '../../tools/lib/convert-model.ts';
import { fixturePath } from '../model/fixtures.ts';
import { choose, notice, opened, PATIENCE_MS, said, separated } from './app.ts';
import { SOFTWARE_GRAPHICS } from './chromium.ts';
import type { FaultInjector } from './fault-injection.ts';
import { expectWhole, type KnownSong, knownSong, visitFaulty } from './fault-songs.ts';
import { savedStem } from './song-list.ts';

/**
 * The graphics device is lost: each song is separated all the same, as Node separates it. The network is a small one,
 * with many patches in few seconds, as there is no graphics processor here.
 */

let folder: string;
let model: string;
let songs: readonly KnownSong[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-faults-'));
  ({ folder: model } = await convertModel(fixturePath('paper.safetensors'), { out: folder, dtype: 'float32' }));
  songs = [await knownSong('First', 8, 2, model), await knownSong('Second', 20, 2, model)];
});

afterAll(() => rm(folder, { recursive: true, force: true }));

type Graphics = 'webgl' | 'webgpu';

/** Opens the page with the small network. @param after results of the network before the device is lost */
async function open(
  backend: Graphics,
  after?: number,
): Promise<{ readonly page: Page; readonly faults: FaultInjector }> {
  const { built, faults } = await visitFaulty(after === undefined ? {} : { context: { after } }, {
    path: `?backend=${backend}&model=paper`,
    own: SOFTWARE_GRAPHICS,
    prepare: async (tab) => {
      const serve = (url: string) => join(model, basename(new URL(url).pathname));
      await tab.route(/\/models\/paper\//, (route) => route.fulfill({ path: serve(route.request().url()) }));
    },
  });
  return { page: built.page, faults };
}

/** Twenty-five patches in seven runs of the network, after four runs of a tone before a song. */
const LOSSES = [
  { when: 'before the first result, while the backend is tried out', after: 0 },
  { when: 'while the network warms up', after: 2 },
  { when: 'while a batch warms up', after: 3 },
  { when: 'in the first patch', after: 4 },
  { when: 'in the middle of a song', after: 7 },
  { when: 'in the last patches', after: 10 },
];

describe.each<Graphics>(['webgl', 'webgpu'])('%s', (backend) => {
  test.for(LOSSES)('loses its device $when', async ({ after }) => {
    const { page, faults } = await open(backend, after);
    // Awaited from before on: a note stays for some seconds only.
    await Promise.all([notice(page, '“wasm”').waitFor({ timeout: PATIENCE_MS }), choose(page, songs[0].file)]);
    await separated(page);
    expect(await faults.happened()).toBe(1);
    await expectWhole(page, songs[0]);
    await said(page, 'engine.title').click();
    await page
      .getByRole('definition')
      .filter({ hasText: /^wasm$/ })
      .waitFor();
  });
});

test('the graphics context is lost while a painted mask is rendered; the next song is separated all the same', async () => {
  const { page, faults } = await open('webgl');
  await choose(page, songs[0].file);
  await separated(page);
  await expectWhole(page, songs[0]);
  await page.evaluate(() => {
    location.hash = '#/learn/paint';
  });
  await page.getByRole('button', { name: paintEn['paint.none'], exact: true }).click();
  await faults.loseContext();
  expect(await faults.happened()).toBe(1);
  await page.getByText(/could be heard after \d+ ms/).waitFor();
  await page.evaluate(() => {
    location.hash = '';
  });
  const { channels } = await savedStem(page, 'vocals');
  for (const channel of channels) expect(channel.every((value) => Math.abs(value) < 1e-3)).toBe(true);
  await choose(page, songs[1].file);
  await opened(page, songs[1].name);
  await separated(page);
  await expectWhole(page, songs[1]);
});
