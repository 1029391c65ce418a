import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode.node.ts';
import { type BuiltPage, openBuiltPage } from './built-page.ts';

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
  // Listens in on what goes to the loudspeaker.
}, PATIENCE_MS);

afterAll(async () => {
  await built?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A WAV file of silence with 8 bits a sample: a hole, which takes no room on most disks. */
async function silentWav(name: string, seconds: number, rate: number, channels: number): Promise<string> {
  const bytes = seconds * rate * channels;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * channels, 28);
  header.writeUInt16LE(channels, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  const path = join(folder, name);
  const file = await open(path, 'w');
  await file.write(header);
  await file.truncate(44 + bytes);
  await file.close();
  return path;
}

async function visit(query: string): Promise<void> {
  // A song that was separated before would be opened as it was kept.
  if (page.url() !== 'about:blank') {
    await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      // Not there before the page first looks for songs.
      await root.removeEntry('shelf', { recursive: true }).catch(() => undefined);
    });
  }
  await page.goto(`${built.address}?backend=wasm${query}`);
}

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
const onDisk = () =>
  page.evaluate(async () => {
    const names: string[] = [];
    const root = await navigator.storage.getDirectory();
    const long = await root.getDirectoryHandle('long').catch(() => undefined);
    for await (const name of (long as unknown as { keys(): AsyncIterable<string> } | undefined)?.keys() ?? []) {
      names.push(name);
    }
    return names;
  });

const position = () => page.locator('#position').evaluate((input: HTMLInputElement) => input.valueAsNumber);

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

/** The last samples that went to the loudspeaker, as the mean of both channels. */
const heard = () =>
  page.evaluate(() => {
    const { analyser } = window as unknown as { analyser: AnalyserNode };
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    return Array.from(samples);
  });

function greatestDifference(a: AudioData, b: AudioData): number {
  if (a.channels[0].length !== b.channels[0].length) return Number.POSITIVE_INFINITY;
  let greatest = 0;
  for (const [c, channel] of a.channels.entries()) {
    for (let n = 0; n < channel.length; n++) greatest = Math.max(greatest, Math.abs(channel[n] - b.channels[c][n]));
  }
  return greatest;
}

/** Seconds of `stem` at which `sound` is in it, sample for sample, to 1e-4; undefined: nowhere. */
function placeIn(stem: AudioData, sound: readonly number[], from: number, to: number): number | undefined {
  const [left, right] = stem.channels;
  for (let start = Math.round(from * RATE); start < to * RATE; start++) {
    let n = 0;
    while (n < sound.length && Math.abs(sound[n] - 0.5 * (left[start + n] + right[start + n])) < 1e-4) n++;
    if (n === sound.length) return start / RATE;
  }
  return undefined;
}

// One visit: the tests build on each other.
describe('a song that takes the long way, on disk', () => {
  let stems: readonly AudioData[];

  test(
    'has the stems of one that takes the short way, to 1e-4, and saves them',
    async () => {
      await visit('');
      await separated(DEMO);
      expect(await onDisk()).toEqual([]);
      const short = await savedStems();
      await visit('&long=20');
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
    const at = await position();
    expect(placeIn(vocals, await heard(), at - 3, at + 3)).toBeGreaterThan(30);
    await page.locator('body').press('3');
    await goTo(12);
    await passed(13);
    const place = placeIn(accompaniment, await heard(), 12, 17);
    expect(place).toBeGreaterThan(12);
    await page.click('#play');
  });

  test('goes on, song and all, when a recording of ten hours is refused for want of room', async () => {
    await page.setInputFiles('input[type=file]', await silentWav('ten hours.wav', 36_000, 48_000, 2));
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
    await page.setInputFiles('input[type=file]', await silentWav('four hours.wav', 14_400, 8000, 1));
    await page.locator('main > .progress .button:visible').first().click();
    await expect.poll(onDisk).toEqual([]);
  });

  test('no error went uncaught, and no policy was breached', () => {
    expect(built.problems).toEqual([]);
  });
});
