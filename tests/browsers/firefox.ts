import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type ElementHandle, type KeyInput, type Page } from 'puppeteer-core';
import { savedIn, takeSavedSize, WATCH_SAVING } from './downloads.ts';
import type { BrowserDriver, LaunchOptions, SavedFile } from './driver.ts';

const HOW_TO_GET_ONE =
  'This walk needs Firefox. Install it (Debian: `apt-get install firefox-esr`; Ubuntu: `apt-get install firefox`), or ' +
  'say where it is: FIREFOX_PATH=/path/to/firefox npm run test:browsers';

const CANDIDATES = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];

/** Milliseconds that the browser may take to start, and a page to load, on a busy machine. */
const MAX_WAIT_MS = 120_000;

/** A finger is the only pointer, as `(pointer: coarse)` says, and there are touch events. */
const TOUCH_PREFERENCES = {
  'dom.w3c_touch_events.enabled': 1,
  'ui.primaryPointerCapabilities': 1,
  'ui.allPointerCapabilities': 1,
};

/**
 * Starts the machine's Firefox, headless, over WebDriver BiDi: that of FIREFOX_PATH, or the first found.
 * @throws Error that says how to get Firefox where there is none
 */
export async function launchFirefox({ environment, touch = false }: LaunchOptions): Promise<BrowserDriver> {
  const folder = await mkdtemp(join(tmpdir(), 'unsung-firefox-'));
  const downloads = join(folder, 'downloads');
  await mkdir(downloads);
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: findFirefox(),
    headless: true,
    timeout: MAX_WAIT_MS,
    userDataDir: join(folder, 'profile'),
    env: { ...process.env, ...environment },
    extraPrefsFirefox: {
      'intl.accept_languages': 'en-US',
      // Into the folder, without a question, when they are whole.
      'browser.download.folderList': 2,
      'browser.download.dir': downloads,
      'browser.download.useDownloadDir': true,
      'browser.download.start_downloads_in_tmp_dir': true,
      'browser.download.always_ask_before_handling_new_types': false,
      ...(touch ? TOUCH_PREFERENCES : {}),
    },
  });
  const [page] = await browser.pages();
  page.setDefaultTimeout(MAX_WAIT_MS);
  await page.setViewport(touch ? { width: 360, height: 740 } : { width: 1280, height: 900 });
  return new FirefoxDriver(browser, page, folder, downloads);
}

function findFirefox(): string {
  const named = process.env.FIREFOX_PATH;
  const found = named ? [named].find(existsSync) : CANDIDATES.find(existsSync);
  if (found === undefined) throw new Error(HOW_TO_GET_ONE);
  return found;
}

class FirefoxDriver implements BrowserDriver {
  readonly problems: string[] = [];
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #folder: string;
  readonly #downloads: string;

  constructor(browser: Browser, page: Page, folder: string, downloads: string) {
    this.#browser = browser;
    this.#page = page;
    this.#folder = folder;
    this.#downloads = downloads;
    page.on('pageerror', (error) => this.problems.push((error as Error).message));
    page.on('console', (message) => message.type() === 'error' && this.problems.push(message.text()));
  }

  async version(): Promise<string> {
    return await this.#browser.version();
  }

  async open(address: string): Promise<void> {
    await this.#page.goto(address);
    await this.inject(WATCH_SAVING);
  }

  async reload(): Promise<void> {
    await this.#page.reload();
    await this.inject(WATCH_SAVING);
  }

  async inject(script: string): Promise<void> {
    await this.#page.evaluate(`${script};undefined`);
  }

  evaluate<Args extends readonly unknown[], Result>(run: (...args: Args) => Result, ...args: Args) {
    return this.#page.evaluate(run as unknown as (...args: unknown[]) => Result, ...args);
  }

  async click<Args extends readonly unknown[]>(find: (...args: Args) => Element, ...args: Args): Promise<void> {
    await (await this.#element(find, ...args)).click();
  }

  async tap<Args extends readonly unknown[]>(find: (...args: Args) => Element, ...args: Args): Promise<void> {
    await (await this.#element(find, ...args)).tap();
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key as KeyInput);
  }

  async chooseFiles(paths: readonly string[], find: () => Element): Promise<void> {
    await ((await this.#element(find)) as ElementHandle<HTMLInputElement>).uploadFile(...paths);
  }

  saved(act: () => Promise<void>): Promise<SavedFile> {
    return savedIn(this.#downloads, act, () => this.evaluate(takeSavedSize));
  }

  screenshot(): Promise<Uint8Array> {
    return this.#page.screenshot();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #element<Args extends readonly unknown[]>(
    find: (...args: Args) => Element,
    ...args: Args
  ): Promise<ElementHandle<Element>> {
    const handle = await this.#page.evaluateHandle(find as unknown as (...args: unknown[]) => Element, ...args);
    return handle.asElement() as ElementHandle<Element>;
  }
}
