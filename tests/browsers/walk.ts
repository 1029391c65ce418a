import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { type AudioData, sampleCount } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { encodedRate, FORMATS } from '../../src/audio/encode/formats.ts';
import { sdr } from '../../src/metrics/sdr.ts';
import { PATIENCE_MS, text } from '../browser/app.ts';
import { serveFiles } from '../browser/file-site.ts';
import { pieceOf } from '../browser/song-files.ts';
import { step } from '../browser/step.ts';
import { reference, tracksIn } from '../containers/videos.ts';
import { formatFixtures } from '../fixtures/formats/index.ts';
import type { BrowserDriver, LaunchOptions } from './driver.ts';
import { expectDecoded } from './expect-decoded.ts';
import { separatedInNode } from './separated-in-node.ts';
import { button, type Mode, SongPage } from './song-page.ts';

const DEMO = 'public/demo/mixture.mp3';
/** What the page calls it, and what its tags say. */
const DEMO_SONG = text('start.demoName');
const DEMO_NAME = 'Unsung – Sing It to the Sea';
const SPECTROGRAMS = ['mixture', 'mask', 'vocals', 'accompaniment'] as const;
/** Least spread of a spectrogram's pixels; one of a single colour has none. */
const MIN_SPREAD = 5;
/** Least agreement of stems with those of Node, decibels: other kernels round in another way. */
const MIN_SDR = 60;
/** How a file of each format begins. */
const HEADS = {
  wav16: /^RIFF....WAVE/s,
  wav24: /^RIFF....WAVE/s,
  wav32f: /^RIFF....WAVE/s,
  flac: /^fLaC/,
  mp3: /^ID3/,
  opus: /^OggS/,
  m4a: /^....ftyp/s,
} as const;

const head = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 16)).toString('latin1');
const decodeSaved = ({ bytes, name }: { bytes: Uint8Array; name: string }) => decodeInNode(Buffer.from(bytes), name);
const demoSong = async () => decodeInNode(await readFile(DEMO), 'mixture.mp3');

/** A file of a song's seconds [from, to). @returns its path */
async function pieceFile(song: AudioData, name: string, from: number, to: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'unsung-song-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  await writeFile(path, (await pieceOf(song, name, from, to)).buffer);
  return path;
}

/** What a browser can do in its walk. */
export interface WalkOptions {
  readonly launch: (options: LaunchOptions) => Promise<BrowserDriver>;
  /** Its driver can touch. */
  readonly touch: boolean;
}

