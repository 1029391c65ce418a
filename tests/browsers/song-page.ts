import { expect } from 'vitest';
import type { ExportFormat } from '../../src/audio/encode/formats.ts';
import type { ExportKind } from '../../src/player/export/export-request.ts';
import { PATIENCE_MS, pattern, type SpectrogramName, text } from '../browser/app.ts';
import type { BrowserDriver, SavedFile } from './driver.ts';
import { finderScript, type Locator } from './finder.ts';

export type Mode = 'original' | 'vocals' | 'accompaniment';

const POSITION: Locator = { role: 'slider', name: text('player.position') };
const SWITCH: Locator = { role: 'radiogroup', name: text('mix.switch') };
const PICTURE = text('video.picture');

export const button = (name: string): Locator => ({ role: 'button', name });

/** Opens what can be saved. */
const SAVE_MENU = button(text('save.open'));
const SAVE_PANEL: Locator = { role: 'region', name: text('save.region') };
const FORMATS: Locator = { role: 'combobox', name: text('save.format') };

const saveButton = (kind: ExportKind): Locator => button(text('save.button', { what: text(`save.${kind}`) }));

/** Its name goes on with what part of the song it shows. */
const spectrogram = (kind: SpectrogramName): Locator => ({
  role: 'img',
  pattern: pattern(`spectrogram.${kind}Alt`).source,
});

/** The page of a song in any browser: what tests/browser/app.ts is for Chromium. */
export class SongPage {
  readonly driver: BrowserDriver;

  constructor(driver: BrowserDriver) {
    this.driver = driver;
  }

  async open(address: string): Promise<void> {
    await this.driver.open(address);
    await this.driver.inject(await finderScript());
  }

  async reload(): Promise<void> {
    await this.driver.reload();
    await this.driver.inject(await finderScript());
  }

  /** Whether there is such an element. */
  async has(locator: Locator): Promise<boolean> {
    return (await this.driver.evaluate((it) => allFound(it).length, locator)) > 0;
  }

  async appears(locator: Locator): Promise<void> {
    await expect.poll(() => this.has(locator), { timeout: PATIENCE_MS, interval: 200 }).toBe(true);
  }

  async click(locator: Locator): Promise<void> {
    await this.appears(locator);
    await this.#rests(locator);
    await this.driver.click((it) => found(it), locator);
  }

