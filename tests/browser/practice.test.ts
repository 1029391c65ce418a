import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { encodeWav } from '../../src/audio/encode/encode-wav.ts';
import type { MessageKey } from '../../src/i18n/language.ts';
import {
  button,
  choose,
  fader,
  inAnyLanguage,
  level,
  mix,
  named,
  opened,
  PATIENCE_MS,
  passes,
  pattern,
  play,
  plays,
  practice,
  press,
  type StemName,
  seek,
  separated,
  standsAt,
  text,
} from './app.ts';
import { visitPage } from './built-page.ts';
import { goRound, nextFrame, pause } from './playing.ts';
import { stateIs } from './song-list.ts';
import { openTone } from './tone-song.ts';

/** Part of the demo song: four seconds of the band, then the singer comes in. */
const SONG_SECONDS = { from: 5.6, to: 17.6 };
const SINGER_COMES_IN = 9.6 - SONG_SECONDS.from;

/** Length of the song of the tests that need no voice, seconds. */
const SECONDS = 12;

let page: Page;

/** Opens the page, and listens in on what goes to the loudspeaker. */
async function open(): Promise<void> {
  ({ page } = await visitPage({
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
  }));
}

async function fileOf(name: string, audio: AudioData) {
  const bytes = await new Blob(encodeWav(audio, '16')).arrayBuffer();
  return { name: `${name}.wav`, mimeType: 'audio/wav', buffer: Buffer.from(bytes) };
}

/** A tone for both ears, as long as a song. */
function stereoTone() {
  const tone = Float32Array.from({ length: 30 * 44_100 }, (_, n) => 0.3 * Math.sin((2 * Math.PI * 440 * n) / 44_100));
  return fileOf('A tone', { sampleRate: 44_100, channels: [tone, tone] });
}

async function pieceOfDemoSong() {
  const { sampleRate, channels } = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
  const [from, to] = [SONG_SECONDS.from * sampleRate, SONG_SECONDS.to * sampleRate];
  return fileOf('A song to practise', { sampleRate, channels: channels.map((channel) => channel.slice(from, to)) });
}

/** A button that its own press switches off keeps the keyboard. */
const hasFocus = (element: Locator) => element.evaluate((it) => it === document.activeElement);

async function goTo(seconds: number): Promise<void> {
  await seek(page, seconds);
  await standsAt(page, seconds);
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
  await press(page, '[');
  await goTo(to);
  await press(page, ']');
}

const valueNow = (handle: Locator) => async () => Number(await handle.getAttribute('aria-valuenow'));
const chosenMix = (mode: 'original' | StemName) => () => mix(page, mode).isChecked();
const pressed = (toggle: Locator) => () => toggle.getAttribute('aria-pressed');

const mute = (stem: StemName) =>
  page.getByRole('button', { name: text('mix.muteStem', { stem: text(`mix.${stem}`) }) });
const solo = (stem: StemName) =>
  page.getByRole('button', { name: text('mix.soloStem', { stem: text(`mix.${stem}`) }) });

/** Opens or closes the practice panel. */
const setPractice = (open: boolean) =>
  practice(page).evaluate((details: HTMLDetailsElement, to) => {
    details.open = to;
  }, open);

/** A tool of the practice panel, also while that is folded away. */
const tool = (key: MessageKey) =>
  practice(page).getByRole('button', { name: inAnyLanguage((t) => t(key)), includeHidden: true });

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
  const perSecond = ruler.width / SECONDS;
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + (seconds - at) * perSecond, y, { steps: 5 });
  await page.mouse.up();
}