/** The walk that each browser takes besides Chromium, whose tests are in tests/browser. */
export function walk({ launch, touch }: WalkOptions): void {
  /** Starts the browser for the test that calls this. At its end, the page must have had no problem. */
  async function start(options?: Partial<LaunchOptions>): Promise<SongPage> {
    const driver = await launch({ environment: inject('builtSite').sound, ...options });
    onTestFinished(async () => {
      await driver.close();
      expect(driver.problems).toEqual([]);
    });
    return new SongPage(driver);
  }

  /** Opens the built page, as `npm start` serves it. */
  async function visit(search: string, options?: Partial<LaunchOptions>): Promise<SongPage> {
    const page = await start(options);
    await page.open(inject('builtSite').address + search);
    return page;
  }

  test('each row of docs/formats.md is decoded as FFmpeg does', async () => {
    const { driver } = await start();
    await expectDecoded(driver);
  });

  test('a song of each container is opened, separated and stored', async () => {
    const page = await visit('?model=paper');
    const containers = new Map(formatFixtures.map(({ container, file }) => [container, file]));
    const paths = [...containers.values()].map((file) => resolve('tests/fixtures/formats', file));
    await page.chooseFiles(...paths);
    await page.stored(paths.length);
  });

  test('the demo song', async () => {
    const page = await visit('?model=paper');

    await step('is separated, and its spectrograms are not blank', async () => {
      await page.click(button(text('start.demo')));
      await page.separated();
      for (const kind of SPECTROGRAMS) expect(await page.spread(kind), kind).toBeGreaterThan(MIN_SPREAD);
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

    const song = await demoSong();
    const expected = await separatedInNode(song, 'paper');
    const vocals = await step('has the stems that Node gives', async () => {
      const accompaniment = await page.save('accompaniment', 'wav32f');
      expect(sdr(expected.accompaniment, (await decodeSaved(accompaniment)).channels)).toBeGreaterThan(MIN_SDR);
      const file = await page.save('vocals', 'wav32f');
      expect(file.name).toBe(`${DEMO_SONG} (Vocals).wav`);
      expect(sdr(expected.vocals, (await decodeSaved(file)).channels)).toBeGreaterThan(MIN_SDR);
      return file;
    });

    await step('is saved in each format that is offered, whole', async () => {
      const formats = await page.formats();
      // All but Opus have encoders of their own.
      expect(formats).toEqual(expect.arrayContaining(['wav16', 'wav24', 'wav32f', 'flac', 'mp3', 'm4a']));
      for (const format of formats) {
        const file = await page.save('vocals', format);
        expect(file.name).toBe(`${DEMO_SONG} (Vocals).${FORMATS[format].extension}`);
        expect(head(file.bytes), format).toMatch(HEADS[format]);
        const audio = await decodeSaved(file);
        expect(audio.sampleRate, format).toBe(encodedRate(format, song.sampleRate));
        const samples = Math.round((sampleCount(song) * audio.sampleRate) / song.sampleRate);
        expect(sampleCount(audio), format).toBe(samples);
      }
      expect(head((await page.save('both', 'flac')).bytes)).toMatch(/^PK/);
      const { bytes } = await page.save('stems', 'm4a');
      expect((await tracksIn(new Blob([Uint8Array.from(bytes)]))).filter(({ kind }) => kind === 'audio')).toHaveLength(
        5,
      );
    });

    await step('is kept whole over a reload', async () => {
      await page.stored(1);
      await page.reload();
      await page.click(button(DEMO_SONG));
      await page.opened(DEMO_SONG);
      await page.separated();
      for (const kind of SPECTROGRAMS) expect(await page.spread(kind), kind).toBeGreaterThan(MIN_SPREAD);
      expect(Buffer.from((await page.save('vocals', 'wav32f')).bytes).equals(vocals.bytes)).toBe(true);
    });
  });

  test('the default model gives the stems that Node gives', async () => {
    const path = await pieceFile(await demoSong(), 'A short song.wav', 8, 22);
    const page = await visit('?quality=best');
    await page.chooseFiles(path);
    await page.opened('A short song');
    await page.separated();
    const expected = await separatedInNode(await decodeInNode(await readFile(path), path), 'spleeter');
    expect(sdr(expected.vocals, (await decodeSaved(await page.save('vocals', 'wav32f'))).channels)).toBeGreaterThan(
      MIN_SDR,
    );
  });

  test('a long song is separated on disk, and plays from there', async () => {
    const song = await demoSong();
    const page = await visit('?model=paper&long=10');
    await page.chooseFiles(resolve(DEMO));
    await page.opened(DEMO_NAME);
    await page.separated();
    await page.choose('vocals');
    await page.play();
    await page.passes(0.5);
    await page.pause();
    const { vocals } = await separatedInNode(song, 'paper');
    expect(sdr(vocals, (await decodeSaved(await page.save('vocals', 'wav32f'))).channels)).toBeGreaterThan(MIN_SDR);
    await page.stored(1);
    await page.reload();
    await page.click(button(DEMO_NAME));
    await page.opened(DEMO_NAME);
    await page.separated();
    expect(await page.spread('mask')).toBeGreaterThan(MIN_SPREAD);
  });

  describe('a video', () => {
    test.each([
      ['plain.webm', 'plain', 'video/webm; codecs="vp9"'],
      ['two-sounds.mp4', 'Test song', 'video/mp4; codecs="avc1.42E01E"'],
    ])('%s shows its picture where the browser can, and is saved with another sound', async (name, title, type) => {
      const page = await visit('?model=paper');
      const plays = await page.driver.evaluate((it) => document.createElement('video').canPlayType(it) !== '', type);
      await page.chooseFiles(resolve('tests/fixtures/video', name));
      await page.opened(title);
      await page.separated();
      if (plays) {
        await expect.poll(() => page.picture(), { timeout: PATIENCE_MS }).toBeDefined();
        await page.seek(1.2);
        await expect.poll(async () => (await page.picture())?.seconds).toBeCloseTo(1.2, 1);
      } else expect(await page.picture()).toBeUndefined();
      const { bytes } = await page.save('video-accompaniment', 'm4a');
      const [pictures, sound] = await tracksIn(new Blob([Uint8Array.from(bytes)]));
      const [expected] = await reference(name);
      expect(pictures.packets.map(({ md5 }) => md5)).toEqual(expected.packets.map(({ md5 }) => md5));
      expect(sound.packets.at(-1)?.seconds).toBeGreaterThan(1.8);
    });
  });

  test('after one visit, the page works without a server', async () => {
    const page = await start();
    const site = await serveFiles('/music/unsung/', (path) => join(inject('builtSite').page, path || 'index.html'));
    let served = true;
    const close = async () => {
      if (served) await site.close();
      served = false;
    };
    onTestFinished(close);
    await page.open(`${site.address}?backend=wasm&model=paper`);
    await page.says(text('offline.ready'));
    await close();
    await page.reload();
    // The host sends no such headers: the service worker does.
    expect(await page.driver.evaluate(() => crossOriginIsolated)).toBe(true);
    await page.click(button(text('start.demo')));
    await page.separated();
    await page.choose('accompaniment');
    await page.play();
    await page.passes(0.5);
    // Saving has code and WebAssembly of its own, which nothing has asked for yet.
    expect(head((await page.save('accompaniment', 'flac')).bytes)).toMatch(HEADS.flac);
  });

  test.runIf(touch)('a tap on a spectrogram of a phone seeks', async () => {
    const page = await visit('?model=paper', { touch: true });
    await page.says(text('start.dropTouch'));
    await page.click(button(text('start.demo')));
    await page.separated();
    await page.tap();
    const { duration } = await page.times();
    await expect.poll(async () => (await page.times()).position).toBeCloseTo(duration / 2, 0);
  });
}
