import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import {
  button,
  choose,
  errorNotice,
  finished,
  heading,
  passes,
  play,
  position,
  press,
  progress,
  seek,
  text,
} from './app.ts';
import { type BuiltPage, visitPage } from './built-page.ts';
import { hollowFile } from './song-files.ts';
import { archived, onDisk, remove, savedStem, stateIs } from './song-list.ts';
import { step } from './step.ts';

const DEMO = 'public/demo/mixture.mp3';
/** What its tags say. */
const DEMO_NAME = 'Unsung – Sing It to the Sea';
const RATE = 44_100;

let folder: string;
let built: BuiltPage;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-long-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(): Promise<void> {
  built = await visitPage({
    // A file of gigabytes needs a Chromium of its own.
    own: [],
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
}

async function separate(file: string): Promise<void> {
  await choose(page, file);
  await finished(page);
}

const savedStems = async (): Promise<readonly AudioData[]> => [
  await savedStem(page, 'vocals'),
  await savedStem(page, 'accompaniment'),
];

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

describe('a long song on disk', () => {
  test('is separated, shown, played and removed', async () => {
    await open();
    let stems: readonly AudioData[];
    await step('has the stems of one that takes the short way, to 1e-4, and saves them', async () => {
      await separate(DEMO);
      expect(await onDisk(page)).toEqual([]);
      const short = await savedStems();
      // A song that was separated before would be opened as it was kept.
      await stateIs(page, DEMO_NAME, 'songs.keeping.kept');
      await remove(page, DEMO_NAME);
      await expect.poll(() => archived(page)).toEqual([]);
      await page.goto(`${built.address}?backend=wasm&model=paper&long=20`);
      await separate(DEMO);
      expect(await onDisk(page)).toHaveLength(1);
      stems = await savedStems();
      expect(stems[0].channels[0].length).toBeGreaterThan(40 * RATE);
      for (const [n, stem] of stems.entries()) expect(greatestDifference(stem, short[n])).toBeLessThan(1e-4);
      expect(stems[0].channels[0].some((value) => Math.abs(value) > 0.05)).toBe(true);
    });

    await step('is shown whole: its length, its spectrograms, where there is singing', async () => {
      const duration = text('player.positionValue', { position: '0:00', duration: '0:43' });
      expect(await position(page).getAttribute('aria-valuetext')).toBe(duration);
      const passages = (await page.locator('[data-passages]').getAttribute('data-passages')) ?? '';
      // The singer of the demo song comes in at 9.6 s.
      expect(Math.abs(Number.parseFloat(passages) - 9.6)).toBeLessThan(0.6);
    });

    await step('plays the stem that is chosen, sample for sample, where it was sought', async () => {
      await press(page, '2');
      await seek(page, 30);
      await play(page).click();
      await passes(page, 31);
      const [vocals, accompaniment] = stems;
      expect(await placeIn(vocals)).toBeGreaterThan(30);
      await press(page, '3');
      await seek(page, 12);
      await passes(page, 13);
      expect(await placeIn(accompaniment)).toBeGreaterThan(12);
      await play(page).click();
    });

    await step('goes on, song and all, when a recording of ten hours is refused for want of space', async () => {
      await choose(
        page,
        await hollowFile(folder, 'ten hours.wav', { seconds: 36_000, sampleRate: 48_000, channels: 2 }),
      );
      const notice = errorNotice(page);
      await notice.waitFor();
      // 10 h of stereo at 48 kHz, 4 bytes a sample, twice: more than a window like this one may have.
      expect(await notice.textContent()).toMatch(
        /“ten hours\.wav” needs 27\.7 GB of disk space; the browser has \d+\.\d GB left/,
      );
      expect(await notice.textContent()).toContain(text('notice.kept'));
      expect(await heading(page).textContent()).toBe(DEMO_NAME);
      expect(await onDisk(page)).toHaveLength(1);
      await seek(page, 20);
      await play(page).click();
      await passes(page, 21);
      await play(page).click();
    });

    await step(
      'leaves the disk when it is removed from the list, not before, and when opening is cancelled',
      async () => {
        await separate('tests/fixtures/audio/wav16.wav');
        expect(await onDisk(page)).toHaveLength(1);
        await remove(page, DEMO_NAME);
        await expect.poll(() => onDisk(page)).toEqual([]);
        // Long enough that it is still being decoded when the click comes: a decoded song stays, stopped, until it is removed.
        await choose(
          page,
          await hollowFile(folder, 'four hours.wav', { seconds: 14_400, sampleRate: 8000, channels: 1 }),
        );
        await button(progress(page), 'progress.cancel').click();
        await expect.poll(() => onDisk(page)).toEqual([]);
      },
    );
  });
});
