import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import listedModels from '../../models/index.json' with { type: 'json' };
import { type AudioData, sampleCount } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { encodeWav } from '../../src/audio/encode/encode-wav.ts';
import { buildGraph } from '../../src/model/graph/build-graph.ts';
import { networkLayers, networkTotals } from '../../src/model/graph/summary.ts';
import { folderReader } from '../../src/model/load.node.ts';
import { loadManifest, loadModel } from '../../src/model/load.ts';
import { type ModelManifest, mainNetwork } from '../../src/model/manifest.ts';
import { prepareBackends } from '../../src/model/runtime/backend.node.ts';
import { MaskModel } from '../../src/model/runtime/mask-model.ts';
import { separate } from '../../src/separation/separate.ts';
import { convertModel } from '../../tools/lib/convert-model.ts';
import { builtPage } from './builds.ts';
import { launchChromium } from './chromium.ts';

/** Part of the demo song: with the small test network, a second is as good as a minute. */
const SONG_SECONDS = { from: 8, to: 10 };
/** A machine that is busy takes its time. */
const PATIENCE_MS = 300_000;

const CHECKPOINT = 'tests/fixtures/import/chainer/unet.model';
const DESCRIBED = 'tests/fixtures/model/paper.safetensors';
/** The page's own models, as the list has them. */
const OWN = listedModels.map(({ id }) => `built-in/${id}`);
const KERNEL_4 = 'tests/fixtures/model/kernel-4.safetensors';

let folder: string;
let site: PreviewServer;
let browser: Browser;
let page: Page;
let song: AudioData;
let songFile: { name: string; mimeType: string; buffer: Buffer };
const problems: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-models-'));
  site = await preview({ logLevel: 'error', build: { outDir: await builtPage() }, preview: { port: 0 } });
  const { sampleRate, channels } = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
  const [from, to] = [SONG_SECONDS.from * sampleRate, SONG_SECONDS.to * sampleRate];
  song = { sampleRate, channels: channels.map((channel) => channel.slice(from, to)) };
  const bytes = await new Blob(encodeWav(song, '32f')).arrayBuffer();
  songFile = { name: 'A short song.wav', mimeType: 'audio/wav', buffer: Buffer.from(bytes) };

  browser = await launchChromium();
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await visit();
}, PATIENCE_MS);

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

async function visit(): Promise<void> {
  await page.goto(`${site.resolvedUrls?.local[0]}?backend=wasm&model=paper`);
  await page.click('#models-button');
  await page.waitForSelector('[data-model="built-in/paper"]');
}

/** Drops files on the page, as from a file manager. */
async function drop(files: readonly { readonly name: string; readonly bytes: Buffer }[]): Promise<void> {
  const given = files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') }));
  await page.evaluate((list) => {
    const dataTransfer = new DataTransfer();
    for (const { name, base64 } of list) {
      dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
    }
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, given);
}

const listed = () =>
  page.locator('.model').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.model));
const chosen = () => page.locator('input[name="model"]:checked').getAttribute('value');
const done = () => page.waitForSelector('main > .progress[data-kind="done"]');
/** Separated now, or opened as it was kept. */
const songReady = () => page.locator('#save-vocals:enabled').waitFor();

/** Waits until the engine computes with the model of this title. */
async function inUse(title: string): Promise<void> {
  await page.waitForFunction((wanted) => document.querySelector('#engine dd')?.textContent === wanted, title);
}

async function savedVocals(): Promise<readonly Float32Array[]> {
  await page.selectOption('#save-format', 'wav32f');
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('#save-vocals')]);
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  return (await decodeInNode(await readFile(path), path)).channels;
}

/** The vocals that Node separates with the same checkpoint. */
async function vocalsInNode(modelFolder: string): Promise<readonly Float32Array[]> {
  prepareBackends();
  const model = await MaskModel.create(await loadModel(folderReader(modelFolder)), 'wasm');
  const vocals = song.channels.map(() => new Float32Array(sampleCount(song)));
  for await (const chunk of separate(song, model)) {
    chunk.vocals.forEach((channel, c) => {
      vocals[c].set(channel, chunk.start);
    });
  }
  model.dispose();
  return vocals;
}

