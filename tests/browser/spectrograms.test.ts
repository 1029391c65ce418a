import { decode } from 'fast-png';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { encodeWav } from '../../src/audio/encode/encode-wav.ts';
import { EXPORT_IMAGE_SIZE } from '../../src/ui/spectrogram/spectrogram-export.ts';
import {
  button,
  choose,
  named,
  painted,
  play,
  positionNow,
  press,
  regionField,
  regionPanel,
  seek,
  separated,
  spectrogram,
  text,
} from './app.ts';
import { visitPage } from './built-page.ts';
import { goRound, pause } from './playing.ts';
import { savedBytes } from './shared-browser.ts';

const RATE = 22_050;
const SECONDS = 12;
/** A low tone from the beginning, and a high one from here on. */
const SECOND_TONE = 6;
const [LOW_HZ, HIGH_HZ] = [440, 2000];

let page: Page;

/** Opens the tones, and waits until they are separated. */
async function openTones(): Promise<void> {
  ({ page } = await visitPage({
    // Keeps what is played from a buffer: regions are, the song is not.
    before: () => {
      const { start } = AudioBufferSourceNode.prototype;
      AudioBufferSourceNode.prototype.start = function (this: AudioBufferSourceNode, ...when) {
        Object.assign(window, { played: this });
        Reflect.apply(start, this, when);
      };
    },
  }));
  const tone = (hz: number, from: number) => (n: number) =>
    n < from * RATE ? 0 : 0.25 * Math.sin((2 * Math.PI * hz * n) / RATE);
  const [low, high] = [tone(LOW_HZ, 0), tone(HIGH_HZ, SECOND_TONE)];
  const channel = Float32Array.from({ length: RATE * SECONDS }, (_, n) => low(n) + high(n));
  const bytes = await new Blob(encodeWav({ sampleRate: RATE, channels: [channel] }, '32f')).arrayBuffer();
  await choose(page, { name: 'Tones.wav', mimeType: 'audio/wav', buffer: Buffer.from(bytes) });
  await separated(page);
  // On this axis a height is a frequency.
  await named(page, 'combobox', 'spectrogram.axis').selectOption('linear');
  await painted(page, 'mixture');
}

/** Waits until the glide to what was asked for is over, and the spectrogram of it is painted. */
async function settled(): Promise<void> {
  const stands = async () => {
    const ticks = () =>
      [...document.querySelectorAll('.ruler .tick')]
        .map((tick) => `${tick.textContent} ${tick.getBoundingClientRect().left}`)
        .join();
    const before = ticks();
    // It begins with the next frame of the screen.
    for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
    return ticks() === before;
  };
  await expect.poll(() => page.evaluate(stands)).toBe(true);
  await painted(page, 'mixture');
}

/** Brightness, 0 to 255, across the mixture's spectrogram at a height, as the tiles lie on the screen. */
function brightnessAt(hz: number): Promise<number[]> {
  return page.evaluate((unit) => {
    const picture = document.querySelector<HTMLElement>('[data-spectrogram="mixture"]') as HTMLElement;
    const box = picture.getBoundingClientRect();
    const canvas = new OffscreenCanvas(Math.round(box.width), 1);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.imageSmoothingEnabled = false;
    for (const tile of picture.querySelectorAll<HTMLCanvasElement>('canvas:not([hidden])')) {
      const { left, width } = tile.getBoundingClientRect();
      const row = Math.floor((1 - unit) * tile.height);
      // Only the columns in view: what is scaled to a hundred thousand pixels is not drawn exactly.
      const perColumn = width / tile.width;
      const from = Math.max(0, Math.floor((box.left - left) / perColumn));
      const count = Math.min(tile.width - from, Math.ceil(box.width / perColumn) + 1);
      if (count <= 0) continue;
      context.drawImage(tile, from, row, count, 1, left - box.left + from * perColumn, 0, count * perColumn, 1);
    }
    const { data } = context.getImageData(0, 0, canvas.width, 1);
    return Array.from({ length: canvas.width }, (_, x) => Math.max(data[4 * x], data[4 * x + 1], data[4 * x + 2]));
  }, hz / TOP_HZ);
}

