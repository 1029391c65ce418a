import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AudioData, sampleCount } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { encodeWav } from '../../src/audio/encode/encode-wav.ts';
import type { SpectrogramScale } from '../../src/dsp/spectrogram-scale.ts';
import { separate } from '../../src/separation/separate.ts';
import { measure } from '../../tools/lib/evaluate-measure.ts';
import { chooseMethods } from '../../tools/lib/evaluate-methods.ts';
import { readStems } from '../../tools/lib/evaluate-stems.ts';
import { findModel, openModel } from '../../tools/lib/model-folder.ts';
import { choose, PATIENCE_MS, play, separated } from './app.ts';
import { type BuiltPage, visitPage } from './built-page.ts';
import { goRound, goStraight, pause } from './playing.ts';
import { step } from './step.ts';

/** Parts of the demo song, in seconds. */
const SONG = { from: 10, to: 22 };
const STEMS = { from: 12, to: 16 };

let folder: string;
let built: BuiltPage;
let page: Page;
let song: AudioData;
let model: Awaited<ReturnType<typeof openModel>>;

async function demo(name: string, { from, to }: typeof SONG, channels?: number): Promise<AudioData> {
  const whole = await decodeInNode(await readFile(`public/demo/${name}.mp3`), `${name}.mp3`);
  const { sampleRate } = whole;
  const cut = whole.channels.map((channel) => channel.slice(from * sampleRate, to * sampleRate));
  return { sampleRate, channels: cut.slice(0, channels) };
}