describe('practising', () => {
  test('starts where the singing begins', async () => {
    await open();

    await choose(page, await pieceOfDemoSong());
    await separated(page);
    const read = async () => (await page.locator('.activity canvas').getAttribute('data-passages')) ?? '';
    await expect.poll(read).not.toBe('');
    const passages = await read();
    // The first word begins with a soft m, which the network may leave to the band.
    expect(Math.abs(Number.parseFloat(passages) - SINGER_COMES_IN)).toBeLessThan(0.6);
    await press(page, 'v');
    await standsAt(page, Number.parseFloat(passages) - 0.2, 0.01);
    expect(await page.locator('.activity canvas').getAttribute('aria-label')).toContain('the first from 0:0');
  });

  test('loops between [ and ], and leaves the loop when L is pressed', async () => {
    await open();
    await openTone(page, SECONDS);

    await loopBetween(5, 6);
    await page.getByText(text('practice.nowLoop', { from: '0:05.0', to: '0:06.0' })).waitFor();
    await press(page, ' ');
    await passes(page, 5.1);
    const seen = await positionsDuring(3);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...seen)).toBeLessThan(6.01);
    await press(page, 'l');
    await passes(page, 6.5);
    await pause(page);
  });

  test('moves the loop’s handles by mouse and by arrow keys, and draws a new loop on the ruler', async () => {
    await open();
    await openTone(page, SECONDS);

    const [a, b] = [named(page, 'slider', 'practice.loopStart'), named(page, 'slider', 'practice.loopEnd')];
    await loopBetween(5, 6);
    await press(page, 'l');
    await expect.poll(pressed(tool('practice.repeat'))).toBe('false');
    await dragTo(b, 9);
    await expect.poll(valueNow(b)).toBeCloseTo(9, 0);
    await expect.poll(pressed(tool('practice.repeat'))).toBe('true');
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
    await setPractice(false);
    await press(page, 'p');
    await tool('practice.clear').click();
    await expect.poll(() => tool('practice.clear').getAttribute('aria-disabled')).toBe('true');
    expect(await hasFocus(tool('practice.clear'))).toBe(true);
    await a.waitFor({ state: 'hidden' });
    expect(await page.getByText(pattern('practice.nowLoop')).count()).toBe(0);
  });

  test('mutes and solos a stem, and the switch shows the result', async () => {
    await open();
    await openTone(page, SECONDS);

    await press(page, '1');
    await mute('vocals').click();
    await expect.poll(chosenMix('accompaniment')).toBe(true);
    // Solo releases the mute, and mute the solo.
    await solo('vocals').click();
    await expect.poll(chosenMix('vocals')).toBe(true);
    expect(await pressed(mute('vocals'))()).toBe('false');
    await mute('vocals').click();
    await expect.poll(chosenMix('accompaniment')).toBe(true);
    expect(await pressed(solo('vocals'))()).toBe('false');
    await mute('accompaniment').click();
    const silence = page.getByRole('status').filter({ hasText: text('mix.silent') });
    await silence.waitFor();
    await stateIs(page, 'A tone', 'songs.keeping.kept');
    await page.reload();
    await silence.waitFor({ timeout: PATIENCE_MS });
    await press(page, '1');
    await expect.poll(pressed(mute('vocals'))).toBe('false');
  });

  test('a button that was clicked leaves the space bar to the song; one that Tab reached does not', async () => {
    await open();
    await openTone(page, SECONDS);

    await mute('vocals').click();
    await page.keyboard.press('Space');
    await passes(page, 0.2);
    expect(await pressed(mute('vocals'))()).toBe('true');
    await page.keyboard.press('Space');
    await expect.poll(() => plays(page)).toBe(false);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    expect(await hasFocus(mute('vocals'))).toBe(true);
    await page.keyboard.press('Space');
    await expect.poll(pressed(mute('vocals'))).toBe('false');
    expect(await plays(page)).toBe(false);
  });

  test('counts in before it plays', async () => {
    await open();
    await openTone(page, SECONDS);

    const countIn = async (beats: string, bpm: string) => {
      await setPractice(true);
      await named(practice(page), 'combobox', 'practice.countIn').selectOption(beats);
      const tempo = named(practice(page), 'spinbutton', 'practice.tempo');
      await tempo.fill(bpm);
      await tempo.press('Enter');
    };
    await goTo(2);
    // As slowly as it goes: a page that stalls for seconds must not miss it.
    await countIn('8', '30');
    await play(page).click();
    // Looked at in one go: the song stands still while it is counted.
    const counting = pattern('player.counting').source;
    const counted = await page.waitForFunction((said) => {
      const notes = [...document.querySelectorAll('[role=status]')];
      if (!notes.some(({ textContent }) => new RegExp(said).test(textContent))) return false;
      return (document.querySelector('#position') as HTMLInputElement).valueAsNumber;
    }, counting);
    expect(await counted.jsonValue()).toBeCloseTo(2, 1);
    await pause(page);
    await countIn('4', '150');
    await play(page).click();
    await passes(page, 2.2);
    await expect.poll(() => page.getByText(pattern('player.counting')).count()).toBe(0);
  });

  test('lists its keys under ?, and can switch them off', async () => {
    await open();
    await openTone(page, SECONDS);

    const sheet = page.getByRole('dialog');
    const enabled = named(sheet, 'checkbox', 'keys.enabled');
    const close = async () => {
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'hidden' });
    };
    await press(page, '?');
    await sheet.waitFor();
    await sheet.getByText(text('keys.loopMarks')).waitFor();
    await enabled.uncheck();
    await close();
    await press(page, '2');
    await nextFrame(page);
    expect(await chosenMix('original')()).toBe(true);
    await button(page, 'keys.open').click();
    await enabled.check();
    await close();
    await press(page, '2');
    await expect.poll(chosenMix('vocals')).toBe(true);
  });

  test('plays at half speed in the same key, and an octave higher at the same speed', async () => {
    await open();

    await choose(page, await stereoTone());
    await opened(page, 'A tone');
    // Round and round, however long the rest takes.
    await goRound(page);
    await play(page).click();
    await waitForTone(440);
    await setPractice(true);
    await named(page, 'slider', 'practice.speed').fill('50');
    await expect
      .poll(() => named(page, 'slider', 'practice.speed').getAttribute('aria-valuetext'))
      .toBe(text('practice.speedValue', { percent: 50 }));
    // What stretches the sound is loaded now.
    await expect.poll(async () => Math.abs((await songSpeed()) - 0.5)).toBeLessThan(0.2);
    await waitForTone(440);
    await tool('practice.asRecorded').click();
    expect(await hasFocus(tool('practice.asRecorded'))).toBe(true);
    await named(page, 'slider', 'practice.key').fill('12');
    await waitForTone(880);
    await expect.poll(async () => Math.abs((await songSpeed()) - 1)).toBeLessThan(0.2);
    await press(page, 'j');
    await expect
      .poll(() => named(page, 'slider', 'practice.key').getAttribute('aria-valuetext'))
      .toBe(text('practice.keyValue', { semitones: '+11' }));
    await pause(page);
  });

  test('restores the song’s levels, loop, speed and key at the next visit', async () => {
    await open();

    await openTone(page, SECONDS);
    await press(page, '[');
    await press(page, 'End');
    await press(page, ']');
    await press(page, 'j');
    await press(page, '<');
    await fader(page, 'vocals').fill('0.4');
    const before = await level(page, 'vocals');
    expect(before).not.toBe(text('mix.decibels', { level: '0.0' }));
    const practised = async () => [
      await named(page, 'slider', 'practice.loopStart').getAttribute('aria-valuetext'),
      await named(page, 'slider', 'practice.loopEnd').getAttribute('aria-valuetext'),
      await named(page, 'slider', 'practice.key').getAttribute('aria-valuetext'),
      await named(page, 'slider', 'practice.speed').getAttribute('aria-valuetext'),
    ];
    await setPractice(true);
    const loop = await practised();
    expect(loop[2]).toBe(text('practice.keyValue', { semitones: '−1' }));
    await stateIs(page, 'A tone', 'songs.keeping.kept');
    await page.reload();
    await separated(page);
    await setPractice(true);
    await expect.poll(() => level(page, 'vocals')).toBe(before);
    expect(await level(page, 'accompaniment')).toBe(text('mix.decibels', { level: '0.0' }));
    expect(await practised()).toEqual(loop);
    expect(await plays(page)).toBe(false);
  });
});
