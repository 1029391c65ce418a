import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AudioData, sampleCount } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { encodeWav } from '../../src/audio/encode/encode-wav.ts';
import type { SpectrogramScale } from '../../src/dsp/spectrogram-scale.ts';
import { separate } from '../../src/separation/separate.ts';
import { viridis } from '../../src/ui/spectrogram/colour-maps.ts';
import { frequencyAxis, rowBins } from '../../src/ui/spectrogram/frequency-axis.ts';
import { findModel, openModel } from '../../tools/lib/model-folder.ts';
import { type BuiltPage, openBuiltPage } from './built-page.ts';
import { goRound, goStraight, nextFrame, pause } from './playing.ts';

/** Part of the demo song that is separated: long enough for two patches with a seam. */
const SONG_SECONDS = { from: 8, to: 22 };

/** WebGL without a graphics processor, on a machine that is busy, needs minutes. */
const PATIENCE_MS = 600_000;

/** The same song separated in Node. */
interface Truth {
  readonly vocals: readonly Float32Array[];
  readonly accompaniment: readonly Float32Array[];
  readonly scale: SpectrogramScale;
  readonly mask: Float32Array;
}

let folder: string;
let built: BuiltPage;
let page: Page;
let song: AudioData;
let songFile: { name: string; mimeType: string; buffer: Buffer };
let truth: Truth;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-page-'));
  song = await pieceOfDemoSong();
  const bytes = await new Blob(encodeWav(song, '32f')).arrayBuffer();
  songFile = { name: 'A short song.wav', mimeType: 'audio/wav', buffer: Buffer.from(bytes) };
  truth = await separateInNode(song);

  built = await openBuiltPage({
    path: '?backend=webgl&model=paper',
    args: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  });
  page = built.page;
}, PATIENCE_MS);

afterAll(async () => {
  await built?.close();
  await rm(folder, { recursive: true, force: true });
});

async function pieceOfDemoSong(): Promise<AudioData> {
  const { sampleRate, channels } = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
  const [from, to] = [SONG_SECONDS.from * sampleRate, SONG_SECONDS.to * sampleRate];
  return { sampleRate, channels: channels.map((channel) => channel.slice(from, to)) };
}

async function separateInNode(audio: AudioData): Promise<Truth> {
  const model = await openModel(await findModel('paper'));
  const length = sampleCount(audio);
  const vocals = audio.channels.map(() => new Float32Array(length));
  const accompaniment = audio.channels.map(() => new Float32Array(length));
  let scale: SpectrogramScale | undefined;
  let mask = new Float32Array(0);
  for await (const chunk of separate(audio, model)) {
    scale = chunk.scale;
    const { frames, bins } = chunk.scale;
    if (mask.length === 0) mask = new Float32Array(frames * bins);
    mask.set(chunk.spectrogram.mask, chunk.spectrogram.firstFrame * bins);
    chunk.vocals.forEach((channel, c) => {
      vocals[c].set(channel, chunk.start);
    });
    chunk.accompaniment.forEach((channel, c) => {
      accompaniment[c].set(channel, chunk.start);
    });
  }
  if (!scale) throw new Error('The song gave no chunk.');
  return { vocals, accompaniment, scale, mask };
}

/** Values 0 to 1 of a picture that is painted with viridis, read back from its pixels: [row][column]. */
async function readMaskPicture(): Promise<{ width: number; height: number; values: Float32Array }> {
  const { width, height, rgb } = await page.evaluate(() => {
    const picture = document.querySelector<HTMLElement>('[data-spectrogram="mask"]');
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    if (!picture || !context) throw new Error('There is no picture of the mask.');
    const box = picture.getBoundingClientRect();
    canvas.width = Math.round(box.width);
    canvas.height = Math.round(box.height);
    // As the browser puts the tiles on the screen.
    for (const tile of picture.querySelectorAll<HTMLCanvasElement>('canvas:not([hidden])')) {
      const { left, width } = tile.getBoundingClientRect();
      context.drawImage(tile, left - box.left, 0, width, canvas.height);
    }
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return { width: canvas.width, height: canvas.height, rgb: Array.from(data) };
  });
  const values = new Float32Array(width * height);
  const known = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    const [red, green, blue] = [rgb[4 * i], rgb[4 * i + 1], rgb[4 * i + 2]];
    const colour = (red << 16) | (green << 8) | blue;
    const value = known.get(colour) ?? nearestViridis(red, green, blue);
    known.set(colour, value);
    values[i] = value;
  }
  return { width, height, values };
}

function nearestViridis(red: number, green: number, blue: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 256; i++) {
    const [r, g, b] = viridis.rgb.subarray(3 * i, 3 * i + 3);
    const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
    if (distance < least) [best, least] = [i, distance];
  }
  return best / 255;
}

async function saved(button: string): Promise<{ readonly name: string; readonly audio: AudioData }> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  return { name: file.suggestedFilename(), audio: await decodeInNode(await readFile(path), path) };
}