async function wav(sound: AudioData): Promise<Buffer> {
  return Buffer.from(await new Blob(encodeWav(sound, '32f')).arrayBuffer());
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-learn-'));
  model = await openModel(await findModel('paper'));
  song = await demo('mixture', SONG);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Opens the page with a song that is separated. @param section a section of the learning page, opened then */
async function open(section?: string): Promise<void> {
  built = await visitPage({ height: 1000 });
  page = built.page;
  page.setDefaultTimeout(PATIENCE_MS);
  await choose(page, { name: 'Twelve seconds.wav', mimeType: 'audio/wav', buffer: await wav(song) });
  await separated(page);
  if (section) await page.goto(`${built.address}?backend=wasm&model=paper#/learn/${section}`);
}

/** Points at a place of a spectrogram, in shares of its width and height from the left top corner. */
async function point(selector: string, x: number, y: number): Promise<void> {
  const canvas = page.locator(selector);
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  if (!box) throw new Error('The spectrogram is not shown.');
  await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
}

async function data(selector: string, ...names: readonly string[]): Promise<readonly number[]> {
  const set = await page.locator(selector).evaluate((element) => ({ ...(element as HTMLElement).dataset }));
  return names.map((name) => Number(set[name] ?? Number.NaN));
}

/** Waits for something that a busy machine takes its time for. */
const soon = <T>(value: () => Promise<T>) => expect.poll(value, { timeout: 120_000 });
const chooseRadio = (id: string) => page.locator(`label:has(#${id})`).click();
/** Waits for the panel that has an element: that of the section before may be ready, too. */
const readyWith = (element: string) => page.locator(`.learn-panel:has(${element})[data-state="ready"]`).waitFor();
const shownSection = () => page.locator('.learn-sections a[aria-current="page"]').textContent();

test('the learning page', async () => {
  await open();

  await step('is not loaded with the page', async () => {
    expect(built.requests.filter((url) => /(section|learning)/.test(url))).toEqual([]);
  });

  await step('has addresses of its own, goes back and forward, and the song stays open and plays on', async () => {
    await goRound(page);
    await play(page).click();
    await page.click('.learn-link');
    await page.locator('.learn h1').waitFor();
    expect(new URL(page.url()).hash).toBe('#/learn');
    await soon(() => page.getAttribute('.learn-link', 'aria-current')).toBe('page');
    await soon(() => page.title()).toContain('How it works');
    expect(await page.locator('.song').isVisible()).toBe(false);
    expect(await page.locator('.learn-song-name').textContent()).toContain('Twelve seconds');
    await page.click('.learn-sections a[href="#/learn/mask"]');
    await soon(shownSection).toBe('Mask × mixture');
    await page.goBack();
    await soon(shownSection).toBe('Sound is an image');
    await page.goForward();
    await soon(shownSection).toBe('Mask × mixture');
    await page.click('#learn-back');
    await page.locator('.song').waitFor({ state: 'visible' });
    await soon(() => page.getAttribute('.learn-link', 'aria-current')).toBe(null);
    expect(await page.getAttribute('#play', 'aria-label')).toBe('Pause');
    await pause(page);
    await goStraight(page);
    // From the beginning again: the sections then begin a quarter into the song.
    await page.locator('#position').evaluate((input: HTMLInputElement) => {
      input.value = '0';
      input.dispatchEvent(new Event('input'));
    });
  });
});

test('sound is an image', async () => {
  await open('sound');
  const excerpt = { start: 0, samples: new Float64Array(0) };
  /** 20·log₁₀ of |Σ w[n]·x[n]·e^(−2πikn/N)| over that of a full-scale sine. */
  function levelByDefinition(first: number, size: number, bin: number): number {
    let [re, im, sum] = [0, 0, 0];
    for (let n = 0; n < size; n++) {
      const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size);
      const value = window * (excerpt.samples[first + n] ?? 0);
      re += value * Math.cos((2 * Math.PI * bin * n) / size);
      im -= value * Math.sin((2 * Math.PI * bin * n) / size);
      sum += window / 2;
    }
    return 20 * Math.log10(Math.hypot(re, im) / sum);
  }

  await step('the level under the pointer is that of the Fourier sum of its frame', async () => {
    await page.goto(`${built.address}?backend=wasm&model=paper#/learn/sound`);
    await readyWith('#sound-rounds');
    const { sampleRate, channels } = song;
    excerpt.start = Math.round((sampleCount(song) / sampleRate / 4) * sampleRate);
    excerpt.samples = Float64Array.from({ length: 6 * sampleRate }, (_, n) => {
      return (channels[0][excerpt.start + n] + channels[1][excerpt.start + n]) / 2;
    });
    const [size, hop] = [2048, 512];
    for (const [x, y] of [
      [0.31, 0.8],
      [0.62, 0.6],
    ]) {
      await point('.spectrogram-canvas', x, y);
      const off = async () => Math.abs((await data('#sound-reading', 'frame'))[0] / (excerpt.samples.length / hop) - x);
      await expect.poll(off).toBeLessThan(0.01);
      const [level, frame, bin] = await data('#sound-reading', 'level', 'frame', 'bin');
      expect(level).toBeCloseTo(Math.max(-80, levelByDefinition(frame * hop - size / 2, size, bin)), 0);
    }
  });

  await step('window and hop change the rows and columns of the spectrogram', async () => {
    expect(await data('.spectrogram-canvas', 'bins', 'frames')).toEqual([
      1025,
      Math.ceil((excerpt.samples.length - 1) / 512) + 1,
    ]);
    await page.locator('#sound-window').fill('1');
    await page.locator('#sound-hop').fill('2');
    await expect
      .poll(() => data('.spectrogram-canvas', 'bins', 'frames'))
      .toEqual([257, Math.ceil((excerpt.samples.length - 1) / 256) + 1]);
    await page.locator('.learn-panel[data-state="ready"]').waitFor();
  });

  await step('the vocals come back whole with their own phase, almost with the mixture’s, not without', async () => {
    const sdrOf = async (phase: string) => (await data(`tr[data-phase="${phase}"] td >> nth=0`, 'value'))[0];
    const errorOf = async (phase: string) => (await data(`tr[data-phase="${phase}"] td >> nth=1`, 'value'))[0];
    await soon(() => sdrOf('griffinLim')).toBeLessThan(100);
    expect(await sdrOf('own')).toBeGreaterThan(100);
    expect(await sdrOf('mixture')).toBeGreaterThan((await sdrOf('zero')) + 6);
    const before = await errorOf('griffinLim');
    await page.locator('#sound-rounds').fill('100');
    await soon(() => errorOf('griffinLim')).toBeLessThan(before - 0.1);
  });

  await step('other iterations do not stop what is being computed, and no figure is shown before it is', async () => {
    const shown = await page.evaluate(async () => {
      document.getElementById('sound-excerpt')?.click();
      const rounds = document.getElementById('sound-rounds') as HTMLInputElement;
      rounds.value = '10';
      rounds.dispatchEvent(new Event('input'));
      await new Promise((resolve) => setTimeout(resolve));
      const panel = rounds.closest('.learn-panel');
      const cells = panel?.querySelectorAll('[data-phase="griffinLim"] td') ?? [];
      return [panel?.querySelector('[role="status"]')?.textContent, ...[...cells].map((cell) => cell.textContent)];
    });
    expect(shown).toEqual(['Computing …', '…', '…']);
    await readyWith('#sound-rounds');
    await page.getByText('The true vocals of this song are not known.').waitFor();
    for (const clip of ['own', 'mixture', 'zero', 'griffinLim']) {
      await soon(() => page.locator(`#sound-listen-${clip}`).isEnabled()).toBe(true);
    }
  });

  await step('each phase can be heard, and the step be shown', async () => {
    await chooseRadio('sound-listen-zero');
    await page.click('#sound-listen-play');
    await soon(() => page.getAttribute('#sound-listen-play', 'aria-label')).toBe('Pause');
    await page.click('#sound-listen-play');
    await page.click('#sound-step');
    await soon(() => page.locator('.small-figure canvas').count()).toBe(3);
  });
});