  /**
   * Waits until an element has not moved for a while: a click on where it was would hit another one. The save menu
   * moves its buttons once more when a file is complete.
   */
  async #rests(locator: Locator): Promise<void> {
    const placeOf = (it: Locator) => {
      const { x, y, width, height } = found(it).getBoundingClientRect();
      return [x, y, width, height].join(' ');
    };
    let place: string | undefined;
    let seen = 0;
    const rests = async () => {
      const last = place;
      place = await this.driver.evaluate(placeOf, locator);
      seen = place === last ? seen + 1 : 1;
      return seen > 4;
    };
    await expect.poll(rests, { interval: 100 }).toBe(true);
  }

  /** Waits until the page says a text. */
  async says(said: string): Promise<void> {
    const isSaid = () => this.driver.evaluate((it) => document.body.textContent.includes(it), said);
    await expect.poll(isSaid, { timeout: PATIENCE_MS, interval: 200 }).toBe(true);
  }

  // Songs

  chooseFiles(...paths: string[]): Promise<void> {
    return this.driver.chooseFiles(paths, () => document.querySelector('input[type=file]') as Element);
  }

  /** Waits until a song of that name is open. */
  opened(name: string): Promise<void> {
    return this.appears({ role: 'heading', name });
  }

  /** Waits until the open song is separated whole: it can be saved. */
  async separated(): Promise<void> {
    const isEnabled = (it: Locator) => allFound(it).some((found) => !(found as HTMLButtonElement).disabled);
    const ready = () => this.driver.evaluate(isEnabled, { ...saveButton('vocals'), hidden: true });
    await expect.poll(ready, { timeout: PATIENCE_MS, interval: 200 }).toBe(true);
  }

  /** Waits until that many songs of the list are stored in the browser. None may have failed. */
  async stored(count: number): Promise<void> {
    const failed = text('songs.failed', { message: '' });
    const states = async () => {
      const all = await this.states();
      const isOf = (said: string) => (state: string) => state.includes(said);
      return { stored: all.filter(isOf(text('songs.keeping.kept'))).length, failed: all.filter(isOf(failed)) };
    };
    await expect.poll(states, { timeout: PATIENCE_MS }).toEqual({ stored: count, failed: [] });
  }

  /** What the list says of its songs, also while it is folded away. */
  async states(): Promise<readonly string[]> {
    const rows: Locator = { role: 'listitem', hidden: true };
    return await this.driver.evaluate((it) => allFound(it).map((row) => row.textContent ?? ''), rows);
  }

  // The player

  play(): Promise<void> {
    return this.click(button(text('player.play')));
  }

  pause(): Promise<void> {
    return this.click(button(text('player.pause')));
  }

  /** Where the song is, and how long it is, seconds. */
  times(): Promise<{ readonly position: number; readonly duration: number }> {
    return this.driver.evaluate((it) => {
      const { valueAsNumber, max } = found(it) as HTMLInputElement;
      return { position: valueAsNumber, duration: Number(max) };
    }, POSITION);
  }

  /** Seconds into the song. */
  async position(): Promise<number> {
    return (await this.times()).position;
  }

  /** Waits until the song is later than that. */
  async passes(seconds: number): Promise<void> {
    await expect.poll(() => this.position()).toBeGreaterThan(seconds);
  }

  /** Drags the slider of the position there. */
  seek(seconds: number): Promise<void> {
    const drag = (it: Locator, to: number) => {
      const input = found(it) as HTMLInputElement;
      input.value = String(to);
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    };
    return this.driver.evaluate(drag, POSITION, seconds);
  }

  /** Taps on the middle of the mixture's spectrogram with a finger. */
  tap(): Promise<void> {
    return this.driver.tap((it) => found(it), spectrogram('mixture'));
  }

  /** Which choice of the switch is checked. */
  mode(): Promise<string | undefined> {
    return this.driver.evaluate((it) => found(it).querySelector<HTMLInputElement>('input:checked')?.value, {
      role: 'radiogroup',
      name: text('mix.switch'),
    } satisfies Locator);
  }

  /** Clicks on the switch, as a person does: on the word. */
  async choose(mode: Mode): Promise<void> {
    const label = (it: Locator, value: Mode) => found(it).querySelector(`label:has([value=${value}])`) as Element;
    await this.driver.click(label, SWITCH, mode);
  }

  // What is seen

  /** The spread of the brightness of a spectrogram's pixels, 0 to 255, when it is painted whole. */
  async spread(kind: SpectrogramName): Promise<number> {
    const locator = spectrogram(kind);
    const isPainted = () =>
      this.driver.evaluate((it) => {
        const { complete, doneFrames, frames } = found(it).dataset;
        return complete === 'true' && doneFrames === frames;
      }, locator);
    // A stored song's columns come one after the other.
    await expect.poll(isPainted, { timeout: PATIENCE_MS }).toBe(true);
    return await this.driver.evaluate((it) => {
      const canvas = document.createElement('canvas');
      const [width, height] = [200, 50];
      Object.assign(canvas, { width, height });
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      const tiles = [...found(it).querySelectorAll<HTMLCanvasElement>('canvas:not([hidden])')];
      tiles.forEach((tile, n) => {
        context.drawImage(tile, (n * width) / tiles.length, 0, width / tiles.length, height);
      });
      const { data } = context.getImageData(0, 0, width, height);
      const levels = Array.from(
        { length: width * height },
        (_, n) => (data[4 * n] + data[4 * n + 1] + data[4 * n + 2]) / 3,
      );
      const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
      return Math.sqrt(levels.reduce((sum, level) => sum + (level - mean) ** 2, 0) / levels.length);
    }, locator);
  }

  /** The picture of a video: its size in pixels and its moment in seconds; undefined while none is shown. */
  picture(): Promise<{ readonly width: number; readonly height: number; readonly seconds: number } | undefined> {
    return this.driver.evaluate((name) => {
      const video = document.querySelector<HTMLVideoElement>(`video[aria-label="${name}"]`);
      if (!video?.checkVisibility() || video.readyState < 2) return undefined;
      return { width: video.videoWidth, height: video.videoHeight, seconds: video.currentTime };
    }, PICTURE);
  }

  // Saving

  /** The formats that can be chosen. */
  async formats(): Promise<readonly ExportFormat[]> {
    await this.#openSaveMenu();
    return await this.driver.evaluate(
      (it) =>
        [...(found(it) as HTMLSelectElement).options]
          .filter(({ disabled }) => !disabled)
          .map(({ value }) => value as ExportFormat),
      FORMATS,
    );
  }

  async save(kind: ExportKind, format: ExportFormat): Promise<SavedFile> {
    await this.#openSaveMenu();
    await this.driver.evaluate(
      (it, value) => {
        const select = found(it) as HTMLSelectElement;
        select.value = value;
        select.dispatchEvent(new Event('change', { bubbles: true }));
      },
      FORMATS,
      format,
    );
    try {
      return await this.driver.saved(() => this.click(saveButton(kind)));
    } catch (error) {
      const said = this.driver.evaluate((it) => allFound(it)[0]?.textContent ?? 'nothing: it is closed', SAVE_PANEL);
      throw new Error(`The page did not save ${kind} as ${format}. Its save menu says: ${await said}`, {
        cause: error,
      });
    }
  }

  async #openSaveMenu(): Promise<void> {
    if (!(await this.has(FORMATS))) await this.click(SAVE_MENU);
    await this.appears(FORMATS);
  }
}
