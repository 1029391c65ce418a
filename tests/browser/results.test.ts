import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import {
  button,
  choose,
  mix,
  named,
  PATIENCE_MS,
  painted,
  passes,
  play,
  plays,
  positionNow,
  press,
  regionField,
  regionPanel,
  saveButton,
  seek,
  separated,
  spectrogram,
  standsAt,
  text,
} from './app.ts';
import { visitPage } from './built-page.ts';
import { goRound, pause } from './playing.ts';
import { pieceOf } from './song-files.ts';
import { archived, savedStem } from './song-list.ts';
import { result, separateAgain, shows } from './two-results.ts';

/** A part of the demo song with singing, seconds. */
const PART = { from: 10, to: 20 };

/** The short titles of the two quickest models. */
const [FIRST, SECOND] = ['Deep U-Net', 'Spleeter'];

/** Opens the page, and listens in on what goes to the loudspeaker. */
async function open(): Promise<Page> {
  const { page } = await visitPage({
    before: () => {
      const { connect } = AudioNode.prototype;
      AudioNode.prototype.connect = function (this: AudioNode, ...to: unknown[]) {
        if (to[0] instanceof AudioDestinationNode) {
          const analyser = new AnalyserNode(this.context, { fftSize: 2048 });
          Reflect.apply(connect, this, [analyser]);
          Object.assign(window, { analyser });
        }
        return Reflect.apply(connect, this, to);
      } as typeof connect;
    },
  });
  return page;
}

/** Opens a part of the demo song, and separates it with both models. @returns the vocals of each */
async function separateTwice(page: Page): Promise<readonly [AudioData, AudioData]> {
  const demo = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
  await choose(page, await pieceOf(demo, 'Twice.wav', PART.from, PART.to));
  await separated(page);
  const first = await savedStem(page, 'vocals');
  await page.keyboard.press('Escape');
  await separateAgain(page);
  const second = await savedStem(page, 'vocals');
  await page.keyboard.press('Escape');
  return [first, second];
}

/** The mean of a song's channels, as a loudspeaker's analyser has it. */
const mono = ({ channels }: AudioData): Float32Array =>
  channels[0].map((_, n) => channels.reduce((sum, channel) => sum + channel[n], 0) / channels.length);

/** How much what is heard now is like a signal round the present position: 1 is the same, at the same level. */
async function likeness(page: Page, signal: Float32Array): Promise<number> {
  const [heard, rate] = await page.evaluate(() => {
    const { analyser } = window as unknown as { analyser: AnalyserNode };
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    return [[...samples], analyser.context.sampleRate] as const;
  });
  const middle = Math.round((await positionNow(page)) * rate);
  let best = Number.NEGATIVE_INFINITY;
  for (let from = Math.max(0, middle - rate); from < Math.min(signal.length - heard.length, middle + rate); from++) {
    let [difference, energy] = [0, 0];
    for (let n = 0; n < heard.length; n++) {
      difference += (heard[n] - signal[from + n]) ** 2;
      energy += signal[from + n] ** 2;
      if (n === 256 && difference > energy) break;
    }
    if (energy > 1e-6) best = Math.max(best, 1 - difference / energy);
  }
  return best;
}

const EDGES = ['start', 'end', 'lowHz', 'highHz'] as const;

/** The edges of the selected region, seconds and hertz. */
const regionOf = (page: Page): Promise<number[]> =>
  Promise.all(EDGES.map(async (edge) => Number(await regionField(page, edge).inputValue())));

/** Selects a region, which goes along to the other result and back. */
async function takeRegionAlong(page: Page): Promise<void> {
  const [sound, loop] = [
    named(regionPanel(page), 'combobox', 'region.sound'),
    named(regionPanel(page), 'checkbox', 'region.loop'),
  ];
  await button(page, 'region.select').press('Enter');
  for (const [n, value] of [2, 4, 3000, 5000].entries()) {
    await regionField(page, EDGES[n]).fill(String(value));
    await regionField(page, EDGES[n]).dispatchEvent('change');
  }
  await sound.selectOption('vocals');
  await loop.check({ force: true });
  await result(page, FIRST).check({ force: true });
  await shows(page, FIRST);
  expect(await sound.inputValue()).toBe('vocals');
  expect(await loop.isChecked()).toBe(true);
  expect(await button(page, 'region.select').getAttribute('aria-pressed')).toBe('true');
  // The first model ends at 4104 Hz, the second one at 5513 Hz.
  expect(await regionOf(page)).toEqual([2, 4, 3000, 4104]);
  await result(page, SECOND).check({ force: true });
  await shows(page, SECOND);
  expect(await regionOf(page)).toEqual([2, 4, 3000, 5000]);
  await button(regionPanel(page), 'region.clear').click();
  await result(page, FIRST).check({ force: true });
  await shows(page, FIRST);
  expect(await regionPanel(page).isVisible()).toBe(false);
  await result(page, SECOND).check({ force: true });
  await shows(page, SECOND);
}

