import { availableParallelism } from 'node:os';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { storageErrors } from '../../src/i18n/en/errors/storage.ts';
import { workerErrors } from '../../src/i18n/en/errors/workers.ts';
import { openSaveMenu, PATIENCE_MS } from './app.ts';
import { type BuiltPage, openBuiltPage } from './built-page.ts';
import { savedBytes } from './shared-browser.ts';
import { row, savedStem, stateIs, unfold } from './song-list.ts';
import { openTone, toneFile } from './tone-song.ts';

const CHECKPOINT = 'tests/fixtures/import/chainer/unet.model';

/** What the page's `Worker` is replaced with keeps, for the tests to end workers as a system does that needs memory. */
interface Workers {
  readonly started: { readonly name: string; readonly worker: Worker; alive: boolean }[];
  /** Name of a worker to be ended as soon as it runs. */
  doomed?: string;
}

let built: BuiltPage | undefined;

afterEach(async () => {
  await built?.close();
  built = undefined;
});

/** Opens the page in a browser of its own. */
async function open(path = ''): Promise<Page> {
  built = await openBuiltPage({
    path: `?backend=wasm&model=paper${path}`,
    before: () => {
      const workers: Workers = { started: [] };
      window.Worker = class extends Worker {
        constructor(url: string | URL, options?: WorkerOptions) {
          super(url, options);
          const one = { name: options?.name ?? '', worker: this, alive: false };
          workers.started.push(one);
          this.addEventListener('message', ({ data }) => {
            if (!data?.aliveLock) return;
            one.alive = true;
            if (workers.doomed !== one.name) return;
            workers.doomed = undefined;
            this.terminate();
          });
        }
      };
      Object.assign(window, { workers });
    },
  });
  built.page.setDefaultTimeout(PATIENCE_MS);
  return built.page;
}

/**
 * Ends the newest worker of a name where it stands: no event says so, as when the system takes its memory.
 * @param selector what to click in the same moment, so that the worker has something to do
 */
async function kill(page: Page, name: string, selector?: string): Promise<void> {
  const newest = (given: string) =>
    (window as unknown as { workers: Workers }).workers.started.filter((one) => one.name === given).at(-1)?.alive;
  await page.waitForFunction(newest, name);
  await page.evaluate(
    ([given, clicked]) => {
      const { started } = (window as unknown as { workers: Workers }).workers;
      if (clicked) (document.querySelector(clicked) as HTMLElement).click();
      started
        .filter((one) => one.name === given)
        .at(-1)
        ?.worker.terminate();
    },
    [name, selector] as const,
  );
}

/** Makes an error in the newest worker whose script has that name, which nobody catches. */
async function throwIn(page: Page, script: string): Promise<void> {
  const worker = page.workers().findLast((one) => one.url().includes(script));
  if (!worker) throw new Error(`No ${script} runs.`);
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error('killed by a test');
    });
  });
}

/** Waits until the page says what happened and what to do, and takes that away. */
async function told(
  page: Page,
  { message }: { readonly message: string } = workerErrors['worker.crashed'],
): Promise<void> {
  const notice = page.getByRole('alert').filter({ hasText: message });
  await notice.waitFor();
  await notice.getByRole('button', { name: 'Close' }).click();
  await notice.waitFor({ state: 'detached' });
}

/** Seconds that the progress says are done, once it says `what`. */
async function secondsDone(page: Page, what: 'Separating' | 'Stopped at'): Promise<number> {
  const text = await page.locator('.content > .progress', { hasText: what }).textContent();
  const [, minutes, seconds] = new RegExp(`${what} (\\d+):(\\d+)`).exec(text ?? '') ?? [];
  return 60 * Number(minutes) + Number(seconds);
}

/** Shows seconds of the song as separated. */
const UNDER_WAY = 'Separating (0:[1-9]|0:0[1-9]|[1-9])';

/** Waits until seconds of the song are separated. */
async function underWay(page: Page): Promise<void> {
  await page.waitForFunction((text) => new RegExp(text).test(document.body.textContent ?? ''), UNDER_WAY);
}

/** Ends the newest worker of a name as soon as seconds of the song are separated: a moment later, all may be. */
async function killUnderWay(page: Page, name: string): Promise<void> {
  await page.waitForFunction(
    ([text, given]) => {
      if (!new RegExp(text).test(document.body.textContent ?? '')) return false;
      const { started } = (window as unknown as { workers: Workers }).workers;
      started
        .filter((one) => one.name === given)
        .at(-1)
        ?.worker.terminate();
      return true;
    },
    [UNDER_WAY, name] as const,
  );
}

