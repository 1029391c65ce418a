import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import shipped from '../../models/index.json' with { type: 'json' };
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
import {
  button,
  chineseText,
  choose,
  errorNotice,
  finished,
  heading,
  listedModels,
  model,
  modelChoice,
  modelsButton,
  named,
  opened,
  PATIENCE_MS,
  pattern,
  said,
  separated,
  speak,
  text,
} from './app.ts';
import { type BuiltPage, visitPage } from './built-page.ts';
import { savedStem } from './song-list.ts';
import { step } from './step.ts';
import { shows } from './two-results.ts';

/** Part of the demo song: with the small test network, a second is as good as a minute. */
const SONG_SECONDS = { from: 8, to: 10 };

const CHECKPOINT = 'tests/fixtures/import/chainer/unet.model';
const DESCRIBED = 'tests/fixtures/model/paper.safetensors';
/** The page's own models, as the list has them. */
const OWN = shipped.map(({ id }) => `built-in/${id}`);
const KERNEL_4 = 'tests/fixtures/model/kernel-4.safetensors';

let folder: string;
let built: BuiltPage;
let page: Page;
let song: AudioData;
let songFile: { name: string; mimeType: string; buffer: Buffer };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-models-'));
  const { sampleRate, channels } = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
  const [from, to] = [SONG_SECONDS.from * sampleRate, SONG_SECONDS.to * sampleRate];
  song = { sampleRate, channels: channels.map((channel) => channel.slice(from, to)) };
  const bytes = await new Blob(encodeWav(song, '32f')).arrayBuffer();
  songFile = { name: 'A short song.wav', mimeType: 'audio/wav', buffer: Buffer.from(bytes) };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(): Promise<void> {
  built = await visitPage();
  page = built.page;
  page.setDefaultTimeout(PATIENCE_MS);
  await openModels();
}

async function openModels(): Promise<void> {
  await modelsButton(page).click();
  await model(page, 'built-in/paper').waitFor();
}