test('mask × mixture', async () => {
  await open('mask');

  const truth = { mask: new Float32Array(0), mixture: new Float32Array(0), bins: 1 };

  const read = () => data('#mask-reading', 'mixture', 'mask', 'product', 'frame', 'bin');

  await step('the numbers under the pointer are the separation’s, and their product', async () => {
    let scale: SpectrogramScale | undefined;
    for await (const chunk of separate(song, model)) {
      if (!scale) {
        scale = chunk.scale;
        truth.bins = scale.bins;
        truth.mask = new Float32Array(scale.frames * scale.bins);
        truth.mixture = new Float32Array(scale.frames * scale.bins);
      }
      truth.mask.set(chunk.spectrogram.mask, chunk.spectrogram.firstFrame * scale.bins);
      truth.mixture.set(chunk.spectrogram.mixture, chunk.spectrogram.firstFrame * scale.bins);
    }
    await page.click('.learn-sections a[href="#/learn/mask"]');
    await readyWith('#mask-reading');
    for (const [x, y] of [
      [0.4, 0.7],
      [0.7, 0.4],
      [0.55, 0.9],
    ]) {
      await point('.spectrogram-canvas >> nth=1', x, y);
      const [mixture, mask, product, frame, bin] = await read();
      expect(product).toBeCloseTo(mixture * mask, 7);
      expect(mask).toBeCloseTo(truth.mask[frame * truth.bins + bin], 3);
      expect(mixture).toBeCloseTo(truth.mixture[frame * truth.bins + bin], 5);
      // The cursor is in all three spectrograms.
      expect(await page.locator('.spectrogram-cursor.vertical:visible').count()).toBe(3);
    }
  });

  await step(
    'a hard mask is 0 or 1 by the threshold; strength is an exponent; the accompaniment’s mask is the rest',
    async () => {
      await point('.spectrogram-canvas >> nth=0', 0.4, 0.7);
      const [, soft, , frame, bin] = await read();
      const again = async () => {
        await point('.spectrogram-canvas >> nth=0', 0.4, 0.69);
        await point('.spectrogram-canvas >> nth=0', 0.4, 0.7);
        const [mixture, mask, product, ...place] = await read();
        expect(place).toEqual([frame, bin]);
        expect(product).toBeCloseTo(mixture * mask, 7);
        return mask;
      };
      await page.locator('#mask-strength').fill('1');
      await expect.poll(again).toBeCloseTo(soft ** 2, 5);
      await chooseRadio('mask-part-accompaniment');
      await expect.poll(again).toBeCloseTo(1 - soft ** 2, 5);
      await chooseRadio('mask-part-vocals');
      await chooseRadio('mask-kind-hard');
      await expect.poll(again).toBe(soft >= 0.5 ? 1 : 0);
      await page.locator('#mask-threshold').fill(soft >= 0.5 ? '0.95' : '0.05');
      await expect.poll(again).toBe(soft >= (soft >= 0.5 ? 0.95 : 0.05) ? 1 : 0);
      await page.locator('.learn-panel[data-state="ready"]').waitFor();
    },
  );

  await step('mixture, mask and product can each be heard, and are zoomed together', async () => {
    for (const clip of ['product', 'mask', 'mixture']) {
      await chooseRadio(`mask-listen-${clip}`);
      await page.click('#mask-listen-play');
      await soon(() => page.getAttribute('#mask-listen-play', 'aria-label')).toBe('Pause');
      await page.click('#mask-listen-play');
    }
    const ticks = () =>
      page.locator('.spectrogram-ruler').evaluateAll((rulers) => rulers.map((ruler) => ruler.textContent));
    const before = await ticks();
    await page.click('#learn-zoom-in');
    await page.click('#learn-zoom-in');
    await soon(async () => (await ticks())[0]).not.toBe(before[0]);
    expect(new Set(await ticks()).size).toBe(1);
  });
});

