import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM_ARGS, findChromium } from '../tests/browser/chromium.ts';
import { clock } from '../tools/lib/progress.ts';
import { backendInUse, makeLongSong, withBuiltPage } from './lib/built-page.ts';
import { loads, positive, runBenchmark, table } from './lib/command.ts';

/** Seconds after the page was given the song. */
interface FirstSound {
  /** The player is there. It is started at once. */
  readonly playable: number;
  /** The audio context puts out something other than silence: the original. */
  readonly sound: number;
  /** The stems take the original's place in what is heard: a preview (src/separation/preview.ts). */
  readonly stems: number;
  /** The first part is separated. */
  readonly separated: number;
  /** Seconds from a seek far ahead during the separation until the stems of that place are heard. */
  readonly stemsAhead: number;
  /** The same until that place is separated. */
  readonly separatedAhead: number;
}

interface FirstSoundReport {
  readonly date: string;
  readonly song: { readonly name: string; readonly seconds: number };
  readonly backend: string;
  readonly runs: readonly FirstSound[];
}

const TIMEOUT_MS = 600_000;

/** Times that the page's script notes, in milliseconds; 0 before. */
interface Watch {
  given: number;
  playable: number;
  sound: number;
  /** The page has said that it plays the original where nothing is separated yet. */
  standIn: number;
  /** It says so no more. */
  stems: number;
  separated: number;
}

interface FirstSoundOptions {
  /** The song's length. */
  readonly seconds: number;
  readonly runs: number;
  /** Gives the song as soon as the page accepts one, before the backend is ready. */
  readonly atOnce: boolean;
}

/** Opens the page twice, so that the model comes from the browser's cache, and gives it a song. */
async function measureFirstSound(
  address: string,
  { seconds, runs, atOnce }: FirstSoundOptions,
): Promise<FirstSoundReport> {
  const folder = await mkdtemp(join(tmpdir(), 'unsung-bench-first-'));
  const file = await makeLongSong(seconds, folder);
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: findChromium(),
    args: [...CHROMIUM_ARGS],
    viewport: { width: 1280, height: 900 },
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    // tsx inserts this helper into functions; the page does not have it.
    await page.addInitScript('globalThis.__name = (named) => named');
    await page.addInitScript(watch);
    const url = `${address}?backend=wasm`;
    await page.goto(url);
    const backend = await backendInUse(page, TIMEOUT_MS);
    const all: FirstSound[] = [];
    for (let run = 0; run < runs; run++) {
      await page.reload();
      await forgetSongs(page);
      if (!atOnce) await backendInUse(page, TIMEOUT_MS);
      await page.setInputFiles('input[type=file]', file);
      all.push(await oneRun(page, seconds));
    }
    return { date: new Date().toISOString(), song: { name: basename(file), seconds }, backend, runs: all };
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Empties the archive: an archived song would not be separated again. */
async function forgetSongs(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    // The files of the page before are closed a little later than the page.
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
    page.waitForFunction((k) => (window as unknown as { watch: Watch }).watch[k] > 0, key, { timeout: TIMEOUT_MS });
  await seen('separated');
  await seen('sound');
  await seen('stems');
  const { given, playable, sound, stems, separated } = await page.evaluate(
    () => (window as unknown as { watch: Watch }).watch,
  );
  const ahead = await page.evaluate(
    async ([target, part]) => {
      const position = document.querySelector<HTMLInputElement>('#position');
      if (!position) throw new Error('There is no position.');
      const { watch } = window as unknown as { watch: Watch };
      watch.standIn = 0;
      watch.stems = 0;
      const begun = performance.now();
      position.value = String(target);
      position.dispatchEvent(new Event('input', { bubbles: true }));
      position.dispatchEvent(new Event('change', { bubbles: true }));
      // The song plays on meanwhile: parts that have been played as the original by then are separated last.
      const covers = ({ style }: HTMLElement) =>
        Number.parseFloat(style.left) <= 100 * part && 100 - Number.parseFloat(style.right) > 100 * part;
      let separated = 0;
      while (!separated || !watch.stems) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const isThere = ![...document.querySelectorAll<HTMLElement>('.gap')].some(covers);
        if (isThere) separated ||= performance.now();
      }
      return { stems: watch.stems - begun, separated: separated - begun };
    },
    [0.75 * seconds, 0.75 + 0.5 / seconds],
  );
  const from = (time: number) => (time - given) / 1000;
  return {
    playable: from(playable),
    sound: from(sound),
    stems: from(stems),
    separated: from(separated),
    stemsAhead: ahead.stems / 1000,
    separatedAhead: ahead.separated / 1000,
  };
}

/** Runs in the page: notes the first time of each event, and starts the player. */
function watch(): void {
  const times: Watch = { given: 0, playable: 0, sound: 0, standIn: 0, stems: 0, separated: 0 };
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
  const check = () => {
    const play = document.querySelector<HTMLElement>('#play');
    if (play && !times.playable) {
      times.playable = performance.now();
      // The mix in which original and stems differ.
      document.querySelector<HTMLInputElement>('input[type=radio][value=vocals]')?.click();
      play.click();
    }
    if (listening && !times.sound) {
      listening.getFloatTimeDomainData(samples);
      if (samples.some((sample) => sample !== 0)) times.sound = performance.now();
    }
    const says = document.querySelector('.waiting')?.textContent;
    if (says && times.sound) times.standIn ||= performance.now();
    else if (times.standIn) times.stems ||= performance.now();
    const veil = document.querySelector<HTMLElement>('.gap');
    if (veil && !times.separated && Number.parseFloat(veil.style.left) > 0) times.separated = performance.now();
  };
  setInterval(check, 5);
}

function firstSoundText({ song, backend, runs }: FirstSoundReport): string {
  return [
    `A song of ${clock(song.seconds)} (${song.name}), ${backend}, load average ${loads()}; seconds after the drop`,
    table(
      [
        'run',
        'player there',
        'original heard',
        'stems heard',
        'first part separated',
        'sought: stems',
        'sought: separated',
      ],
      runs.map((run, n) => [
        String(n + 1),
        ...[run.playable, run.sound, run.stems, run.separated, run.stemsAhead, run.separatedAhead].map((value) =>
          value.toFixed(2),
        ),
      ]),
    ),
  ].join('\n');
}

const options = new Command('bench:first-sound')
  .description('Measures how soon a song is heard on the real page in Chromium, with the model in the browser’s cache.')
  .option('--seconds <n>', 'its length', positive, 240)
  .option('--runs <n>', 'how often', positive, 3)
  .option('--at-once', 'drops it while the page is still getting ready', false)
  .option('--json <file>', 'write all figures to this file')
  .parse()
  .opts<FirstSoundOptions & { readonly json?: string }>();

await runBenchmark(async () => {
  const report = await withBuiltPage((address) => measureFirstSound(address, options));
  console.log(firstSoundText(report));
  return report;
}, options.json);