describe('two results of one song', () => {
  test('change places while the song plays, at the same position, with the same stem, zoom and region; their difference is heard, seen and saved', async () => {
    const page = await open();
    const [first, second] = (await separateTwice(page)).map(mono);
    const difference = first.map((value, n) => value - second[n]);
    expect(await result(page, SECOND).isChecked()).toBe(true);

    await press(page, '2');
    await press(page, '+');
    await painted(page, 'vocals');
    const boxOf = () => spectrogram(page, 'vocals').boundingBox();
    const ticksOf = () => spectrogram(page, 'vocals').locator('xpath=../../div[@class="gutter"]').textContent();
    const [box, ticks] = [await boxOf(), await ticksOf()];
    await takeRegionAlong(page);

    await goRound(page);
    await seek(page, 2);
    await play(page).click();
    await passes(page, 2.2);
    await expect.poll(() => likeness(page, second)).toBeGreaterThan(0.99);
    /** Steps of the position from frame to frame while the results change places. */
    await page.evaluate(() => {
      const steps: number[] = [];
      Object.assign(window, { steps });
      let before: number | undefined;
      const look = () => {
        const { valueAsNumber } = document.querySelector('#position') as HTMLInputElement;
        if (before !== undefined) steps.push(valueAsNumber - before);
        before = valueAsNumber;
        requestAnimationFrame(look);
      };
      look();
    });
    await press(page, 'r');
    await expect.poll(() => result(page, FIRST).isChecked()).toBe(true);
    expect(await plays(page)).toBe(true);
    expect(await mix(page, 'vocals').isChecked()).toBe(true);
    await expect.poll(() => likeness(page, first)).toBeGreaterThan(0.99);
    await painted(page, 'vocals');
    expect(await boxOf()).toEqual(box);
    expect(await ticksOf()).toBe(ticks);
    await result(page, SECOND).check({ force: true });
    await expect.poll(() => likeness(page, second)).toBeGreaterThan(0.99);
    await press(page, 'r');
    await expect.poll(() => likeness(page, first)).toBeGreaterThan(0.99);
    const back = await page.evaluate(() => (window as unknown as { steps: number[] }).steps.filter((step) => step < 0));
    // It only goes back where the whole song begins anew.
    for (const step of back) expect(step).toBeLessThan(-5);

    await press(page, 'd');
    const names = { of: FIRST, minus: SECOND };
    await page.getByText(text('results.heard', names)).waitFor();
    expect(await result(page, text('results.difference')).isChecked()).toBe(true);
    expect(await mix(page, 'vocals').isChecked()).toBe(false);
    await expect.poll(() => likeness(page, difference)).toBeGreaterThan(0.99);
    const picture = page.getByRole('img', { name: text('results.differenceAlt', names) });
    await expect.poll(() => picture.getAttribute('data-complete'), { timeout: PATIENCE_MS }).toBe('true');

    const waveform = (stem: 'Vocals' | 'Difference') => named(page, 'img', `timeline.track${stem}`);
    expect([await waveform('Difference').count(), await waveform('Vocals').count()]).toEqual([1, 0]);
    const saved = mono(await savedStem(page, 'difference'));
    await page.keyboard.press('Escape');
    expect(saved.length).toBe(difference.length);
    expect(saved.findIndex((value, n) => Math.abs(value - difference[n]) > 1e-6)).toBe(-1);

    // A stem is heard again when it is chosen.
    await press(page, '2');
    await expect.poll(() => likeness(page, first)).toBeGreaterThan(0.99);
    await picture.waitFor({ state: 'hidden' });
    await waveform('Vocals').waitFor();
    expect(await saveButton(page, 'difference').isVisible()).toBe(false);
    await pause(page);
  });

  test('are found at the next visit, where the other one is loaded when it is wanted', async () => {
    const page = await open();
    await separateTwice(page);
    await expect.poll(async () => (await archived(page)).length, { timeout: PATIENCE_MS }).toBe(2);
    await page.reload();
    await page
      .getByTitle(text('songs.listen', { name: 'Twice' }), { exact: true })
      .first()
      .click();
    await separated(page);
    await expect.poll(() => result(page, FIRST).isChecked()).toBe(true);
    await seek(page, 3);
    await press(page, 'd');
    await page.getByText(text('results.heard', { of: FIRST, minus: SECOND })).waitFor();
    await press(page, 'd');
    expect(await result(page, FIRST).isChecked()).toBe(true);
    await press(page, 'r');
    await expect.poll(() => result(page, SECOND).isChecked()).toBe(true);
    await standsAt(page, 3);
  });
});