test('mix your own', async () => {
  await open('mix');
  const sdrOf = async (method: string, part: string) => {
    const cell = `tr[data-method="${method}"] td[data-part="${part}"][data-measure="sdr"]`;
    return (await data(cell, 'value'))[0];
  };

  await step('the SDR of own files is that of npm run evaluate on the same files', async () => {
    const voice = await wav(await demo('vocals', STEMS, 1));
    const band = await wav(await demo('accompaniment', STEMS, 1));
    const [vocals, accompaniment] = [join(folder, 'vocals.wav'), join(folder, 'accompaniment.wav')];
    await writeFile(vocals, voice);
    await writeFile(accompaniment, band);
    await page.click('.learn-sections a[href="#/learn/mix"]');
    await page.locator('#mix-start').waitFor();
    await page.locator('#mix-file-vocals').setInputFiles(vocals);
    await page.locator('#mix-file-accompaniment').setInputFiles(accompaniment);
    await expect
      .poll(() => page.locator('.source-name').allTextContents())
      .toEqual(['vocals.wav · 0:04', 'accompaniment.wav · 0:04']);
    await page.click('#mix-start');
    await page.locator('.learn-panel[data-state="done"]').waitFor();

    const stems = await readStems({ vocals, accompaniment: [accompaniment] });
    const methods = chooseMethods([model], { baselines: false });
    const names = { separated: model.manifest.id, mixture: 'mixture', idealRatio: 'idealRatioMask' };
    for (const [ours, key] of Object.entries(names)) {
      const method = methods.find((one) => one.key === key);
      if (!method) throw new Error(`There is no method ${key}.`);
      const expected = measure(stems, await method.estimate(stems, () => {}));
      for (const part of ['vocals', 'accompaniment'] as const) {
        expect(Math.abs((await sdrOf(ours, part)) - (expected[part].sdr ?? Number.NaN))).toBeLessThan(0.01);
      }
    }
    expect(await sdrOf('idealRatio', 'vocals')).toBeGreaterThan(await sdrOf('separated', 'vocals'));
    expect(await sdrOf('separated', 'vocals')).toBeGreaterThan(await sdrOf('mixture', 'vocals'));
    const measured = await page
      .locator('tr[data-method] td')
      .evaluateAll((cells) => cells.map((cell) => cell.textContent));
    expect(measured).toHaveLength(4 * 8);
    expect(measured).not.toContain('');
    expect(await page.getByRole('term').allTextContents()).toEqual(['SDR', 'BSS SDR', 'SIR', 'SAR']);
    expect(await page.getByRole('definition').count()).toBe(4);
    expect((await data('#mix-loss', 'mean'))[0]).toBeGreaterThan(0);
  });

  await step('result, truth and ideal masks can be heard', async () => {
    await chooseRadio('mix-listen-idealBinary');
    await page.click('#mix-listen-play');
    await soon(() => page.getAttribute('#mix-listen-play', 'aria-label')).toBe('Pause');
    await page.click('#mix-listen-play');
  });

  await step('the curve over mixing levels grows point by point, and can be stopped', async () => {
    const points = async (): Promise<{ level: number; separated: number; mixture: number }[]> =>
      JSON.parse((await page.getAttribute('[data-curve]', 'data-points')) ?? '[]');
    await page.locator('[data-curve]').evaluate((curve: HTMLElement) => {
      // In the page: the whole curve may be there before a busy test looks again.
      new MutationObserver(() => {
        const { length } = JSON.parse(curve.dataset.points ?? '[]');
        if (length === 2) document.getElementById('mix-curve-stop')?.click();
      }).observe(curve, { attributeFilter: ['data-points'] });
    });
    await page.click('#mix-curve-start');
    await page.locator('[data-curve="stopped"]').waitFor();
    expect((await points()).length).toBe(2);
    const [first, second] = await points();
    expect(second.level - first.level).toBe(5);
    expect(second.mixture - first.mixture).toBeCloseTo(5, 3);
    expect(second.separated).toBeGreaterThan(second.mixture);
  });
});