function largestDifference(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  let largest = 0;
  a.forEach((channel, c) => {
    if (channel.length !== b[c].length) largest = Number.POSITIVE_INFINITY;
    for (let n = 0; n < channel.length; n++) largest = Math.max(largest, Math.abs(channel[n] - b[c][n]));
  });
  return largest;
}

// One person's visits, one after the other: the tests build on each other.
describe('models on the page', { timeout: PATIENCE_MS }, () => {
  test('shows the network of the page’s own model: every layer in the picture and in the table', async () => {
    const manifest: ModelManifest = await loadManifest(folderReader('models/paper'));
    const layers = networkLayers(buildGraph(mainNetwork(manifest)[1]), manifest.patch);
    const { parameters, multiplyAdds } = networkTotals(layers);
    expect(await page.locator('.network-svg [data-layer]').count()).toBe(layers.length);
    await page.click('.network-table summary');
    expect(await page.locator('.network-table tbody tr').count()).toBe(layers.length);
    const totals = await page.locator('.network-table tfoot td').allTextContents();
    expect(totals.map((text) => Number(text.replaceAll(',', '')))).toEqual([parameters, multiplyAdds]);
    await page.locator('.network-svg [data-layer="0"]').press('ArrowDown');
    await page.locator('.network-reading h4', { hasText: 'Encoder 2' }).waitFor();
    await page.locator('.network-svg [data-layer="11"]').click();
    await page.locator('.network-reading', { hasText: '256 × 64 × 32 → 512 × 128 × 1' }).waitFor();
  });

  test('takes a dropped checkpoint, knows whose it is, and separates with it as Node does', async () => {
    await drop([{ name: 'unet.model', bytes: await readFile(CHECKPOINT) }]);
    await page.waitForSelector('#model-name');
    expect(await page.locator('#model-preset').inputValue()).toBe('chainer-unet');
    await page.fill('#model-name', 'My small net');
    await page.click('#model-add');
    await inUse('My small net');
    await expect.poll(listed).toEqual([...OWN, 'kept/my-small-net']);
    await expect.poll(chosen).toBe('kept/my-small-net');
    await page.setInputFiles('input[type=file]', songFile);
    await done();
    const out = join(folder, 'converted');
    const { folder: converted } = await convertModel(CHECKPOINT, { out, preset: 'chainer-unet', id: 'small' });
    expect(largestDifference(await savedVocals(), await vocalsInNode(converted))).toBeLessThan(1e-3);
  });

  test('still has it after a reload, chosen and ready', async () => {
    await visit();
    await inUse('My small net');
    await expect.poll(listed).toEqual([...OWN, 'kept/my-small-net']);
    await expect.poll(chosen).toBe('kept/my-small-net');
  });

  test('separates the open song again with another model, by one button, as Node does', async () => {
    await page.setInputFiles('input[type=file]', songFile);
    await songReady();
    const before = await savedVocals();
    expect(await page.locator('#model-again').isVisible()).toBe(false);
    await page.locator('input[value="built-in/paper"]').check();
    await inUse('Deep U-Net (Jansson et al. 2017), vocals');
    await page.click('#model-again');
    await page.waitForSelector('#model-again', { state: 'hidden' });
    await done();
    const vocals = await savedVocals();
    expect(largestDifference(vocals, before)).toBeGreaterThan(0.01);
    expect(largestDifference(vocals, await vocalsInNode('models/paper'))).toBeLessThan(1e-3);
    expect(await page.locator('h1:visible').textContent()).toBe('A short song');
  });

  test('takes a file that describes itself, under an id that is free', async () => {
    await drop([{ name: 'paper.safetensors', bytes: await readFile(DESCRIBED) }]);
    await page.waitForSelector('#model-name');
    expect(await page.locator('#model-name').inputValue()).toBe('Test network paper');
    expect(await page.locator('#model-preset').inputValue()).toBe('');
    await page.click('#model-add');
    await inUse('Test network paper');
    await expect.poll(listed).toEqual([...OWN, 'kept/my-small-net', 'kept/paper-2']);
  });

  test('takes a converted model’s folder dropped on the page, and knows its zip for the same model', async () => {
    const { folder: converted } = await convertModel(KERNEL_4, { out: join(folder, 'converted'), id: 'kernel-4' });
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [converted], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
    }
    await page.waitForSelector('#model-name');
    expect(await page.locator('#model-preset').count()).toBe(0);
    await page.click('#model-add');
    await inUse('Test network kernel-4');
    const all = [...OWN, 'kept/my-small-net', 'kept/kernel-4', 'kept/paper-2'];
    await expect.poll(listed).toEqual(all);
    // So that the page says of the zip, and not still of the folder, that it is added.
    await page.locator('input[value="built-in/paper"]').check();
    await inUse('Deep U-Net (Jansson et al. 2017), vocals');

    const names = await readdir(converted);
    const files = await Promise.all(
      names.map(async (name) => [`kernel-4/${name}`, await readFile(join(converted, name))]),
    );
    const bytes = Buffer.from(zipSync(Object.fromEntries(files)));
    await page.setInputFiles('#model-files', { name: 'kernel-4.zip', mimeType: 'application/zip', buffer: bytes });
    await page.click('#model-add');
    await page.waitForSelector('#model-name', { state: 'detached' });
    await page.locator('.model-status', { hasText: 'is added' }).waitFor();
    await expect.poll(listed).toEqual(all);
    await page.locator('[data-model="kept/kernel-4"] .model-remove').click();
    await page.locator('[data-model="kept/kernel-4"]').getByRole('button', { name: 'Remove it' }).click();
    await page.locator('[data-model="kept/kernel-4"]').waitFor({ state: 'detached' });
    await page.locator('input[value="kept/paper-2"]').check();
    await inUse('Test network paper');
  });

  test('says what is wrong with bad files, and goes on', async () => {
    const whole = await readFile(CHECKPOINT);
    await drop([{ name: 'half.npz', bytes: whole.subarray(0, whole.length / 2) }]);
    // At once, before a form is filled in.
    await page.locator('.notice.error', { hasText: 'half.npz' }).waitFor();
    expect(await page.locator('#model-name').count()).toBe(0);
    await drop([
      { name: 'unet.model', bytes: whole },
      { name: songFile.name, bytes: songFile.buffer },
    ]);
    await page.locator('.notice.error', { hasText: 'Drop the model first' }).waitFor();
    expect(await page.locator('#model-name').count()).toBe(0);
    await page.setInputFiles('#model-files', {
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('la la'),
    });
    await page.locator('.notice.error', { hasText: 'notes.txt' }).waitFor();
    await expect.poll(listed).toEqual([...OWN, 'kept/my-small-net', 'kept/paper-2']);
    await page.setInputFiles('input[type=file]', songFile);
    await page.waitForSelector('.notice.error', { state: 'detached' });
    await songReady();
  });

  test('reports a kept model that is damaged, goes on with the page’s own, and removes it after a question', async () => {
    await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const model = await (await root.getDirectoryHandle('models')).getDirectoryHandle('paper-2');
      await model.removeEntry('group1-shard1of1.bin');
    });
    await visit();
    await page.locator('.notice.error', { hasText: 'group1-shard1of1.bin' }).waitFor();
    await inUse('Deep U-Net (Jansson et al. 2017), vocals');
    const row = page.locator('[data-model="kept/paper-2"]');
    await row.filter({ hasText: 'damaged' }).waitFor();
    await expect.poll(() => row.locator('input').isDisabled()).toBe(true);
    await row.locator('.model-remove').click();
    await row.getByRole('button', { name: 'Keep it' }).click();
    await expect.poll(listed).toContain('kept/paper-2');
    await row.locator('.model-remove').click();
    await row.getByRole('button', { name: 'Remove it' }).click();
    await row.waitFor({ state: 'detached' });
    await expect.poll(listed).toEqual([...OWN, 'kept/my-small-net']);
  });

  test('removes the last one, for good, and speaks Chinese about it', async () => {
    await page.selectOption('header select', 'zh-CN');
    const row = page.locator('[data-model="kept/my-small-net"]');
    await row.filter({ hasText: '找出人声' }).waitFor();
    await row.locator('.model-remove').click();
    await row.getByRole('button', { name: '移除' }).click();
    await row.waitFor({ state: 'detached' });
    await visit();
    await expect.poll(listed).toEqual(OWN);
    await expect.poll(chosen).toBe('built-in/paper');
  });

  test('does all this without an error and without breaking its Content-Security-Policy', () => {
    expect(problems).toEqual([]);
  });
});