/** A song whose second half takes a while: the network does not run on silence. */
const SECONDS = 400;
const longFile = async (name: string) => ({ ...(await toneFile(SECONDS, 8000)), name });

async function separated(page: Page): Promise<void> {
  await page.locator('#save-vocals:enabled').waitFor({ state: 'attached' });
}

const position = (page: Page) =>
  page.locator('#position').evaluate((input) => (input as HTMLInputElement).valueAsNumber);

const level = (channel: Float32Array) => Math.sqrt(channel.reduce((sum, x) => sum + x * x, 0) / channel.length);

describe('a worker that dies in the middle of its work', () => {
  test('separation: what is separated stays, and the rest follows at a click', async () => {
    const page = await open();
    await page.setInputFiles('input[type=file]', await longFile('Long.wav'));
    await killUnderWay(page, 'separation');
    await told(page);
    const before = await secondsDone(page, 'Stopped at');
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(SECONDS);
    await page.getByRole('button', { name: 'Separate the rest' }).click();
    await separated(page);
  });

  test('separation, with an error event: the rest follows at a click', async () => {
    const page = await open();
    await page.setInputFiles('input[type=file]', await longFile('Long.wav'));
    await underWay(page);
    await throwIn(page, 'separation.worker');
    await told(page);
    await page.getByRole('button', { name: 'Separate the rest' }).click();
    const vocals = await savedStem(page, 'vocals');
    expect(vocals.channels[0].length).toBe(SECONDS * 8000);
  });

  // With one processor there are none.
  test.skipIf(availableParallelism() < 2)(
    'network: others take their place, and the person notices nothing',
    async () => {
      const page = await open();
      await page.setInputFiles('input[type=file]', await longFile('Long.wav'));
      await underWay(page);
      const networkWorkers = () => page.workers().filter((worker) => worker.url().includes('network.worker'));
      await expect.poll(() => networkWorkers().length, { interval: 5 }).toBeGreaterThan(1);
      // A death is seen by the lock that each worker holds: not before it has one.
      const locks = () =>
        page.evaluate(async () => {
          const { held = [] } = await navigator.locks.query();
          return held.filter(({ name }) => name?.startsWith('unsung-worker-')).length;
        });
      await expect.poll(locks, { interval: 5 }).toBeGreaterThanOrEqual(page.workers().length);
      const before = networkWorkers();
      // Each ends before it can answer.
      await Promise.allSettled(before.map((worker) => worker.evaluate(() => close())));
      await expect.poll(() => page.workers().filter((worker) => before.includes(worker))).toEqual([]);
      await separated(page);
      expect(await page.getByRole('alert').count()).toBe(0);
      const vocals = await savedStem(page, 'vocals');
      expect(vocals.channels[0].length).toBe(SECONDS * 8000);
    },
  );

  test('spectrograms are painted again, with the same values', async () => {
    const page = await open();
    await openTone(page, 8);
    const spectrogram = page.locator('[data-spectrogram="mask"]');
    const read = async () => {
      await page.mouse.move(0, 0);
      await spectrogram.scrollIntoViewIfNeeded();
      const box = await spectrogram.boundingBox();
      if (box) await page.mouse.move(box.x + 0.75 * box.width, box.y + 0.8 * box.height);
      return await page.locator('.reading').textContent();
    };
    await expect.poll(read).toMatch(/dB.*\d\.\d\d/);
    const before = await read();
    await kill(page, 'spectrograms', '[aria-label="Zoom in"]');
    await told(page);
    await page.getByRole('button', { name: 'Whole song' }).first().click();
    await expect.poll(read, { timeout: PATIENCE_MS }).toBe(before);
  });

  test('an export can be started again', async () => {
    const page = await open();
    await openTone(page, 60);
    await savedStem(page, 'vocals');
    await openSaveMenu(page);
    await page.selectOption('#save-format', 'mp3');
    await kill(page, 'export', '#save-vocals');
    await told(page, storageErrors['export.interrupted']);
    await openSaveMenu(page);
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('#save-vocals')]);
    const { channels, sampleRate } = await decodeInNode(await savedBytes(file), 'saved.mp3');
    expect(channels[0].length / sampleRate).toBeCloseTo(60, 0);
  });

  test('a song that was being kept is kept all the same', async () => {
    const page = await open();
    await page.setInputFiles('input[type=file]', await toneFile(60));
    await underWay(page);
    // Nothing ends in the archive's worker from now on.
    const archive = page.workers().find((worker) => worker.url().includes('archive.worker'));
    await archive?.evaluate(() => {
      LockManager.prototype.request = () => new Promise(() => undefined);
    });
    await stateIs(page, 'A tone', 'songs.keeping.keeping');
    await kill(page, 'kept songs');
    await told(page);
    await stateIs(page, 'A tone', 'songs.keeping.kept');
    await page.reload();
    await unfold(page);
    await row(page, 'A tone').waitFor();
  });

  test('a long song on disk goes on being separated and played', async () => {
    const page = await open('&long=10');
    await page.setInputFiles('input[type=file]', await longFile('Long.wav'));
    await killUnderWay(page, 'long song');
    await told(page);
    expect(await secondsDone(page, 'Stopped at')).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Separate the rest' }).click();
    await separated(page);
    await stateIs(page, 'Long', 'songs.keeping.kept');
    await page.locator('#play').click();
    await expect.poll(() => position(page)).toBeGreaterThan(0.2);
    await kill(page, 'long song');
    await told(page);
    // Far from what the player has in memory.
    await page.locator('#position').evaluate((input: HTMLInputElement) => {
      input.value = '100';
      for (const type of ['input', 'change']) input.dispatchEvent(new Event(type, { bubbles: true }));
    });
    await expect.poll(() => position(page)).toBeGreaterThan(100.3);
    const { channels } = await savedStem(page, 'vocals');
    expect(channels[0].length).toBe(SECONDS * 8000);
  });

  test('a model can be added again', async () => {
    const page = await open();
    await page.click('#models-button');
    await page.waitForSelector('[data-model="built-in/paper"]');
    await page.evaluate(() => {
      (window as unknown as { workers: Workers }).workers.doomed = 'conversion';
    });
    await page.setInputFiles('#model-files', CHECKPOINT);
    await told(page);
    expect(await page.locator('#model-name').count()).toBe(0);
    await page.setInputFiles('#model-files', CHECKPOINT);
    await page.locator('#model-name').waitFor();
  });

  test('learning: a sound is computed again at the next change', async () => {
    const page = await open('#/learn/sound');
    const panel = (state: string) => page.locator(`.learn-panel:has(#sound-rounds)[data-state="${state}"]`);
    await panel('ready').waitFor();
    await page.locator('#sound-rounds').fill('100');
    await panel('computing').waitFor();
    await kill(page, 'learning');
    await told(page);
    await page.locator('#sound-rounds').fill('20');
    await panel('ready').waitFor();
  });

  test('learning: what is painted on the mask is heard all the same', async () => {
    const page = await open();
    await openTone(page, 20);
    await page.evaluate(() => {
      location.hash = '#/learn/paint';
    });
    await page.locator('#paint-all').click();
    await page.getByText(/could be heard after \d+ ms/).waitFor();
    await kill(page, 'renderMasked', '#paint-none');
    await told(page);
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('#paint-save-vocals').click()]);
    const { channels } = await decodeInNode(await savedBytes(file), 'saved.wav');
    expect(channels[0].length).toBe(20 * 22_050);
    expect(level(channels[0])).toBeLessThan(1e-3);
  });

  test('learning: a network that was looked into is open again', async () => {
    const page = await open('#/learn/inside');
    await page.locator('.map-grid .map').first().waitFor();
    await kill(page, 'inside', '#inside-skip-1');
    await told(page);
    await page.locator('.network-stage [data-layer="0"]').focus();
    await page.keyboard.press('Enter');
    await page.locator('#inside-skip-1').check({ force: true });
    await page.locator('#inside-effect[data-mask-change="0"]').waitFor();
  });

  test('learning: a training begins again', async () => {
    const page = await open('#/learn/train');
    const steps = async () => Number(await page.locator('#train-now').getAttribute('data-step'));
    await page.locator('.train[data-state="ready"]').waitFor();
    await page.locator('#train-start').click();
    await expect.poll(steps).toBeGreaterThan(0);
    await kill(page, 'training');
    await told(page);
    await page.locator('.train[data-state="ready"]').waitFor();
    expect(await steps()).toBe(0);
    await page.locator('#train-start').click();
    await expect.poll(steps).toBeGreaterThan(0);
  });
});
