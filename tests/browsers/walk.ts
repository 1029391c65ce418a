import { readFile } from 'node:fs/promises';
import { expect, inject, onTestFinished, test } from 'vitest';
import { type AudioData, sampleCount } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { sdr } from '../../src/metrics/sdr.ts';
import { separate } from '../../src/separation/separate.ts';
import { findModel, openModel } from '../../tools/lib/model-folder.ts';
import { text } from '../browser/app.ts';
import { step } from '../browser/step.ts';
import type { BrowserDriver } from './driver.ts';
import { button, type Mode, SongPage } from './song-page.ts';

const DEMO = 'public/demo/mixture.mp3';
/** Least agreement of stems with those of Node, decibels: other kernels round in another way. */
const MIN_SDR = 60;

/** The stems of a song as Node separates it. */
async function separatedInNode(song: AudioData, modelId: string) {
  const model = await openModel(await findModel(modelId));
  const stems = { vocals: silence(song), accompaniment: silence(song) };
  for await (const chunk of separate(song, model)) {
    for (const stem of ['vocals', 'accompaniment'] as const) {
      chunk[stem].forEach((channel, c) => {
        stems[stem][c].set(channel, chunk.start);
      });
    }
  }
  return stems;
}

const silence = (song: AudioData) => song.channels.map(() => new Float32Array(sampleCount(song)));

/**
 * The walk that each browser takes besides Chromium, whose tests are in tests/browser.
 * @param launch starts the browser
 */
export function walk(launch: () => Promise<BrowserDriver>): void {
  /** Starts the browser for the test that calls this. At its end, the page must have had no problem. */
  async function start(): Promise<SongPage> {
    const driver = await launch();
    onTestFinished(async () => {
      await driver.close();
      expect(driver.problems).toEqual([]);
    });
    return new SongPage(driver);
  }

  test('the demo song', async () => {
    const page = await start();
    await page.open(`${inject('builtSite').address}?model=paper`);

    await step('is separated, and its spectrograms are not blank', async () => {
      await page.click(button(text('start.demo')));
      await page.separated();
      for (const kind of ['mixture', 'mask', 'vocals', 'accompaniment'] as const) {
        expect(await page.spread(kind), kind).toBeGreaterThan(5);
      }
    });

    await step('plays, and is switched while it plays', async () => {
      await page.play();
      await page.passes(0.5);
      for (const mode of ['vocals', 'accompaniment', 'original'] satisfies Mode[]) {
        await page.choose(mode);
        expect(await page.mode()).toBe(mode);
        await page.passes((await page.position()) + 0.3);
      }
      await page.pause();
    });

    await step('has the stems that Node gives', async () => {
      const song = await decodeInNode(await readFile(DEMO), 'mixture.mp3');
      const expected = await separatedInNode(song, 'paper');
      for (const stem of ['vocals', 'accompaniment'] as const) {
        const { bytes, name } = await page.save(stem, 'wav32f');
        const { channels } = await decodeInNode(Buffer.from(bytes), name);
        expect(sdr(expected[stem], channels)).toBeGreaterThan(MIN_SDR);
      }
    });
  });
}
