import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { encodeWav } from '../../src/audio/encode/encode-wav.ts';
import { Stft } from '../../src/dsp/stft.ts';
import { pngToMask } from '../../src/separation/mask-png.ts';
import { choose, openSaveMenu, PATIENCE_MS, saveFormat, separated } from './app.ts';
import { visitPage } from './built-page.ts';
import { savedBytes } from './shared-browser.ts';
import { step } from './step.ts';

/** Of the paper's model: seconds from frame to frame, hertz of bin 0 and from bin to bin. */
const FRAME = 768 / 8192;
const BIN_HZ = 8;
const BINS = 512;

let page: Page;
let song: AudioData;

beforeAll(async () => {
  const { sampleRate, channels } = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
  song = { sampleRate, channels: channels.map((channel) => channel.slice(10 * sampleRate, 22 * sampleRate)) };
});

/** Opens the section with a song that is separated: twelve seconds of the demo song. */
async function open(sound = song): Promise<void> {
  ({ page } = await visitPage({ height: 1000 }));
  page.setDefaultTimeout(PATIENCE_MS);
  const bytes = await new Blob(encodeWav(sound, '32f')).arrayBuffer();
  await choose(page, { name: 'Twelve seconds.wav', mimeType: 'audio/wav', buffer: Buffer.from(bytes) });
  await separated(page);
  await page.evaluate(() => {
    location.hash = '#/learn/paint';
  });
  await page.getByRole('application').waitFor();
}

/** Drags over the mask canvas, in shares of its width and height from the left top corner. */
async function drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const canvas = page.getByRole('application');
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  if (!box) throw new Error('The mask canvas is not shown.');
  const at = ([x, y]: readonly [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 6 });
  await page.mouse.up();
}

/** What the song page says of its mask in the middle of the song, near 1.7 kHz. */
async function readMask(): Promise<string> {
  const picture = page.locator('[data-spectrogram="mask"]');
  const { width, height } = (await picture.boundingBox()) ?? { width: 0, height: 0 };
  await page.mouse.move(0, 0);
  await picture.hover({ position: { x: width / 2, y: height / 5 } });
  return (await page.locator('.reading').textContent()) ?? '';
}

async function download(button: string): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator(button).click()]);
  return savedBytes(file);
}

/** The mask as the page saves it: frames × 512 values in [0, 1]. */
async function mask(): Promise<{ frames: number; at: (frame: number, bin: number) => number }> {
  const png = await download('#paint-save-mask');
  const frames = png.readUInt32BE(16);
  expect(png.readUInt32BE(20)).toBe(BINS);
  const cells = pngToMask(png, { frames, bins: BINS });
  return { frames, at: (frame, bin) => cells[frame * BINS + bin] / 65535 };
}

/** Power of a sound in a stretch of time and a band, by a transform that the page does not use. */
function power(sound: AudioData, fromSecond: number, toSecond: number, lowHz: number, highHz: number): number {
  const { sampleRate, channels } = sound;
  const size = 8192;
  const stft = new Stft({ fftSize: size, windowLength: size, hop: size, window: 'blackman', centred: false });
  const column = new Float32Array(stft.bins);
  let sum = 0;
  for (let start = Math.ceil(fromSecond * sampleRate); start + size < toSecond * sampleRate; start += size / 2) {
    stft.magnitudeFrame(channels[0].subarray(start), 0, column);
    for (let bin = Math.ceil((lowHz * size) / sampleRate); bin <= (highHz * size) / sampleRate; bin++) {
      sum += column[bin] ** 2;
    }
  }
  return sum;
}

test('it begins where the singing does, and plays from there', async () => {
  const part = async (name: string) => {
    const { sampleRate, channels } = await decodeInNode(await readFile(`public/demo/${name}.mp3`), `${name}.mp3`);
    return { sampleRate, channels: channels.map((channel) => channel.slice(0, 20 * sampleRate)) };
  };
  const { sampleRate, channels } = await part('vocals');
  const onset = channels[0].findIndex((value) => Math.abs(value) > 0.02) / sampleRate;
  expect(onset).toBeGreaterThan(5);
  await open(await part('mixture'));
  const from = page.getByRole('slider', { name: /^From/ });
  const start = () => from.evaluate((slider: HTMLInputElement) => slider.valueAsNumber);
  // Two seconds before; the slider has steps of half a second.
  await expect.poll(async () => Math.abs((await start()) - (onset - 2))).toBeLessThan(0.8);
  const button = (name: string) => page.locator('.paint').getByRole('button', { name, exact: true });
  await button('Play').click();
  const time = page.locator('.learn-song-time');
  const seconds = async () => Number(/^0:(\d\d) /.exec((await time.textContent()) ?? '')?.[1]);
  await expect.poll(seconds).toBeGreaterThanOrEqual(Math.floor(onset - 2));
  await button('Pause').click();
  await button('Play').waitFor();
});

