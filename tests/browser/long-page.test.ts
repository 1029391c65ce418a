import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { type BuiltPage, openBuiltPage } from './built-page.ts';
import { hollowFile } from './song-files.ts';
import { inFolder, remove, stateIs } from './song-list.ts';

/** Separating on a machine that is busy needs minutes. */
const PATIENCE_MS = 600_000;
const DEMO = 'public/demo/mixture.mp3';
const RATE = 44_100;

let folder: string;
let built: BuiltPage;
let page: BuiltPage['page'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-long-'));
  built = await openBuiltPage({
    // Listens in on what goes to the loudspeaker.
    before: () => {
      const { connect } = AudioNode.prototype;
      AudioNode.prototype.connect = function (this: AudioNode, ...to: unknown[]) {
        if (to[0] instanceof AudioDestinationNode) {
          const analyser = new AnalyserNode(this.context, { fftSize: 8192 });
          // An analyser hears the mean of the channels.
          Reflect.apply(connect, this, [analyser]);
          Object.assign(window, { analyser });
        }
        return Reflect.apply(connect, this, to);
      } as typeof connect;
    },
  });
  page = built.page;
}, PATIENCE_MS);

afterAll(async () => {
  await built?.close();
  await rm(folder, { recursive: true, force: true });
});

async function separated(file: string): Promise<void> {
  await page.setInputFiles('input[type=file]', file);
  await page.waitForSelector('main > .progress[data-kind="done"]', { timeout: PATIENCE_MS });
}

async function saved(button: string): Promise<AudioData> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  const path = join(folder, 'saved.wav');
  await file.saveAs(path);
  return decodeInNode(await readFile(path), 'saved.wav');
}

async function savedStems(): Promise<readonly AudioData[]> {
  await page.selectOption('#save-format', 'wav32f');
  return [await saved('#save-vocals'), await saved('#save-accompaniment')];
}

/** Folders of songs on disk. */
const onDisk = () => inFolder(page, 'long');

async function goTo(seconds: number): Promise<void> {
  await page.locator('#position').evaluate((input: HTMLInputElement, to) => {
    input.value = String(to);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, seconds);
}

const passed = (seconds: number) =>
  page.waitForFunction((to) => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > to, seconds, {
    timeout: 60_000,
  });

/** The last samples that went to the loudspeaker, as the mean of both channels, and where the playhead was then. */
const heard = () =>
  page.evaluate(() => {
    const { analyser } = window as unknown as { analyser: AnalyserNode };
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    const { valueAsNumber: position } = document.querySelector('#position') as HTMLInputElement;
    return { samples: Array.from(samples), position };
  });

function greatestDifference(a: AudioData, b: AudioData): number {
  if (a.channels[0].length !== b.channels[0].length) return Number.POSITIVE_INFINITY;
  let greatest = 0;
  for (const [c, channel] of a.channels.entries()) {
    for (let n = 0; n < channel.length; n++) greatest = Math.max(greatest, Math.abs(channel[n] - b.channels[c][n]));
  }
  return greatest;
}

/** Seconds of `stem` at which what is heard is in it, sample for sample, to 1e-4; undefined: nowhere near the playhead. */
async function placeIn({ channels: [left, right] }: AudioData): Promise<number | undefined> {
  const { samples, position } = await heard();
  for (let start = Math.max(0, Math.round((position - 3) * RATE)); start < (position + 3) * RATE; start++) {
    let n = 0;
    while (n < samples.length && Math.abs(samples[n] - 0.5 * (left[start + n] + right[start + n])) < 1e-4) n++;
    if (n === samples.length) return start / RATE;
  }
  return undefined;
}

// One visit: the tests build on each other.
describe('a song that takes the long way, on disk', () => {
  let stems: readonly AudioData[];

  test(
    'has the stems of one that takes the short way, to 1e-4, and saves them',
    async () => {
      await separated(DEMO);
      expect(await onDisk()).toEqual([]);
      const short = await savedStems();
      // A song that was separated before would be opened as it was kept.
      await stateIs(page, 'mixture', 'Kept in this browser');
      await remove(page, 'mixture');
      await expect.poll(() => inFolder(page, 'shelf')).toEqual([]);
      await page.goto(`${built.address}?backend=wasm&model=paper&long=20`);
      await separated(DEMO);
      expect(await onDisk()).toHaveLength(1);
      stems = await savedStems();
      expect(stems[0].channels[0].length).toBeGreaterThan(40 * RATE);
      for (const [n, stem] of stems.entries()) expect(greatestDifference(stem, short[n])).toBeLessThan(1e-4);
      expect(stems[0].channels[0].some((value) => Math.abs(value) > 0.05)).toBe(true);
    },
    2 * PATIENCE_MS,
  );

  test('is shown whole: its length, its pictures, where there is singing', async () => {
    expect(await page.locator('.clock .total').textContent()).toBe('0:43');
    const passages = (await page.locator('.activity canvas').getAttribute('data-passages')) ?? '';
    // The singer of the demo song comes in at 9.6 s.
    expect(Math.abs(Number.parseFloat(passages) - 9.6)).toBeLessThan(0.6);
  });

  test('plays the stem that is chosen, sample for sample, where it was sought', async () => {
    await page.locator('body').press('2');
    await goTo(30);
    await page.click('#play');
    await passed(31);
    const [vocals, accompaniment] = stems;
    expect(await placeIn(vocals)).toBeGreaterThan(30);
    await page.locator('body').press('3');
    await goTo(12);
    await passed(13);
    expect(await placeIn(accompaniment)).toBeGreaterThan(12);
    await page.click('#play');
  });

  test('goes on, song and all, when a recording of ten hours is refused for want of room', async () => {
    await page.setInputFiles(
      'input[type=file]',
      await hollowFile(folder, 'ten hours.wav', { seconds: 36_000, sampleRate: 48_000, channels: 2 }),
    );
    const notice = page.locator('.notice.error');
    await notice.waitFor();
    // 10 h of stereo at 48 kHz, 4 bytes a sample, twice: more than a window like this one may have.
    expect(await notice.textContent()).toMatch(
      /“ten hours\.wav” needs 27\.7 GB on the disk; the browser has \d+\.\d GB left/,
    );
    expect(await notice.textContent()).toContain('The song that was open is still here.');
    expect(await page.locator('.song h1').textContent()).toBe('mixture');
    expect(await onDisk()).toHaveLength(1);
    await goTo(20);
    await page.click('#play');
    await passed(21);
    await page.click('#play');
  });

  test('leaves the disk when it is removed from the list, not before, and when opening is cancelled', async () => {
    await separated('tests/fixtures/audio/wav16.wav');
    expect(await onDisk()).toHaveLength(1);
    await page.getByRole('button', { name: 'Remove “mixture”' }).click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await expect.poll(onDisk).toEqual([]);
    // Long enough that it is still being decoded when the click comes: a decoded song stays, stopped, until it is removed.
    await page.setInputFiles(
      'input[type=file]',
      await hollowFile(folder, 'four hours.wav', { seconds: 14_400, sampleRate: 8000, channels: 1 }),
    );
    await page.locator('main > .progress .button:visible').first().click();
    await expect.poll(onDisk).toEqual([]);
  });

  test('no error went uncaught, and no policy was breached', () => {
    expect(built.problems).toEqual([]);
  });
});
