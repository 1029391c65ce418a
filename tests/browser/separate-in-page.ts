import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type AudioData, sampleCount } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { encodeWav } from '../../src/audio/encode/encode-wav.ts';
import type { SpectrogramScale } from '../../src/dsp/spectrogram-scale.ts';
import { separate } from '../../src/separation/separate.ts';
import { viridis } from '../../src/ui/spectrogram/colour-maps.ts';
import { frequencyAxis, rowBins } from '../../src/ui/spectrogram/frequency-axis.ts';
import { findModel, openModel } from '../../tools/lib/model-folder.ts';
import {
  button,
  choose,
  heading,
  named,
  painted,
  pattern,
  type StemName,
  saveButton,
  saveFormat,
  separated,
  spectrogram,
} from './app.ts';
import { visitPage } from './built-page.ts';
import { savedBytes } from './shared-browser.ts';
import { step } from './step.ts';

/** Part of the demo song that is separated: long enough for two patches with a seam. */
const SONG_SECONDS = { from: 8, to: 22 };

/** WebGL or WebGPU without a graphics processor, on a machine that is busy, needs minutes. */
const LONG_MS = 600_000;

/** The same song separated in Node. */
interface Truth {
  readonly vocals: readonly Float32Array[];
  readonly accompaniment: readonly Float32Array[];
  readonly scale: SpectrogramScale;
  readonly mask: Float32Array;
}

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

/** Values 0 to 1 of a spectrogram that is painted with viridis, read back from its pixels: [row][column]. */
async function readMaskPicture(page: Page): Promise<{ width: number; height: number; values: Float32Array }> {
  const { width, height, rgb } = await spectrogram(page, 'mask').evaluate((picture) => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    if (!context) throw new Error('There is no canvas.');
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

async function saved(page: Page, stem: StemName): Promise<{ readonly name: string; readonly audio: AudioData }> {
  const [file] = await Promise.all([page.waitForEvent('download'), saveButton(page, stem).click()]);
  const name = file.suggestedFilename();
  return { name, audio: await decodeInNode(await savedBytes(file), name) };
}

function largestDifference(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  let largest = 0;
  a.forEach((channel, c) => {
    for (let n = 0; n < channel.length; n++) largest = Math.max(largest, Math.abs(channel[n] - b[c][n]));
  });
  return largest;
}

/**
 * Separates a song in the page as Node does: spectrograms, numbers, files.
 * @param own switches of a Chromium for this walk alone
 */
export async function separateInPage(backend: 'wasm' | 'webgl' | 'webgpu', own?: readonly string[]): Promise<void> {
  const song = await pieceOfDemoSong();
  const truth = await separateInNode(song);
  const bytes = await new Blob(encodeWav(song, '32f')).arrayBuffer();
  const songFile = { name: 'A short song.wav', mimeType: 'audio/wav', buffer: Buffer.from(bytes) };
  const { page } = await visitPage({ path: `?backend=${backend}&model=paper`, own });
  await step('separates a chosen song, filling the spectrograms in as it goes', async () => {
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
    await choose(page, songFile);
    await separated(page, LONG_MS);
    await painted(page, 'mixture');
    const seen = await page.evaluate(() => (window as unknown as { seen: number[] }).seen);
    expect(seen.some((frames) => frames > 0 && frames < truth.scale.frames)).toBe(true);
    expect(seen.at(-1)).toBe(truth.scale.frames);
    await page.getByText(backend, { exact: true }).first().waitFor({ state: 'attached' });
    expect(await heading(page).textContent()).toBe('A short song');
  });

  await step('shows the mask that Node computes, cell by cell', async () => {
    await named(page, 'combobox', 'spectrogram.axis').selectOption('linear');
    // Its own values, not dimmed where the song is quiet.
    await button(page, 'appearance.title').click();
    await named(page, 'checkbox', 'appearance.dimMask').uncheck();
    await page.keyboard.press('Escape');
    await painted(page, 'mask');
    const { width, height, values } = await readMaskPicture(page);
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
    // Not blank, and nearer to the numbers than the spectrogram's own spread by far. What is left is the mixing of
    // neighbouring columns where the browser scales the spectrogram.
    expect(spread).toBeGreaterThan(0.01);
    expect(error / cells).toBeLessThan(0.2 * spread);
  });

  await step('reads the numbers under the pointer', async () => {
    const plot = spectrogram(page, 'mask');
    const [width, height] = await plot.evaluate((element) => [element.clientWidth, element.clientHeight]);
    await plot.hover({ position: { x: width / 2, y: 0.75 * height } });
    const { bins, firstBinHz, binHz, frameSeconds } = truth.scale;
    const read = (field: string) => page.locator(`[data-readout="${field}"]`).textContent();
    await expect.poll(() => read('frequency')).toMatch(/\d/);
    const frequency = (await read('frequency')) ?? '';
    const hz = Number.parseFloat(frequency) * (frequency.endsWith(' kHz') ? 1000 : 1);
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

  await step('saves stems that are those of Node, and that add up to the song', async () => {
    await saveFormat(page).selectOption('wav32f');
    const vocals = await saved(page, 'vocals');
    const accompaniment = await saved(page, 'accompaniment');
    expect(vocals.name).toBe('A short song (Vocals).wav');
    expect(accompaniment.name).toBe('A short song (Accompaniment).wav');
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

  await step('gives a saved stem to a drag out of the window, and makes one that is not there yet', async () => {
    const dragged = () =>
      saveButton(page, 'vocals').evaluate((element) => {
        const dataTransfer = new DataTransfer();
        element.dispatchEvent(new DragEvent('dragstart', { dataTransfer, cancelable: true }));
        return dataTransfer.getData('DownloadURL');
      });
    expect(await dragged()).toMatch(/^audio\/wav:A short song \(Vocals\)\.wav:blob:/);
    await saveFormat(page).selectOption('wav16');
    expect(await dragged()).toBe('');
    await page.getByText(pattern('save.dragReady')).waitFor();
    expect(await dragged()).toMatch(/^audio\/wav:A short song \(Vocals\)\.wav:blob:/);
  });
}
