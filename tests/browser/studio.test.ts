import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import listed from '../../models/index.json' with { type: 'json' };
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode.node.ts';
import { encodeWav } from '../../src/audio/encode-wav.ts';
import { findModel, openModel } from '../../tools/lib/model-folder.ts';
import { separateWhole } from '../../tools/lib/separate-whole.ts';
import { type BuiltPage, openBuiltPage } from './built-page.ts';
import { savedVocals } from './song-list.ts';

const PATIENCE_MS = 600_000;

let folder: string;
let built: BuiltPage;
let song: AudioData;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-studio-'));
  const { sampleRate, channels } = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
  song = { sampleRate, channels: channels.map((channel) => channel.slice(8 * sampleRate, 22 * sampleRate)) };
  built = await openBuiltPage({ path: '?backend=wasm&model=studio', height: 1000 });
  built.page.setDefaultTimeout(PATIENCE_MS);
}, PATIENCE_MS);

afterAll(async () => {
  await built?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the stereo network, named in the address,', { timeout: PATIENCE_MS }, () => {
  test('gives the stems that it gives in Node, each channel with a mask of its own', async () => {
    const { page } = built;
    const bytes = await new Blob(encodeWav(song, '32f')).arrayBuffer();
    const file = { name: 'In stereo.wav', mimeType: 'audio/wav', buffer: Buffer.from(bytes) };
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.locator('#save-vocals:enabled').waitFor();
    const vocals = await savedVocals(page, folder);
    const model = await openModel(await findModel('studio'));
    const truth = await separateWhole({ sampleRate: song.sampleRate, mixture: song.channels }, model);
    let [unlike, sides] = [0, 0];
    vocals.channels.forEach((channel, c) => {
      for (let n = 0; n < channel.length; n++) {
        unlike = Math.max(unlike, Math.abs(channel[n] - truth.vocals[c][n]));
        sides = Math.max(sides, Math.abs(vocals.channels[0][n] - vocals.channels[1][n]));
      }
    });
    expect(unlike).toBeLessThan(1e-3);
    expect(sides).toBeGreaterThan(0.01);
    expect(await page.locator('#engine').textContent()).toContain(model.manifest.title);
  });

  test.each([
    ['sound', '.learn-panel:has(#sound-rounds)[data-state="ready"]'],
    ['mask', '.learn-panel:has(#mask-reading)[data-state="ready"]'],
    ['paint', '.paint-canvas'],
    ['inside', '.map-grid .map'],
    ['mix', '#mix-curve-start'],
    ['train', '.train[data-state="ready"]'],
  ])('the learning room’s section “%s” shows what it made', async (section, ready) => {
    const { page } = built;
    await page.evaluate((to) => {
      location.hash = `#/learn/${to}`;
    }, section);
    await page.locator(ready).first().waitFor();
    expect(await page.locator('.notice.error').count()).toBe(0);
    expect(built.problems).toEqual([]);
  });
});

test(
  'an address that names no model begins with the one that is the default of models/',
  async () => {
    const { page, address } = built;
    await page.goto(`${address}?backend=wasm`);
    await page.locator('#engine [data-backend="wasm"]').waitFor({ state: 'attached' });
    const { title } = listed.find((model) => model.default) as { readonly title: string };
    expect(await page.locator('#engine').textContent()).toContain(title);
    expect(built.problems).toEqual([]);
  },
  PATIENCE_MS,
);