/** The paper's network: 512 bins of 8 Hz from 8 Hz on, frames of 768 samples at 8192 Hz. */
const TOP_HZ = 8 + 512 * 8;
const FRAME_SECONDS = 768 / 8192;

/** Seconds under a place of the tracks (CSS pixels of the window), by what the ruler says, and what moves with it. */
interface Moment {
  readonly playhead: number;
  readonly position: number;
  /** Where the accompaniment's outline becomes higher; undefined where it is not on the screen. */
  readonly louder: number | undefined;
  /** Where the mixture's spectrogram becomes brighter at `HIGH_HZ`. */
  readonly brighter: number | undefined;
  /** Seconds for which what the page moves itself may be behind what the browser moves. */
  readonly took: number;
}

/** Reads the page in one frame of the screen. */
function momentNow(): Promise<Moment> {
  return page.evaluate(async (unit) => {
    const begun = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const ticks = [...document.querySelectorAll<HTMLElement>('.ruler .tick:not(.at-end)')].map((tick) => {
      const [minutes, seconds] = (tick.textContent ?? '').split(':').map(Number);
      return { x: tick.getBoundingClientRect().left, time: 60 * minutes + seconds };
    });
    const [first, last] = [ticks[0], ticks[ticks.length - 1]];
    const perPixel = (last.time - first.time) / (last.x - first.x);
    const timeAt = (x: number) => first.time + (x - first.x) * perPixel;
    const box = (document.querySelector('[data-spectrogram="mixture"]') as HTMLElement).getBoundingClientRect();
    const width = Math.round(box.width);
    // What lies on the screen of some canvases, as if they were put on one.
    const screened = (canvases: Iterable<HTMLCanvasElement>, height: number, row: (rows: number) => number) => {
      const context = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.imageSmoothingEnabled = false;
      for (const canvas of canvases) {
        const at = canvas.getBoundingClientRect();
        const rows = height === 1 ? 1 : canvas.height;
        context.drawImage(canvas, 0, row(canvas.height), canvas.width, rows, at.left - box.left, 0, at.width, height);
      }
      return context.getImageData(0, 0, width, height).data;
    };
    // The first column in which three quarters of the greatest value are reached, if quieter ones come before.
    const rise = (values: readonly number[]) => {
      const most = Math.max(...values);
      const x = values.findIndex((value) => value > 0.75 * most);
      return x > 20 ? timeAt(box.left + x) : undefined;
    };
    const tiles = document.querySelectorAll<HTMLCanvasElement>('[data-spectrogram="mixture"] canvas:not([hidden])');
    const lit = screened(tiles, 1, (rows) => Math.floor((1 - unit) * rows));
    const brightness = Array.from({ length: width }, (_, x) => Math.max(lit[4 * x], lit[4 * x + 1], lit[4 * x + 2]));
    const root = document.querySelector('[data-track="accompaniment"] > div')?.shadowRoot;
    const track = screened(root?.querySelectorAll<HTMLCanvasElement>('.canvases canvas') ?? [], 40, () => 0);
    const heights = Array.from({ length: width }, (_, x) => {
      let height = 0;
      for (let y = 0; y < 40; y++) if (track[4 * (y * width + x) + 3] > 127) height++;
      return height;
    });
    const playhead = (document.querySelector('.playhead') as HTMLElement).getBoundingClientRect();
    return {
      playhead: timeAt(playhead.left + playhead.width / 2),
      position: (document.querySelector('#position') as HTMLInputElement).valueAsNumber,
      louder: rise(heights),
      brighter: rise(brightness),
      took: (performance.now() - begun) / 1000,
    };
  }, HIGH_HZ / TOP_HZ);
}