function largestDifference(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  let largest = 0;
  a.forEach((channel, c) => {
    for (let n = 0; n < channel.length; n++) largest = Math.max(largest, Math.abs(channel[n] - b[c][n]));
  });
  return largest;
}

const position = () => page.locator('#position').evaluate((input: HTMLInputElement) => input.valueAsNumber);
const heard = (mode: string) => () => page.locator(`input[name="mix"][value="${mode}"]`).isChecked();

// One page, one visit, as a person would go through it: the tests build on each other.
describe('the page', () => {
  test(
    'separates a chosen song on WebGL, filling the pictures in as it goes',
    async () => {
      await page.evaluate(() => {
        const seen: number[] = [];
        Object.assign(window, { seen });
        new MutationObserver((changes) => {
          for (const { target } of changes) {
            const { spectrogram, doneFrames } = (target as HTMLElement).dataset;
            if (spectrogram === 'mixture') seen.push(Number(doneFrames));
          }
        }).observe(document.body, { attributeFilter: ['data-done-frames'], subtree: true });
      });
      await page.setInputFiles('input[type=file]', songFile);
      await page.waitForSelector('main > .progress[data-kind="done"]', { timeout: PATIENCE_MS });
      await page.waitForSelector('[data-spectrogram="mixture"][data-complete="true"]');
      const seen = await page.evaluate(() => (window as unknown as { seen: number[] }).seen);
      expect(seen.some((frames) => frames > 0 && frames < truth.scale.frames)).toBe(true);
      expect(seen.at(-1)).toBe(truth.scale.frames);
      expect(await page.locator('#engine [data-backend]').getAttribute('data-backend')).toBe('webgl');
      expect(await page.locator('h1:visible').textContent()).toBe('A short song');
    },
    PATIENCE_MS + 10_000,
  );

  test('shows the mask that Node computes, cell by cell', async () => {
    await page.selectOption('#axis', 'linear');
    await page.waitForSelector('[data-spectrogram="mask"][data-complete="true"]');
    const { width, height, values } = await readMaskPicture();
    const { frames, bins, firstBinHz, binHz, frameSeconds } = truth.scale;
    const rows = rowBins(frequencyAxis('linear', firstBinHz + bins * binHz), height, { bins, firstBinHz, binHz });
    const duration = SONG_SECONDS.to - SONG_SECONDS.from;
    let sum = 0;
    let squares = 0;
    let error = 0;
    let cells = 0;
    for (let frame = 1; frame < frames - 2; frame++) {
      const x = Math.floor(((frame * frameSeconds) / duration) * width);
      for (let row = 0; row < height; row++) {
        let expected = 0;
        for (let bin = rows.from[row]; bin < rows.to[row]; bin++) expected += truth.mask[frame * bins + bin];
        expected /= rows.to[row] - rows.from[row];
        const shown = values[row * width + x];
        error += Math.abs(shown - expected);
        sum += shown;
        squares += shown * shown;
        cells++;
      }
    }
    const spread = Math.sqrt(squares / cells - (sum / cells) ** 2);
    // Not blank, and nearer to the numbers than the picture's own spread by far. What is left is the mixing of
    // neighbouring columns where the browser scales the picture.
    expect(spread).toBeGreaterThan(0.01);
    expect(error / cells).toBeLessThan(0.2 * spread);
  });

  test('reads the numbers under the pointer', async () => {
    const plot = page.locator('.plot[data-row="mask"]');
    const [width, height] = await plot.evaluate((element) => [element.clientWidth, element.clientHeight]);
    await plot.hover({ position: { x: width / 2, y: 0.75 * height } });
    const { bins, firstBinHz, binHz, frameSeconds } = truth.scale;
    const read = (field: string) => page.locator(`[data-readout="${field}"]`).textContent();
    await expect.poll(() => read('frequency')).toMatch(/\d/);
    const hz = Number.parseFloat((await read('frequency')) ?? '');
    expect(hz).toBeGreaterThan(900);
    expect(hz).toBeLessThan(1150);
    const [minutes, seconds] = ((await read('time')) ?? '').split(':').map(Number);
    const frame = Math.round((60 * minutes + seconds) / frameSeconds);
    const bin = Math.round((hz - firstBinHz) / binHz);
    const near = [-1, 0, 1].flatMap((f) => [-1, 0, 1].map((b) => truth.mask[(frame + f) * bins + bin + b]));
    const mask = Number(await read('mask'));
    expect(mask).toBeGreaterThanOrEqual(Math.min(...near) - 0.01);
    expect(mask).toBeLessThanOrEqual(Math.max(...near) + 0.01);
  });

  test('switches by keys and by clicks, and the faders follow', async () => {
    const level = (stem: string) => () => page.locator(`#fader-${stem}`).getAttribute('aria-valuetext');
    await page.keyboard.press('2');
    await expect.poll(heard('vocals')).toBe(true);
    await expect.poll(level('accompaniment')).toBe('off');
    await page.locator('.segment.accompaniment').click();
    await expect.poll(heard('accompaniment')).toBe(true);
    await expect.poll(level('accompaniment')).toBe('0.0 dB');
    await expect.poll(level('vocals')).toBe('off');
    await page.locator('#fader-vocals').fill('0.5');
    await expect.poll(() => page.locator('input[name="mix"]:checked').count()).toBe(0);
    await expect.poll(() => page.locator('.own-mix').textContent()).toBe('Your own mix');
    await page.locator('body').press('1');
    await expect.poll(heard('original')).toBe(true);
  });

  test('plays, pauses and seeks', async () => {
    await goRound(page);
    await page.locator('#play').click();
    await page.waitForFunction(() => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > 0.5);
    expect(await page.locator('#play').getAttribute('aria-label')).toBe('Pause');
    await pause(page);
    await goStraight(page);
    await nextFrame(page);
    const stopped = await position();
    await page.waitForTimeout(300);
    expect(await position()).toBe(stopped);
    await page.locator('.plot[data-row="mixture"]').click({ position: { x: 300, y: 30 } });
    const width = await page.locator('.plot[data-row="mixture"]').evaluate((plot) => plot.clientWidth);
    const seconds = (300 / width) * (SONG_SECONDS.to - SONG_SECONDS.from);
    await page.waitForFunction(
      (to) => Math.abs((document.querySelector('#position') as HTMLInputElement).valueAsNumber - to) < 0.05,
      seconds,
    );
    await page.locator('body').press('End');
    await page.locator('body').press('ArrowLeft');
    const end = SONG_SECONDS.to - SONG_SECONDS.from - 5;
    await page.waitForFunction(
      (to) => Math.abs((document.querySelector('#position') as HTMLInputElement).valueAsNumber - to) < 0.05,
      end,
    );
  });

  test('saves stems that are those of Node, and that add up to the song', async () => {
    await page.selectOption('#save-format', 'wav32f');
    const vocals = await saved('#save-vocals');
    const accompaniment = await saved('#save-accompaniment');
    expect(vocals.name).toBe('A short song (Vocals).wav');
    expect(accompaniment.name).toBe('A short song (Instrumental).wav');
    for (const { audio } of [vocals, accompaniment]) {
      expect(audio.sampleRate).toBe(song.sampleRate);
      expect(audio.channels.length).toBe(song.channels.length);
      expect(sampleCount(audio)).toBe(sampleCount(song));
    }
    expect(largestDifference(vocals.audio.channels, truth.vocals)).toBeLessThan(1e-3);
    expect(largestDifference(accompaniment.audio.channels, truth.accompaniment)).toBeLessThan(1e-3);
    const sum = vocals.audio.channels.map((channel, c) =>
      channel.map((value, n) => value + accompaniment.audio.channels[c][n]),
    );
    expect(largestDifference(sum, song.channels)).toBeLessThan(1e-4);
  });

  test('gives a saved stem to a drag out of the window, and makes one that is not there yet', async () => {
    const dragged = (button: string) =>
      page.locator(button).evaluate((element) => {
        const dataTransfer = new DataTransfer();
        element.dispatchEvent(new DragEvent('dragstart', { dataTransfer, cancelable: true }));
        return dataTransfer.getData('DownloadURL');
      });
    expect(await dragged('#save-vocals')).toMatch(/^audio\/wav:A short song \(Vocals\)\.wav:blob:/);
    await page.selectOption('#save-format', 'wav16');
    expect(await dragged('#save-vocals')).toBe('');
    await page.locator('.save-status', { hasText: 'is ready' }).waitFor();
    expect(await dragged('#save-vocals')).toMatch(/^audio\/wav:A short song \(Vocals\)\.wav:blob:/);
  });

  test('says what is wrong with a bad file, and keeps the song that is open', async () => {
    for (const [name, sentence] of [
      ['notes.txt', 'is not an audio file'],
      ['nothing.mp3', 'is empty'],
    ]) {
      const buffer = Buffer.from(name === 'notes.txt' ? 'la la la' : '');
      await page.setInputFiles('input[type=file]', { name, mimeType: 'text/plain', buffer });
      const notice = page.locator('.notice.error', { hasText: name });
      await notice.waitFor();
      expect(await notice.textContent()).toContain(sentence);
      expect(await page.locator('h1:visible').textContent()).toBe('A short song');
      expect(await page.locator('#save-vocals').isEnabled()).toBe(true);
    }
    // The button that saved last may have the focus: Space would press it again.
    await page.locator('h1:visible').click();
    await page.locator('body').press('Home');
    await page.locator('body').press(' ');
    await page.waitForFunction(() => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > 0.3);
    await page.locator('body').press(' ');
  });

  test('speaks Chinese when it is asked to', async () => {
    await page.selectOption('header select', 'zh-CN');
    await expect.poll(() => page.locator('.segment.vocals .word').textContent()).toBe('人声');
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    await page.selectOption('header select', 'en');
  });

  test('does all this without an error and without breaking its Content-Security-Policy', () => {
    expect(built.problems).toEqual([]);
  });
});
