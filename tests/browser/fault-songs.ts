import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { findModel, openModel } from '../../tools/lib/model-folder.ts';
import { separateWhole } from '../../tools/lib/separate-whole.ts';
import { maxDifference } from '../model/fixtures.ts';
import { opened, type StemName, separated } from './app.ts';
import { type BuiltPage, type BuiltPageOptions, openBuiltPage } from './built-page.ts';
import { FaultInjector, type Faults } from './fault-injection.ts';
import { type GivenFile, pieceOf } from './song-files.ts';
import { listen, savedStem, unfold } from './song-list.ts';

/** How far backends may differ. */
const TOLERANCE = 1e-3;

/** Rounding of 32-bit floats near full scale, twice. */
const ROUNDING = 2e-7;

/** A song and its stems, which Node separated without a fault. */
export interface KnownSong {
  readonly name: string;
  readonly file: GivenFile;
  readonly original: readonly Float32Array[];
  readonly stems: Readonly<Record<StemName, readonly Float32Array[]>>;
}

/** Every so many samples of the demo song are kept: what separating takes depends on seconds alone. */
const STEP = 4;

/**
 * Seconds of the demo song, which begins again after its end, at a quarter of its rate; and what a model makes of them.
 * @param folder of the model; default: the paper's
 */
export async function knownSong(name: string, from: number, seconds: number, folder?: string): Promise<KnownSong> {
  const demo = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
  const sampleRate = demo.sampleRate / STEP;
  const piece = (channel: Float32Array) =>
    Float32Array.from(
      { length: seconds * sampleRate },
      (_, n) => channel[(from * demo.sampleRate + STEP * n) % channel.length],
    );
  const file = await pieceOf({ sampleRate, channels: demo.channels.map(piece) }, `${name}.wav`, 0, seconds);
  const { channels } = await decodeInNode(file.buffer, file.name);
  const model = await openModel(folder ?? (await findModel('paper')));
  const stems = await separateWhole({ sampleRate, mixture: channels }, model);
  await model.dispose();
  return { name, file, original: channels, stems };
}

/** Opens a song of the list; all of it is there then. */
export async function openWhole(page: Page, { name }: KnownSong): Promise<void> {
  await unfold(page);
  await listen(page, name);
  await opened(page, name);
  await separated(page);
}

/** The open song is whole, sample by sample: its stems are those of Node, and their sum is the original. */
export async function expectWhole(page: Page, { original, stems }: KnownSong): Promise<void> {
  const vocals = (await savedStem(page, 'vocals')).channels;
  const accompaniment = (await savedStem(page, 'accompaniment')).channels;
  expect(vocals).toHaveLength(original.length);
  for (const [c, channel] of original.entries()) {
    expect(maxDifference(vocals[c], stems.vocals[c])).toBeLessThan(TOLERANCE);
    expect(maxDifference(accompaniment[c], stems.accompaniment[c])).toBeLessThan(TOLERANCE);
    const sum = vocals[c].map((value, n) => value + accompaniment[c][n]);
    expect(maxDifference(sum, channel)).toBeLessThan(ROUNDING);
  }
}

export interface FaultyOptions extends BuiltPageOptions {
  /** What the browser is bound to say of the faults. */
  readonly expected?: RegExp;
}

/** Opens the built page as `visitPage` does, with faults in the first tab. */
export async function visitFaulty(
  faults: Faults = {},
  { expected, prepare, ...options }: FaultyOptions = {},
): Promise<{ readonly built: BuiltPage; readonly faults: FaultInjector }> {
  let injector: FaultInjector | undefined;
  const built = await openBuiltPage({
    ...options,
    prepare: async (tab: Page) => {
      if (injector) return;
      injector = await FaultInjector.in(tab, faults);
      await prepare?.(tab);
    },
  });
  onTestFinished(async () => {
    await built.close();
    expect(built.problems.filter((problem) => !expected?.test(problem))).toEqual([]);
  });
  return { built, faults: injector as unknown as FaultInjector };
}