/** The region as it lies on a spectrogram, for the keyboard. */
const regionBox = () => named(page, 'group', 'region.box');

async function typed(field: Locator, value: number): Promise<void> {
  await field.fill(String(value));
  await field.dispatchEvent('change');
}

describe('the spectrograms', () => {
  test('zoom by keys from the whole song to single frames, at the right times', async () => {
    await openTones();
    expect(Number(await spectrogram(page, 'mixture').getAttribute('data-done-frames'))).toBe(
      Math.ceil((SECONDS * 8192) / 768) + 1,
    );
    // To where the second tone comes in, and as near as it goes.
    await seek(page, SECOND_TONE);
    for (let step = 0; step < 12; step++) await press(page, '+');
    await page.waitForFunction(() => document.querySelector('.ruler .tick')?.textContent?.includes('.'));
    await settled();
    const width = await spectrogram(page, 'mixture').evaluate((element) => element.clientWidth);
    const columns = await brightnessAt(HIGH_HZ);
    const edges = columns.flatMap((value, x) => (x > 0 && value !== columns[x - 1] ? [x] : []));
    // A quarter of a second: some three frames, each of one colour from edge to edge.
    const perFrame = (FRAME_SECONDS / 0.25) * width;
    expect(edges.length).toBeGreaterThanOrEqual(1);
    expect(edges.length).toBeLessThanOrEqual(3);
    for (let n = 1; n < edges.length; n++) expect(Math.abs(edges[n] - edges[n - 1] - perFrame)).toBeLessThan(2);
    // Edges lie half-way between the moments that frames are centred on.
    const start = (await page.evaluate(() => {
      const [first, second] = [...document.querySelectorAll<HTMLElement>('.ruler .tick')].slice(0, 2);
      const seconds = (tick: HTMLElement) => Number((tick.textContent ?? '').split(':')[1]);
      const place = (tick: HTMLElement) => Number.parseFloat(tick.style.left) / 100;
      return seconds(first) - (place(first) * (seconds(second) - seconds(first))) / (place(second) - place(first));
    })) as number;
    for (const x of edges) {
      const frame = (start + (x / width) * 0.25) / FRAME_SECONDS - 0.5;
      expect(Math.abs(frame - Math.round(frame))).toBeLessThan(0.05);
    }
    // Silent before, loud after.
    expect(columns.at(-1) ?? 0).toBeGreaterThan(columns[0] + 80);
  });

  test('scroll with ruler and tracks under the playhead during playback', async () => {
    await openTones();
    for (let step = 0; step < 3; step++) await press(page, '+');
    await seek(page, 4.4);
    await settled();
    // After a stall it would stand at its end, and what is looked for would never come.
    await goRound(page);
    await play(page).click();
    const moments: Moment[] = [];
    const risen = (what: 'louder' | 'brighter') => moments.flatMap((moment) => moment[what] ?? []);
    const enough = () => risen('louder').length > 3 && risen('brighter').length > 3;
    for (let passed = false; !(passed && enough()); ) {
      const moment = await momentNow();
      moments.push(moment);
      if (moment.position < 7) continue;
      passed = true;
      // A slow machine has seen little of it: once more.
      if (!enough()) await seek(page, 4.4);
    }
    await pause(page);
    // The clock and the bar show tenths of a second.
    for (const { playhead, position, took } of moments) expect(Math.abs(playhead - position)).toBeLessThan(0.2 + took);
    // The second tone comes in on the screen's right and goes out on its left: it stays where it is in the song.
    for (const what of ['louder', 'brighter'] as const) {
      expect(risen(what).length).toBeGreaterThan(3);
      for (const seconds of risen(what)) expect(Math.abs(seconds - SECOND_TONE)).toBeLessThan(FRAME_SECONDS);
    }
  });

  test('show other colours and levels at once, and remember them', async () => {
    await openTones();
    const before = await brightnessAt(LOW_HZ);
    await page.getByText(text('appearance.title'), { exact: true }).click();
    await named(page, 'combobox', 'appearance.map').selectOption('grey');
    await page.getByRole('slider', { name: new RegExp(`^${text('appearance.ceiling')}`) }).fill('-60');
    await settled();
    const after = await brightnessAt(LOW_HZ);
    // The tone’s row, at −50 dB or so on the average of its bins, lies above the range now: white.
    expect(before[300]).toBeLessThan(254);
    expect(after[300]).toBeGreaterThan(253);
    expect(await page.evaluate(() => JSON.parse(localStorage.getItem('unsung.pictures') ?? ''))).toEqual({
      axis: 'linear',
      map: 'grey',
      floorDb: -80,
      ceilingDb: -60,
      dimMask: true,
    });
    await button(page, 'appearance.reset').click();
    await settled();
    expect(await brightnessAt(LOW_HZ)).toEqual(before);
  });

  test('show the level of a region that is drawn with Shift', async () => {
    await openTones();
    const plot = spectrogram(page, 'accompaniment');
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    if (!box) throw new Error('There is no picture.');
    const x = (seconds: number) => box.x + (seconds / SECONDS) * box.width;
    const y = (hz: number) => box.y + (1 - hz / TOP_HZ) * box.height;
    await page.keyboard.down('Shift');
    await page.mouse.move(x(1), y(700));
    await page.mouse.down();
    await page.mouse.move(x(3), y(400), { steps: 3 });
    await page.mouse.move(x(5), y(200), { steps: 3 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    expect(await named(regionPanel(page), 'combobox', 'region.sound').inputValue()).toBe('accompaniment');
    expect(Math.abs(Number(await regionField(page, 'start').inputValue()) - 1)).toBeLessThan(0.1);
    expect(Math.abs(Number(await regionField(page, 'highHz').inputValue()) - 700)).toBeLessThan(60);
    const mixture = regionPanel(page).getByRole('row', { name: new RegExp(`^${text('spectrogram.mixture')}`) });
    const mean = mixture.getByRole('cell').first();
    await expect.poll(() => mean.textContent()).toMatch(/dB/);
    // 20 · log10(0.25)
    const level = Number.parseFloat(((await mean.textContent()) ?? '').replace('−', '-'));
    expect(Math.abs(level + 12.04)).toBeLessThan(0.4);
    // The song did not jump to where the drag began or ended.
    expect(await positionNow(page)).toBe(0);
  });

  test('play only the selected region of the song', async () => {
    await openTones();
    await button(page, 'region.select').press('Enter');
    await named(regionPanel(page), 'combobox', 'region.sound').selectOption('mixture');
    await typed(regionField(page, 'start'), 7);
    await typed(regionField(page, 'end'), 9);
    await typed(regionField(page, 'lowHz'), 1700);
    await typed(regionField(page, 'highHz'), 2300);
    await named(regionPanel(page), 'checkbox', 'region.loop').check({ force: true });
    await button(regionPanel(page), 'region.play').click();
    await page.waitForFunction(() => 'played' in window);
    const { samples, rate, loop } = await page.evaluate(() => {
      const { buffer, loop } = (window as unknown as { played: AudioBufferSourceNode }).played;
      return { samples: Array.from(buffer?.getChannelData(0) ?? []), rate: buffer?.sampleRate ?? 0, loop };
    });
    expect(rate).toBe(RATE);
    expect(samples.length).toBe(2 * RATE);
    expect(loop).toBe(true);
    const levels = [LOW_HZ, HIGH_HZ].map((hz) => 20 * Math.log10(amplitude(samples, hz)));
    expect(Math.abs(levels[1] + 12.04)).toBeLessThan(0.2);
    expect(levels[0]).toBeLessThan(-80);
    // No click at either end.
    expect(Math.abs(samples[0])).toBeLessThan(1e-4);
    expect(Math.abs(samples[samples.length - 1])).toBeLessThan(1e-2);
    await button(regionPanel(page), 'region.stop').click();
    await button(regionPanel(page), 'region.play').waitFor();
    await regionBox().press('Escape');
    expect(await regionPanel(page).isVisible()).toBe(false);
  });

  test('have a region that the arrow keys move', async () => {
    await openTones();
    await button(page, 'region.select').press('Enter');
    expect(await regionField(page, 'start').evaluate((input) => input === document.activeElement)).toBe(true);
    const before = Number(await regionField(page, 'start').inputValue());
    const low = Number(await regionField(page, 'lowHz').inputValue());
    await regionBox().press('ArrowRight');
    await regionBox().press('ArrowUp');
    expect(Number(await regionField(page, 'start').inputValue())).toBeCloseTo(before + SECONDS / 100, 1);
    expect(Math.abs(Number(await regionField(page, 'lowHz').inputValue()) - low - TOP_HZ / 50)).toBeLessThan(2);
    await button(regionPanel(page), 'region.clear').click();
    expect(await regionPanel(page).isVisible()).toBe(false);
  });

  test('are saved as PNGs of the stated size, with the tones where they belong', async () => {
    await openTones();
    const saveImage = button(page, 'spectrogram.saveImage', { spectrogram: text('spectrogram.mixture') });
    const [file] = await Promise.all([page.waitForEvent('download'), saveImage.click()]);
    expect(file.suggestedFilename()).toBe('Tones (Mixture).png');
    const { width, height, channels, data } = decode(await savedBytes(file));
    expect({ width, height }).toEqual(EXPORT_IMAGE_SIZE);
    const brightness = (x: number, y: number) => Math.max(...data.subarray((y * width + x) * channels).subarray(0, 3));
    // Of the columns of an early and a late moment, inside the frame: the brightest rows are the tones.
    const [left, right, top, bottom] = [132, 1756, 116, 848];
    const rowOf = (hz: number) => top + (1 - hz / TOP_HZ) * (bottom - top);
    for (const [seconds, tones] of [
      [3, [LOW_HZ]],
      [9, [LOW_HZ, HIGH_HZ]],
    ] as const) {
      const x = Math.round(left + (seconds / SECONDS) * (right - left));
      const bright: number[] = [];
      for (let y = top + 2; y < bottom - 2; y++) if (brightness(x, y) > 200) bright.push(y);
      for (const hz of tones) expect(bright.some((y) => Math.abs(y - rowOf(hz)) < 4)).toBe(true);
      expect(bright.every((y) => tones.some((hz) => Math.abs(y - rowOf(hz)) < 14))).toBe(true);
    }
    // Words and ticks: dark on white, left of and below the spectrogram, and over it.
    const dark = (fromX: number, toX: number, fromY: number, toY: number) => {
      let count = 0;
      for (let y = fromY; y < toY; y++) for (let x = fromX; x < toX; x++) if (brightness(x, y) < 110) count++;
      return count;
    };
    expect(dark(70, 128, top, bottom)).toBeGreaterThan(200);
    expect(dark(left, right, bottom + 14, bottom + 60)).toBeGreaterThan(200);
    expect(dark(left, right, 0, 60)).toBeGreaterThan(500);
  });
});

/** Amplitude of a frequency in a sound: its Fourier sum under a Hann window. */
function amplitude(samples: readonly number[], hz: number): number {
  let re = 0;
  let im = 0;
  let sum = 0;
  for (let n = 0; n < samples.length; n++) {
    const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / samples.length);
    const phase = (2 * Math.PI * hz * n) / RATE;
    re += weight * samples[n] * Math.cos(phase);
    im -= weight * samples[n] * Math.sin(phase);
    sum += weight;
  }
  return (2 * Math.hypot(re, im)) / sum;
}
