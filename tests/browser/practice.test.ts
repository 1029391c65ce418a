import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { encodeWav } from '../../src/audio/encode/encode-wav.ts';
import { type BuiltPage, openBuiltPage } from './built-page.ts';
import { goRound, nextFrame, pause } from './playing.ts';

/** Part of the demo song: four seconds of the band, then the singer comes in. */
const SONG_SECONDS = { from: 5.6, to: 17.6 };
const SINGER_COMES_IN = 9.6 - SONG_SECONDS.from;

/** Separating on a machine that is busy needs minutes. */
const PATIENCE_MS = 600_000;

let built: BuiltPage;
let page: Page;

beforeAll(async () => {
  built = await openBuiltPage({
    // Listens in on what goes to the loudspeaker.
    before: () => {
      const { connect } = AudioNode.prototype;
      AudioNode.prototype.connect = function (this: AudioNode, ...to: unknown[]) {
        if (to[0] instanceof AudioDestinationNode) {
          const analyser = new AnalyserNode(this.context, { fftSize: 8192, smoothingTimeConstant: 0 });
          Reflect.apply(connect, this, [analyser]);
          Object.assign(window, { analyser });
        }
        return Reflect.apply(connect, this, to);
      } as typeof connect;
    },
  });
  page = built.page;
}, PATIENCE_MS);

afterAll(() => built?.close());

async function fileOf(name: string, audio: AudioData) {
  const bytes = await new Blob(encodeWav(audio, '16')).arrayBuffer();
  return { name: `${name}.wav`, mimeType: 'audio/wav', buffer: Buffer.from(bytes) };
}

async function pieceOfDemoSong() {
  const { sampleRate, channels } = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
  const [from, to] = [SONG_SECONDS.from * sampleRate, SONG_SECONDS.to * sampleRate];
  return fileOf('A song to practise', { sampleRate, channels: channels.map((channel) => channel.slice(from, to)) });
}

/** A button that its own press switches off keeps the keyboard. */
const focused = () => page.evaluate(() => document.activeElement?.id);
const press = (key: string) => page.locator('body').press(key);
const text = (locator: string) => page.locator(locator).textContent();

async function goTo(seconds: number): Promise<void> {
  await page.locator('#position').evaluate((input: HTMLInputElement, to) => {
    input.value = String(to);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, seconds);
  await page.waitForFunction(
    (to) => Math.abs((document.querySelector('#position') as HTMLInputElement).valueAsNumber - to) < 0.06,
    seconds,
  );
}

/**
 * Positions shown in each of the frames until `seconds` of sound have been heard, and the song was seen to come round
 * twice: a busy page shows few frames.
 */
const positionsDuring = (seconds: number) =>
  page.evaluate(async (long) => {
    const { context } = (window as unknown as { analyser: AnalyserNode }).analyser;
    const until = context.currentTime + long;
    const seen: number[] = [];
    for (let rounds = 0; rounds < 2 || context.currentTime < until; ) {
      await new Promise(requestAnimationFrame);
      const position = (document.querySelector('#position') as HTMLInputElement).valueAsNumber;
      if (position < (seen.at(-1) ?? 0) - 0.3) rounds++;
      seen.push(position);
    }
    return seen;
  }, seconds);

/** Loops between two moments by keys. */
async function loopBetween(from: number, to: number): Promise<void> {
  await goTo(from);
  await press('[');
  await goTo(to);
  await press(']');
}

const valueNow = (handle: Locator) => async () => Number(await handle.getAttribute('aria-valuenow'));
const chosenMix = (mode: string) => () => page.locator(`input[name="mix"][value="${mode}"]`).isChecked();
const pressed = (button: string) => () => page.locator(button).getAttribute('aria-pressed');

/** Seconds of the song in a second of sound, as far as frames that are late let it be seen. */
const songSpeed = () =>
  page.evaluate(async () => {
    const { context } = (window as unknown as { analyser: AnalyserNode }).analyser;
    const look = () => [context.currentTime, (document.querySelector('#position') as HTMLInputElement).valueAsNumber];
    await new Promise(requestAnimationFrame);
    const [t0, p0] = look();
    while (context.currentTime < t0 + 4) await new Promise(requestAnimationFrame);
    const [t1, p1] = look();
    // In a loop of the whole song it may have come round.
    const { max } = document.querySelector('#position') as HTMLInputElement;
    return ((p1 - p0 + Number(max)) % Number(max)) / (t1 - t0);
  });

/** Waits until the loudspeaker gives a tone of this frequency, within the analyser's resolution. */
const waitForTone = (hz: number) =>
  page.waitForFunction((wanted) => {
    const { analyser } = window as unknown as { analyser: AnalyserNode };
    const levels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(levels);
    let loudest = 0;
    for (let bin = 1; bin < levels.length; bin++) if (levels[bin] > levels[loudest]) loudest = bin;
    const resolution = analyser.context.sampleRate / analyser.fftSize;
    return levels[loudest] > -40 && Math.abs(loudest * resolution - wanted) <= resolution;
  }, hz);

async function dragTo(handle: Locator, seconds: number): Promise<void> {
  const ruler = await page.locator('.ruler').boundingBox();
  const grip = await handle.locator('.grip').boundingBox();
  const at = Number(await handle.getAttribute('aria-valuenow'));
  if (!ruler || !grip) throw new Error('The loop has no handles.');
  const x = grip.x + grip.width / 2;
  const y = grip.y + 8;
  const perSecond = ruler.width / (SONG_SECONDS.to - SONG_SECONDS.from);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + (seconds - at) * perSecond, y, { steps: 5 });
  await page.mouse.up();
}

