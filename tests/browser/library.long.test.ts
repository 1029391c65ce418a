import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type axe from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { encodeWav } from '../../src/audio/encode/encode-wav.ts';
import type {} from '../../src/package/index.ts';
import { separate } from '../../src/separation/separate.ts';
import { findModel, openModel } from '../../tools/lib/model-folder.ts';
import { separateWhole } from '../../tools/lib/separate-whole.ts';
import { maxDifference } from '../model/fixtures.ts';
import { type FileSite, serveFiles } from './file-site.ts';
import { savedBytes, sharedBrowser } from './shared-browser.ts';
import { toneFile } from './tone-song.ts';

/** Separating on a machine that is busy needs minutes. */
const PATIENCE_MS = 600_000;

/** Where the example is served: a package must work from anywhere. */
const SUB_PATH = '/some/sub path/';
let site: FileSite;
let context: BrowserContext;
let page: Page;
let address: string;
let song: AudioData;
const problems: string[] = [];
const strangers: string[] = [];

beforeAll(async () => {
  const folder = inject('shared').package;
  site = await serveFiles(SUB_PATH, (path) =>
    path.startsWith('dist-lib/') ? join(folder, path.slice('dist-lib/'.length)) : path,
  );
  address = site.address;

  const { sampleRate, channels } = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
  song = { sampleRate, channels: channels.map((channel) => channel.slice(8 * sampleRate, 22 * sampleRate)) };
});

afterAll(() => site?.close());

// Each test has a context of its own, and leaves it without a problem.
beforeEach(async () => {
  [problems.length, strangers.length] = [0, 0];
  context = await (await sharedBrowser()).newContext({ locale: 'en-US' });
  // Twice the default: the machine may be busy with separating.
  context.setDefaultTimeout(60_000);
  context.on('request', (request) => {
    if (/^(https?|wss?):/.test(request.url()) && !request.url().startsWith(address)) strangers.push(request.url());
  });
  page = await context.newPage();
  page.on('pageerror', (error) => problems.push(error.message));
  // Among them every breach of the example’s Content-Security-Policy.
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(`${address}examples/index.html?backend=wasm`);
});

afterEach(async () => {
  await context.close();
  expect(strangers).toEqual([]);
  expect(problems).toEqual([]);
});

/** What is heard of the player's stems. */
const mix = () =>
  page.locator('#player').evaluate((element) => (element as HTMLElementTagNameMap['unsung-player']).mix);

/** The stems that Node separates. */
async function truth(): Promise<Record<'vocals' | 'accompaniment', Float32Array[]>> {
  const empty = () => song.channels.map((channel) => new Float32Array(channel.length));
  const stems = { vocals: empty(), accompaniment: empty() };
  for await (const chunk of separate(song, await openModel(await findModel('paper')))) {
    for (const stem of ['vocals', 'accompaniment'] as const) {
      chunk[stem].forEach((channel, c) => {
        stems[stem][c].set(channel, chunk.start);
      });
    }
  }
  return stems;
}

async function chooseSong(): Promise<void> {
  const buffer = Buffer.from(await new Blob(encodeWav(song, '32f')).arrayBuffer());
  await page.locator('#file').setInputFiles({ name: 'A short song.wav', mimeType: 'audio/wav', buffer });
}

