import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM_ARGS, findChromium } from '../../tests/browser/chromium.ts';
import { DEMO } from '../lib/describe-run.ts';
import { makeLongSong } from '../memory/long-song.ts';

/** Seconds from the moment that the page was given the song. */
export interface FirstSound {
  /** The player is there and can be started. It is started at once. */
  readonly playable: number;
  /** Something other than silence leaves the audio context: the original. */
  readonly sound: number;
  /** The first stretch is separated. */
  readonly separated: number;
  /** Seconds from a click far ahead, while it separates, until what is there is separated. */
  readonly soughtAhead: number;
}

export interface FirstSoundReport {
  readonly date: string;
  readonly song: { readonly name: string; readonly seconds: number };
  readonly backend: string;
  readonly runs: readonly FirstSound[];
}

const PATIENCE_MS = 600_000;

/** What the page is watched with. */
interface Watch {
  given: number;
  playable: number;
  sound: number;
  separated: number;
}

/**
 * Opens the page twice, so that the model comes from the browser's cache, and gives it a song.
 *
 * @param runs how often
 * @param atOnce does not wait until the page has made itself ready: the song comes as soon as it takes one
 */
export async function measureFirstSound(
  address: string,
  seconds: number,
  runs: number,
  atOnce: boolean,
): Promise<FirstSoundReport> {
  const folder = await mkdtemp(join(tmpdir(), 'unsung-bench-first-'));
  const file = await makeLongSong(DEMO, seconds, folder);
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: findChromium(),
    args: [...CHROMIUM_ARGS],
    viewport: { width: 1280, height: 900 },
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    // The runner's compiler names functions by a helper that the page has not.
    await page.addInitScript('globalThis.__name = (named) => named');
    await page.addInitScript(watch);
    const url = `${address}?backend=wasm`;
    await page.goto(url);
    const status = page.locator('[data-backend]');
    await status.waitFor({ state: 'attached', timeout: PATIENCE_MS });
    const backend = (await status.getAttribute('data-backend')) ?? '';
    const all: FirstSound[] = [];
    for (let run = 0; run < runs; run++) {
      await page.reload();
      await forgetSongs(page);
      if (!atOnce) await status.waitFor({ state: 'attached', timeout: PATIENCE_MS });
      await page.setInputFiles('input[type=file]', file);
      all.push(await oneRun(page, seconds));
    }
    return { date: new Date().toISOString(), song: { name: basename(file), seconds }, backend, runs: all };
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A song that the browser has kept would not be separated again. */
async function forgetSongs(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    // What the page before had open is closed a little later than the page.
    for (let tries = 100; ; tries--) {
      const failures: unknown[] = [];
      for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys()) {
        await root.removeEntry(name, { recursive: true }).catch((error: unknown) => failures.push(error));
      }
      if (failures.length === 0) return;
      if (tries === 0) throw failures[0];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  await page.reload();
  await page.locator('input[type=file]').first().waitFor({ state: 'attached' });
}

async function oneRun(page: Page, seconds: number): Promise<FirstSound> {
  const seen = <Key extends keyof Watch>(key: Key) =>
    page.waitForFunction((k) => (window as unknown as { watch: Watch }).watch[k] > 0, key, { timeout: PATIENCE_MS });
  await seen('separated');
  await seen('sound');
  const { given, playable, sound, separated } = await page.evaluate(
    () => (window as unknown as { watch: Watch }).watch,
  );
  const soughtAhead = await page.evaluate(
    async ([target, part]) => {
      const position = document.querySelector<HTMLInputElement>('#position');
      if (!position) throw new Error('There is no position.');
      const begun = performance.now();
      position.value = String(target);
      position.dispatchEvent(new Event('input', { bubbles: true }));
      position.dispatchEvent(new Event('change', { bubbles: true }));
      // The song plays on meanwhile: what has been heard as the original by then comes last.
      const covers = ({ style }: HTMLElement) =>
        Number.parseFloat(style.left) <= 100 * part && 100 - Number.parseFloat(style.right) > 100 * part;
      while ([...document.querySelectorAll<HTMLElement>('.gap')].some(covers)) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      return performance.now() - begun;
    },
    [0.75 * seconds, 0.75 + 0.5 / seconds],
  );
  const from = (time: number) => (time - given) / 1000;
  return {
    playable: from(playable),
    sound: from(sound),
    separated: from(separated),
    soughtAhead: soughtAhead / 1000,
  };
}

/** Runs in the page: notes when what happens first, and starts the player when it is there. */
function watch(): void {
  const times: Watch = { given: 0, playable: 0, sound: 0, separated: 0 };
  Object.assign(window, { watch: times });
  let listening: AnalyserNode | undefined;
  const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
  AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode): AudioNode {
    if (to instanceof AudioDestinationNode) {
      listening = new AnalyserNode(this.context, { fftSize: 2048 });
      connect.call(this, listening);
    }
    return connect.call(this, to);
  } as typeof AudioNode.prototype.connect;
  addEventListener('change', () => (times.given ||= performance.now()), { capture: true });
  const samples = new Float32Array(2048);
  const look = () => {
    const play = document.querySelector<HTMLElement>('#play');
    if (play && !times.playable) {
      times.playable = performance.now();
      play.click();
    }
    if (listening && !times.sound) {
      listening.getFloatTimeDomainData(samples);
      if (samples.some((sample) => sample !== 0)) times.sound = performance.now();
    }
    const veil = document.querySelector<HTMLElement>('.gap');
    if (veil && !times.separated && Number.parseFloat(veil.style.left) > 0) times.separated = performance.now();
  };
  setInterval(look, 5);
}