// One page, one visit, as a person who practises would go through it: the tests build on each other.
describe('practising', () => {
  test(
    'begins where the singer does',
    async () => {
      await page.setInputFiles('input[type=file]', await pieceOfDemoSong());
      await page.waitForSelector('main > .progress[data-kind="done"]', { timeout: PATIENCE_MS });
      const read = async () => (await page.locator('.activity canvas').getAttribute('data-passages')) ?? '';
      await expect.poll(read).not.toBe('');
      const passages = await read();
      // The first word begins with a soft m, which the network may leave to the band.
      expect(Math.abs(Number.parseFloat(passages) - SINGER_COMES_IN)).toBeLessThan(0.6);
      await press('v');
      await page.waitForFunction(
        (to) => Math.abs((document.querySelector('#position') as HTMLInputElement).valueAsNumber - to) < 0.01,
        Number.parseFloat(passages) - 0.2,
      );
      expect(await page.locator('.activity canvas').getAttribute('aria-label')).toContain('the first from 0:0');
    },
    PATIENCE_MS + 10_000,
  );

  test('loops between [ and ], round and round, and goes on when L is pressed', async () => {
    await pause(page);
    await loopBetween(5, 6);
    await expect.poll(() => text('.practice-now')).toBe('Loop 0:05.0–0:06.0');
    await press(' ');
    await page.waitForFunction(() => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > 5.1);
    const seen = await positionsDuring(3);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...seen)).toBeLessThan(6.01);
    await press('l');
    await page.waitForFunction(() => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > 6.5);
    await pause(page);
  });

  test('moves the loop’s handles by mouse and by arrow keys, and draws a new loop on the ruler', async () => {
    const [a, b] = [page.locator('.loop-handle.start'), page.locator('.loop-handle.end')];
    await loopBetween(5, 6);
    await press('l');
    await expect.poll(pressed('#loop-toggle')).toBe('false');
    await dragTo(b, 9);
    await expect.poll(valueNow(b)).toBeCloseTo(9, 0);
    await expect.poll(pressed('#loop-toggle')).toBe('true');
    await a.focus();
    await a.press('ArrowLeft');
    await a.press('Shift+ArrowRight');
    await expect.poll(valueNow(a)).toBeCloseTo(4.91, 2);
    const ruler = await page.locator('.ruler').boundingBox();
    if (!ruler) throw new Error('There is no ruler.');
    await page.mouse.move(ruler.x + ruler.width * 0.9, ruler.y + 10);
    await page.mouse.down();
    await page.mouse.move(ruler.x + ruler.width * 0.25, ruler.y + 10, { steps: 4 });
    await page.mouse.up();
    await expect.poll(valueNow(a)).toBeCloseTo(3, 1);
    await expect.poll(valueNow(b)).toBeCloseTo(10.8, 1);
    await page.locator('#practice').evaluate((details: HTMLDetailsElement) => {
      details.open = false;
    });
    await press('p');
    await page.locator('#loop-clear').click();
    await expect.poll(() => page.locator('#loop-clear').getAttribute('aria-disabled')).toBe('true');
    expect(await focused()).toBe('loop-clear');
    await a.waitFor({ state: 'hidden' });
    expect(await text('.practice-now')).toBe('');
  });

  test('mutes and solos a stem, and the switch says what that is', async () => {
    await press('1');
    await page.locator('#muted-vocals').click();
    await expect.poll(chosenMix('accompaniment')).toBe(true);
    await page.locator('#solo-vocals').click();
    await expect.poll(() => text('.own-mix')).toBe('Your own mix');
    await page.locator('#muted-vocals').click();
    await expect.poll(chosenMix('vocals')).toBe(true);
    await press('1');
    await expect.poll(pressed('#solo-vocals')).toBe('false');
  });

  test('counts in before it plays', async () => {
    const countIn = async (beats: string, bpm: string) => {
      await page.locator('#count-in').selectOption(beats);
      await page.locator('#bpm').fill(bpm);
      await page.locator('#bpm').press('Enter');
    };
    await pause(page);
    await goTo(2);
    // As slowly as it goes: a page that stalls for seconds must not miss it.
    await countIn('8', '30');
    await page.locator('#play').click();
    // Looked at in one go: the song stands still while it is counted.
    const counted = await page.waitForFunction(() => {
      if (!document.querySelector('.waiting')?.textContent?.startsWith('Counting in')) return false;
      return (document.querySelector('#position') as HTMLInputElement).valueAsNumber;
    });
    expect(await counted.jsonValue()).toBeCloseTo(2, 1);
    await pause(page);
    await countIn('4', '150');
    await page.locator('#play').click();
    await page.waitForFunction(() => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > 2.2);
    await expect.poll(() => text('.waiting')).toBe('');
    await pause(page);
    await page.locator('#count-in').selectOption('0');
  });

  test('lists its keys under ?, and lets them be switched off', async () => {
    const sheet = page.locator('#shortcuts');
    const close = async () => {
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'hidden' });
    };
    await press('?');
    await sheet.waitFor();
    expect(await text('#shortcuts .keys')).toContain('start, end of the loop here');
    await page.locator('#keys-on').uncheck();
    await close();
    await press('2');
    await nextFrame(page);
    expect(await chosenMix('original')()).toBe(true);
    await page.locator('#open-keys').click();
    await page.locator('#keys-on').check();
    await close();
    await press('2');
    await expect.poll(chosenMix('vocals')).toBe(true);
    await press('1');
  });

  test(
    'plays at half speed in the same key, and an octave higher at the same speed',
    async () => {
      const tone = Float32Array.from(
        { length: 30 * 44_100 },
        (_, n) => 0.3 * Math.sin((2 * Math.PI * 440 * n) / 44_100),
      );
      await page.setInputFiles(
        'input[type=file]',
        await fileOf('A tone', { sampleRate: 44_100, channels: [tone, tone] }),
      );
      await page.locator('h1:visible', { hasText: 'A tone' }).waitFor({ timeout: PATIENCE_MS });
      // Round and round, however long the rest takes.
      await pause(page);
      await goRound(page);
      await page.locator('#play').click();
      await waitForTone(440);
      await page.locator('#practice').evaluate((details: HTMLDetailsElement) => {
        details.open = true;
      });
      await page.locator('#speed').fill('50');
      await page.locator('#speed[aria-valuetext="50 %"]').waitFor();
      // What stretches the sound is loaded now.
      await expect.poll(async () => Math.abs((await songSpeed()) - 0.5)).toBeLessThan(0.2);
      await waitForTone(440);
      await page.locator('#as-recorded').click();
      expect(await focused()).toBe('as-recorded');
      await page.locator('#key').fill('12');
      await waitForTone(880);
      await expect.poll(async () => Math.abs((await songSpeed()) - 1)).toBeLessThan(0.2);
      await press('j');
      await expect.poll(() => page.locator('#key').getAttribute('aria-valuetext')).toBe('+11 semitones');
      await pause(page);
    },
    PATIENCE_MS + 10_000,
  );

  test(
    'has the song’s own levels again at the next visit',
    async () => {
      await page.locator('#fader-vocals').fill('0.4');
      const level = await page.locator('#fader-vocals').getAttribute('aria-valuetext');
      await page.reload();
      const tone = Float32Array.from(
        { length: 30 * 44_100 },
        (_, n) => 0.3 * Math.sin((2 * Math.PI * 440 * n) / 44_100),
      );
      await page.setInputFiles(
        'input[type=file]',
        await fileOf('A tone', { sampleRate: 44_100, channels: [tone, tone] }),
      );
      await page.locator('#fader-vocals').waitFor({ timeout: PATIENCE_MS });
      await expect.poll(() => page.locator('#fader-vocals').getAttribute('aria-valuetext')).toBe(level);
      expect(await page.locator('#fader-accompaniment').getAttribute('aria-valuetext')).toBe('0.0 dB');
    },
    PATIENCE_MS + 10_000,
  );

  test('does all this without an error, and without asking anyone else for anything', () => {
    expect(built.problems).toEqual([]);
    const home = new URL(built.address).origin;
    expect(built.requests.filter((url) => !/^(blob|data):/.test(url) && new URL(url).origin !== home)).toEqual([]);
  });
});