/** What axe finds in the example and its player, against WCAG 2.2 AA. */
async function expectAccessible(colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const found = await page.evaluate(async () => {
    const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const rules = { 'target-size': { enabled: true } };
    const { passes, violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: { type: 'tag', values },
      rules,
    });
    const inPlayer = passes.flatMap(({ nodes }) => nodes).filter(({ html }) => /part="play"/.test(html)).length;
    return { inPlayer, violations: violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`) };
  });
  expect(found.violations).toEqual([]);
  expect(found.inPlayer).toBeGreaterThan(0);
}

describe('the package, built, under a strict policy and from a sub-path', () => {
  test('separates a file as Node does, to 1e-3, with progress', async () => {
    await chooseSong();
    await page.locator('#status', { hasText: 'Done.' }).waitFor({ timeout: PATIENCE_MS });
    expect(await page.locator('#progress').evaluate((bar: HTMLProgressElement) => bar.value)).toBe(1);
    const expected = await truth();
    for (const stem of ['vocals', 'accompaniment'] as const) {
      const link = page.locator('#stems a', { hasText: stem });
      expect(await link.getAttribute('download')).toBe(`A short song (${stem}).wav`);
      const saving = page.waitForEvent('download');
      await link.click();
      const saved = await decodeInNode(await savedBytes(await saving), `${stem}.wav`);
      expect(saved.sampleRate).toBe(song.sampleRate);
      saved.channels.forEach((channel, c) => {
        expect(maxDifference(channel, expected[stem][c])).toBeLessThan(1e-3);
      });
      expect(saved.channels[0].some((value) => Math.abs(value) > 0.05)).toBe(true);
    }
  });

  test('separates at the quality that is asked for, as Node does', async () => {
    const { sampleRate } = song;
    const sound = { sampleRate, channels: song.channels.map((channel) => channel.slice(0, 2 * sampleRate)) };
    // As a text: the test runner would rewrite an import.
    await page.evaluate(`import('${address}dist-lib/unsung.js').then((unsung) => Object.assign(window, unsung))`);
    const given = { sampleRate, channels: sound.channels.map((channel) => [...channel]) };
    const fast = await page.evaluate(async ({ sampleRate, channels }) => {
      const { createSeparator } = window as unknown as typeof import('../../src/package/index.ts');
      const separator = createSeparator({ model: '../models/spleeter/', backend: 'wasm', quality: 'fast' });
      const { quality } = await separator.prepare();
      const stems = await separator.separate({
        sampleRate,
        channels: channels.map((channel) => Float32Array.from(channel)),
      });
      separator.dispose();
      return { quality, vocals: stems.vocals.map((channel) => [...channel]) };
    }, given);
    expect(fast.quality).toBe('fast');
    const model = await openModel(await findModel('spleeter'));
    const { vocals } = await separateWhole({ sampleRate, mixture: sound.channels }, model, undefined, {
      quality: 'fast',
    });
    for (const [c, channel] of vocals.entries()) {
      expect(maxDifference(Float32Array.from(fast.vocals[c]), channel)).toBeLessThan(1e-3);
    }
    await model.dispose();
  });

  test('is cancelled by its signal, and rejects files that are not audio', async () => {
    // Five minutes: they are not done before the click comes.
    await page.locator('#file').setInputFiles(await toneFile(300));
    await page.locator('#cancel').click();
    await page.locator('#status', { hasText: 'Cancelled.' }).waitFor();
    const buffer = Buffer.from('These are words.');
    await page.locator('#file').setInputFiles({ name: 'words.wav', mimeType: 'audio/wav', buffer });
    await page.locator('#status', { hasText: 'words.wav' }).waitFor();
    expect(await page.locator('#stems li').count()).toBe(0);
  });

  test('<unsung-player> separates when it is played, plays what is chosen, and is for everybody', async () => {
    const player = page.locator('#player');
    expect(await player.locator('input[value="accompaniment"]').isChecked()).toBe(true);
    // The bar is there between the first piece and the last: that is too short to be looked for.
    await player.evaluate((element) => {
      const told: (string | null)[] = [];
      element.addEventListener('progress', () => {
        const bar = element.shadowRoot!.querySelector('progress')!;
        told.push(bar.checkVisibility() ? bar.getAttribute('aria-label') : 'hidden');
      });
      element.addEventListener('separated', () => told.push('the end'));
      Object.assign(window, { told });
    });
    await player.getByRole('button', { name: 'Play' }).click();
    await player.getByRole('button', { name: 'Pause' }).waitFor();
    await page.waitForFunction(() => document.querySelector('unsung-player')!.currentTime > 0.3);
    // Where separating takes longer than the song, this must not come to its end meanwhile.
    await player.getByRole('button', { name: 'Pause' }).click();
    await player.getByRole('status').getByText('Separated').waitFor({ timeout: PATIENCE_MS });
    const told = await page.evaluate(() => (window as unknown as { told: string[] }).told);
    expect([...new Set(told)]).toEqual(['Separation', 'the end']);
    expect(await player.getByRole('progressbar').count()).toBe(0);
    const heard = await player.evaluate((element) => {
      const { duration, stems } = element as HTMLElementTagNameMap['unsung-player'];
      const peak = (channels: readonly Float32Array[]) =>
        Math.max(...channels.map((c) => c.reduce((m, v) => Math.max(m, Math.abs(v)), 0)));
      return { duration, vocals: peak(stems!.vocals), accompaniment: peak(stems!.accompaniment) };
    });
    expect(heard.duration).toBeCloseTo(43, 0);
    expect(Math.min(heard.vocals, heard.accompaniment)).toBeGreaterThan(0.05);
    await player.getByRole('button', { name: 'Play' }).click();
    await player.getByText('Vocals', { exact: true }).first().click();
    expect(await mix()).toEqual({ vocals: 1, accompaniment: 0 });
    // The same by keys alone.
    await player.getByRole('radio', { name: 'Vocals' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await mix()).toEqual({ vocals: 0, accompaniment: 1 });
    await player.getByRole('button', { name: 'Pause' }).focus();
    await page.keyboard.press('Enter');
    await player.getByRole('button', { name: 'Play' }).waitFor();
    expect(await player.evaluate((element) => (element as HTMLElementTagNameMap['unsung-player']).paused)).toBe(true);
    await expectAccessible('light');
    await expectAccessible('dark');
  });

  test('reports a missing song in the language of the page', async () => {
    await page.evaluate(() => {
      document.querySelector('#second')?.remove();
      document.documentElement.lang = 'zh-CN';
      const player = document.createElement('unsung-player');
      player.setAttribute('src', 'missing.mp3');
      player.setAttribute('model', '../models/paper/');
      player.id = 'second';
      document.body.append(player);
    });
    const second = page.locator('#second');
    try {
      await second.getByRole('button', { name: '播放' }).click();
      await second.getByText('missing.mp3').waitFor();
      // The browser's own line about the 404, which may come later than the words.
      await expect.poll(() => problems).toEqual([expect.stringContaining('404')]);
    } finally {
      problems.length = 0;
    }
  });

  test('works with a bundler, with its worker, its WebAssembly and its worklet', async () => {
    const root = await mkdtemp(join(tmpdir(), 'unsung-bundled-'));
    const code = "import { createSeparator } from 'unsung';\nwindow.createSeparator = createSeparator;\n";
    await writeFile(join(root, 'main.js'), code);
    await writeFile(join(root, 'index.html'), '<!doctype html><script type="module" src="./main.js"></script>');
    await build({
      configFile: false,
      root,
      base: './',
      logLevel: 'error',
      resolve: { alias: { unsung: join(inject('shared').package, 'unsung.js') } },
      worker: { format: 'es' },
    });
    const bundled = await serveFiles('/bundled/', (path) =>
      path.startsWith('models/') ? path : join(root, 'dist', path || 'index.html'),
    );
    // It has an address of its own.
    const other = await (await sharedBrowser()).newPage();
    other.setDefaultTimeout(60_000);
    await other.goto(bundled.address);
    await other.waitForFunction(() => 'createSeparator' in window);
    const worst = await other.evaluate(async () => {
      const { createSeparator } = window as unknown as typeof import('../../src/package/index.ts');
      const separator = createSeparator({ model: 'models/paper/', backend: 'wasm' });
      const tone = Float32Array.from({ length: 44_100 }, (_, n) => 0.3 * Math.sin(n / 20));
      const { vocals, accompaniment } = await separator.separate({ sampleRate: 44_100, channels: [tone] });
      separator.dispose();
      const wrong = tone.map((value, n) => Math.abs(vocals[0][n] + accompaniment[0][n] - value));
      return wrong.length === tone.length ? wrong.reduce((a, b) => Math.max(a, b)) : Number.NaN;
    });
    expect(worst).toBeLessThan(1e-4);
    const assets = await readdir(join(root, 'dist', 'assets'));
    expect(assets.filter((name) => name.endsWith('.wasm'))).toHaveLength(6);
    expect(assets.filter((name) => /^decoder.*\.wasm$/.test(name))).toHaveLength(1);
    expect(assets.filter((name) => /^mixer\.worklet.*\.js$/.test(name))).toHaveLength(1);
    await other.close();
    await bundled.close();
    await rm(root, { recursive: true, force: true });
  });
});