describe('painting the mask', () => {
  test('boxes, overtones and strokes are painted, undone, saved and loaded', async () => {
    await open();
    await step(
      'a box that is painted to 0 silences its time and band in what is saved, by 40 dB and more',
      async () => {
        await page.locator('#paint-all').click();
        await page.locator('#paint-tool-box').check({ force: true });
        await page.locator('#paint-feather').fill('0');
        await page.locator('#paint-value').fill('0');
        await drag([0.3, 0.25], [0.7, 0.75]);
        await expect.poll(() => page.locator('.paint-delay').textContent()).toMatch(/after \d+ ms/);
        const painted = await mask();
        // The box, as the saved mask shows it.
        const black: [frame: number, bin: number][] = [];
        for (let frame = 0; frame < painted.frames; frame++) {
          for (let bin = 0; bin < BINS; bin++) if (painted.at(frame, bin) === 0) black.push([frame, bin]);
        }
        const [firstFrame, firstBin] = black[0];
        const [lastFrame, lastBin] = black.at(-1) ?? [0, 0];
        expect(black.length).toBe((lastFrame - firstFrame + 1) * (lastBin - firstBin + 1));
        expect(painted.at(0, 0)).toBe(1);
        const wav = await download('#paint-save-vocals');
        const vocals = await decodeInNode(new Uint8Array(wav), 'vocals.wav');
        const hz = (bin: number) => (bin + 1) * BIN_HZ;
        const inside = [
          (firstFrame + 1) * FRAME,
          (lastFrame - 1) * FRAME,
          hz(firstBin) + 50,
          hz(lastBin) - 50,
        ] as const;
        const above = [inside[0], inside[1], hz(lastBin) + 100, hz(lastBin) + 600] as const;
        const change = (where: typeof inside) => 10 * Math.log10(power(vocals, ...where) / power(song, ...where));
        expect(change(inside)).toBeLessThan(-40);
        expect(Math.abs(change(above))).toBeLessThan(0.5);
      },
    );

    await step('undo takes it back, redo does it again, and “from the network” brings the network’s mask', async () => {
      await page.keyboard.press('Control+z');
      await expect.poll(async () => (await mask()).at(60, 200)).toBe(1);
      await page.locator('#paint-redo').click();
      await expect.poll(async () => (await mask()).at(64, 200)).toBe(0);
      await page.locator('#paint-network').click();
      const network = await mask();
      let between = 0;
      for (let bin = 0; bin < BINS; bin++) if (network.at(64, bin) > 0.01 && network.at(64, bin) < 0.99) between++;
      expect(between).toBeGreaterThan(50);
    });

    await step('the harmonic brush paints the overtones, and not between them', async () => {
      await page.locator('#paint-none').click();
      await page.locator('#paint-axis-linear').check({ force: true });
      await page.locator('#paint-tool-harmonics').check({ force: true });
      await page.locator('#paint-value').fill('100');
      await page.locator('#paint-feather').fill('50');
      await page.locator('#paint-size').fill('3');
      // A linear axis of 8 to 4104 Hz: 400 Hz lie a tenth above the bottom.
      await drag([0.5, 0.902], [0.5001, 0.902]);
      const { at, frames } = await mask();
      const frame = Array.from({ length: frames }, (_, n) => n).find((n) => at(n, 50) > 0.5) ?? -1;
      // Each line's middle, in hertz.
      const lines: number[] = [];
      for (let bin = 0, from = -1; bin < BINS; bin++) {
        if (at(frame, bin) > 0.9 && from < 0) from = bin;
        if (from >= 0 && !(at(frame, bin + 1) > 0.9)) {
          lines.push(((from + bin) / 2 + 1) * BIN_HZ);
          from = -1;
        }
      }
      const tone = lines[0];
      expect(Math.abs(tone - 400)).toBeLessThan(20);
      expect(lines.length).toBeGreaterThanOrEqual(9);
      // To half a bin of the tone, n times.
      for (const [n, hertz] of lines.slice(0, 9).entries()) {
        expect(Math.abs(hertz - (n + 1) * tone), `overtone ${n}`).toBeLessThanOrEqual((BIN_HZ / 2) * (n + 2));
      }
      expect(at(frame, Math.round((1.5 * tone) / BIN_HZ))).toBe(0);
    });

    await step('a stroke can be painted by keyboard', async () => {
      await page.locator('#paint-none').click();
      await page.locator('#paint-tool-brush').check({ force: true });
      await page.locator('#paint-size').fill('14');
      await page.getByRole('application').focus();
      await page.keyboard.press('Enter');
      for (let n = 0; n < 12; n++) await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      // The reading of the cell under the crosshair, where the stroke ended.
      await expect
        .poll(() => page.locator('.paint > .learn-reading').first().textContent())
        .toMatch(/mask 1\.00 \(network: \d\.\d\d\)/);
    });

    await step('a saved mask can be loaded unchanged', async () => {
      await page.locator('#paint-network').click();
      const network = await download('#paint-save-mask');
      await page.locator('#paint-tool-box').check({ force: true });
      await page.locator('#paint-value').fill('0');
      await drag([0.3, 0.25], [0.7, 0.75]);
      const png = await download('#paint-save-mask');
      expect(png.equals(network)).toBe(false);
      await page.locator('#paint-network').click();
      expect((await download('#paint-save-mask')).equals(network)).toBe(true);
      await page.locator('#paint-png').setInputFiles({ name: 'mask.png', mimeType: 'image/png', buffer: png });
      await page.getByText('The mask now comes from mask.png.').waitFor();
      expect((await download('#paint-save-mask')).equals(png)).toBe(true);
    });
  });

  test('what is saved right after a change has all of it', async () => {
    await open();
    for (const save of ['paint-save-vocals', 'save-vocals']) {
      const whole = [0, 12, 100, 4000] as const;
      const change = async (paint: string) => {
        const saved = page.waitForEvent('download');
        // In one go: none of it can be heard yet.
        await page.evaluate(
          (buttons) => {
            for (const id of buttons) document.getElementById(id)?.click();
          },
          [paint, save],
        );
        const vocals = await decodeInNode(await savedBytes(await saved), 'vocals.wav');
        return 10 * Math.log10(power(vocals, ...whole) / power(song, ...whole));
      };
      // The first file also starts the worker that makes the next one at once.
      expect(Math.abs(await change('paint-all'))).toBeLessThan(0.1);
      expect(await change('paint-none')).toBeLessThan(-40);
      expect(Math.abs(await change('paint-all'))).toBeLessThan(0.1);
    }
  });

  test('painting is restored at the next visit, in mask and sound; so is the network’s mask', async () => {
    await open();
    const network = await mask();
    await page.locator('#paint-tool-box').check({ force: true });
    await page.locator('#paint-value').fill('0');
    await drag([0.3, 0.25], [0.7, 0.75]);
    const png = await download('#paint-save-mask');
    const go = (hash: string) => page.evaluate((to) => (location.hash = to), hash);
    const kept = page.locator('.song-row[data-keeping="kept"]');
    await go('#/');
    // With one song, the list is folded.
    await kept.waitFor({ state: 'attached' });
    await expect.poll(readMask).toMatch(/1\.[67]\d kHz.*Mask0\.00/);
    await saveFormat(page).selectOption('wav32f');
    const wav = await download('#save-vocals');
    await page.reload();
    await separated(page);
    await expect.poll(readMask).toMatch(/1\.[67]\d kHz.*Mask0\.00/);
    await saveFormat(page).selectOption('wav32f');
    expect((await download('#save-vocals')).equals(wav)).toBe(true);
    await go('#/learn/paint');
    await page.getByRole('application').waitFor();
    expect((await download('#paint-save-mask')).equals(png)).toBe(true);
    // One step back is the network's; so is the button that brings it.
    await page.locator('#paint-undo').click();
    const undone = await mask();
    for (let bin = 0; bin < BINS; bin++) expect(undone.at(60, bin)).toBe(network.at(60, bin));
    await page.locator('#paint-redo').click();
    expect((await download('#paint-save-mask')).equals(png)).toBe(true);
    await page.locator('#paint-network').click();
    await go('#/');
    // With one song, the list is folded.
    await kept.waitFor({ state: 'attached' });
    await openSaveMenu(page);
    const own = await decodeInNode(new Uint8Array(await download('#save-vocals')), 'own.wav');
    const painted = await decodeInNode(new Uint8Array(wav), 'painted.wav');
    expect(power(own, 4, 8, 500, 2500)).toBeGreaterThan(power(painted, 4, 8, 500, 2500));
  });
});