/** Visits the page once more. */
async function visit(): Promise<void> {
  await page.goto(`${built.address}?backend=wasm&model=paper`);
  await openModels();
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

const listed = () => listedModels(page);
const chosen = () => modelChoice(page).getByRole('radio', { checked: true }).getAttribute('value');
/** The row of a model. */
const entry = (id: string) => page.locator(`[data-model="${id}"]`);
const name = () => named(page, 'textbox', 'models.name');
// Its label holds a remark, too.
const preset = () => page.locator('#model-preset');
const add = () => button(page, 'models.addNow');
/** Separates the open song again, with the chosen model. */
const again = () => page.getByRole('button', { name: pattern('models.again') });
const chooseModel = (...files: Parameters<Page['setInputFiles']>[1][]) =>
  page.locator('#model-files').setInputFiles(files.flat() as Parameters<Page['setInputFiles']>[1]);
const removeModel = async (id: string) => {
  await entry(id).getByRole('button').first().click();
  await button(entry(id), 'models.removeYes').click();
  await entry(id).waitFor({ state: 'detached' });
};

/** Waits until the engine computes with the model of this title. */
async function inUse(title: string): Promise<void> {
  await page.waitForFunction((wanted) => document.querySelector('#engine dd')?.textContent === wanted, title);
}

const savedVocals = async () => (await savedStem(page, 'vocals')).channels;

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

describe('models on the page', () => {
  test('shows the network of the included model: every layer in the drawing and in the table', async () => {
    await open();

    const manifest: ModelManifest = await loadManifest(folderReader('models/paper'));
    const layers = networkLayers(buildGraph(mainNetwork(manifest)[1]), manifest.patch);
    const { parameters, multiplyAdds } = networkTotals(layers);
    await said(page, 'network.title').click();
    await expect.poll(() => page.locator('.network-svg [data-layer]').count()).toBe(layers.length);
    await said(page, 'network.table').click();
    expect(await page.locator('.network-table tbody tr').count()).toBe(layers.length);
    const totals = await page.locator('.network-table tfoot td').allTextContents();
    expect(totals.map((text) => Number(text.replaceAll(',', '')))).toEqual([parameters, multiplyAdds]);
    await page.locator('.network-svg [data-layer="0"]').press('ArrowDown');
    await page.locator('.network-reading h4', { hasText: 'Encoder 2' }).waitFor();
    await page.locator('.network-svg [data-layer="11"]').click();
    await page.locator('.network-reading', { hasText: '256 × 64 × 32 → 512 × 128 × 1' }).waitFor();
  });

  test('are added, used, kept and removed', async () => {
    await open();
    await step('takes a dropped checkpoint, knows whose it is, and separates with it as Node does', async () => {
      await drop([{ name: 'unet.model', bytes: await readFile(CHECKPOINT) }]);
      await name().waitFor();
      expect(await preset().inputValue()).toBe('chainer-unet');
      await name().fill('My small net');
      await add().click();
      await inUse('My small net');
      await expect.poll(listed).toEqual([...OWN, 'kept/my-small-net']);
      await expect.poll(chosen).toBe('kept/my-small-net');
      await choose(page, songFile);
      await finished(page);
      const out = join(folder, 'converted');
      const { folder: converted } = await convertModel(CHECKPOINT, { out, preset: 'chainer-unet', id: 'small' });
      expect(largestDifference(await savedVocals(), await vocalsInNode(converted))).toBeLessThan(1e-3);
    });

    await step('still has it after a reload, chosen and ready', async () => {
      await visit();
      await inUse('My small net');
      await expect.poll(listed).toEqual([...OWN, 'kept/my-small-net']);
      await expect.poll(chosen).toBe('kept/my-small-net');
    });

    await step('separates the open song again with another model, by one button, as Node does', async () => {
      await opened(page, 'A short song');
      await choose(page, songFile);
      await separated(page);
      const before = await savedVocals();
      expect(await again().isVisible()).toBe(false);
      await model(page, 'built-in/paper').check();
      await inUse('Deep U-Net (Jansson et al. 2017), vocals');
      await again().click();
      await again().waitFor({ state: 'hidden' });
      await shows(page, 'Deep U-Net');
      await separated(page);
      const vocals = await savedVocals();
      expect(largestDifference(vocals, before)).toBeGreaterThan(0.01);
      expect(largestDifference(vocals, await vocalsInNode('models/paper'))).toBeLessThan(1e-3);
      expect(await heading(page).textContent()).toBe('A short song');
    });

    await step('takes a file that describes itself, under an id that is free', async () => {
      await drop([{ name: 'paper.safetensors', bytes: await readFile(DESCRIBED) }]);
      await name().waitFor();
      expect(await name().inputValue()).toBe('Test network paper');
      expect(await preset().inputValue()).toBe('');
      await add().click();
      await inUse('Test network paper');
      await expect.poll(listed).toEqual([...OWN, 'kept/my-small-net', 'kept/paper-2']);
    });

    await step(
      'takes a converted model’s folder dropped on the page, and knows its zip for the same model',
      async () => {
        const { folder: converted } = await convertModel(KERNEL_4, { out: join(folder, 'converted'), id: 'kernel-4' });
        const session = await page.context().newCDPSession(page);
        const data = { items: [], files: [converted], dragOperationsMask: 1 };
        for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
          await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
        }
        await name().waitFor();
        expect(await preset().count()).toBe(0);
        await add().click();
        await inUse('Test network kernel-4');
        const all = [...OWN, 'kept/my-small-net', 'kept/kernel-4', 'kept/paper-2'];
        await expect.poll(listed).toEqual(all);
        // So that the page says of the zip, and not still of the folder, that it is added.
        await model(page, 'built-in/paper').check();
        await inUse('Deep U-Net (Jansson et al. 2017), vocals');

        const names = await readdir(converted);
        const files = await Promise.all(
          names.map(async (name) => [`kernel-4/${name}`, await readFile(join(converted, name))]),
        );
        const bytes = Buffer.from(zipSync(Object.fromEntries(files)));
        await chooseModel({ name: 'kernel-4.zip', mimeType: 'application/zip', buffer: bytes });
        await add().click();
        await name().waitFor({ state: 'detached' });
        await page.getByText(pattern('models.added')).waitFor();
        await expect.poll(listed).toEqual(all);
        await removeModel('kept/kernel-4');
        await model(page, 'kept/paper-2').check();
        await inUse('Test network paper');
      },
    );

    await step('says what is wrong with bad files, and goes on', async () => {
      const whole = await readFile(CHECKPOINT);
      await drop([{ name: 'half.npz', bytes: whole.subarray(0, whole.length / 2) }]);
      // At once, before a form is filled in.
      await errorNotice(page, 'half.npz').waitFor();
      expect(await name().count()).toBe(0);
      await drop([
        { name: 'unet.model', bytes: whole },
        { name: songFile.name, bytes: songFile.buffer },
      ]);
      await errorNotice(page, text('models.bothHint')).waitFor();
      expect(await name().count()).toBe(0);
      await chooseModel({
        name: 'notes.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('la la'),
      });
      await errorNotice(page, 'notes.txt').waitFor();
      await expect.poll(listed).toEqual([...OWN, 'kept/my-small-net', 'kept/paper-2']);
      await choose(page, songFile);
      await errorNotice(page).waitFor({ state: 'detached' });
      await separated(page);
    });

    await step(
      'reports a kept model that is damaged, goes on with the page’s own, and removes it after a question',
      async () => {
        await page.evaluate(async () => {
          const root = await navigator.storage.getDirectory();
          const model = await (await root.getDirectoryHandle('models')).getDirectoryHandle('paper-2');
          await model.removeEntry('group1-shard1of1.bin');
        });
        await visit();
        await errorNotice(page, 'group1-shard1of1.bin').waitFor();
        await inUse('Deep U-Net (Jansson et al. 2017), vocals');
        const row = entry('kept/paper-2');
        await row.getByText(text('models.damaged')).waitFor();
        await expect.poll(() => row.locator('input').isDisabled()).toBe(true);
        await row.getByRole('button').first().click();
        await button(row, 'models.removeNo').click();
        await expect.poll(listed).toContain('kept/paper-2');
        await removeModel('kept/paper-2');
        await expect.poll(listed).toEqual([...OWN, 'kept/my-small-net']);
      },
    );

    await step('removes the last one, for good, and speaks Chinese about it', async () => {
      await speak(page, 'zh-CN');
      await entry('kept/my-small-net').getByText(chineseText('models.target.vocals')).waitFor();
      await removeModel('kept/my-small-net');
      await visit();
      await expect.poll(listed).toEqual(OWN);
      await expect.poll(chosen).toBe('built-in/paper');
    });
  });
});
