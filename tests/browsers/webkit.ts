import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Builder, Key, type WebDriver, type WebElement } from 'selenium-webdriver';
import type * as Remote from 'selenium-webdriver/remote';
import { savedIn, takeSavedSize, WATCH_SAVING } from './downloads.ts';
import type { BrowserDriver, LaunchOptions, SavedFile } from './driver.ts';
import { startVirtualScreen } from './virtual-screen.ts';

// A folder, which an import cannot name.
const { DriverService } = createRequire(import.meta.url)('selenium-webdriver/remote') as typeof Remote;

const HOW_TO_GET_ONE =
  'This walk needs WebKitGTK’s MiniBrowser and its driver. Install them (Debian: `apt-get install webkit2gtk-driver`; ' +
  'Ubuntu: `apt-get install webkitgtk-webdriver`), or say where the driver is: WEBKIT_DRIVER_PATH=/path/to/' +
  'WebKitWebDriver npm run test:browsers';

const CANDIDATES = ['/usr/bin/WebKitWebDriver'];

/**
 * Pixels of the screen, which the browser fills. Its own bars take some: 38 at first, and after each download 50 more,
 * as it lists them.
 */
const LAPTOP = [1280, 1638] as const;
const PHONE = [360, 778] as const;

/** Milliseconds that the browser may take to quit. */
const MAX_QUIT_MS = 20_000;

/** Milliseconds until the browser has listed a download. */
const MAX_BAR_MS = 2000;

/** Milliseconds that a function in the page may take. */
const MAX_SCRIPT_MS = 120_000;

/** Collects from now on the errors of the page, which the driver does not tell. */
const WATCH_PROBLEMS = `
  const problems = (globalThis.problems = []);
  addEventListener('error', (event) => problems.push(event.message));
  addEventListener('unhandledrejection', (event) => problems.push(String(event.reason)));
  addEventListener('securitypolicyviolation', (event) => problems.push(event.violatedDirective + event.blockedURI));
  const { error } = console;
  console.error = (...values) => {
    problems.push(values.join(' '));
    error.apply(console, values);
  };`;

/**
 * Starts the machine's WebKitGTK on a virtual screen, over WebDriver. It keeps what the page stores until it ends.
 *
 * @throws Error that says how to get WebKitGTK where there is none
 */
export async function launchWebKit({ environment, touch = false }: LaunchOptions): Promise<BrowserDriver> {
  const program = findDriver();
  const ends: (() => Promise<unknown>)[] = [];
  const close = async () => {
    // A browser that crashed cannot quit. It also ends when its screen does.
    for (const end of ends.reverse()) await Promise.race([end().catch(() => undefined), wait(MAX_QUIT_MS)]);
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), 'unsung-webkit-'));
    ends.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const downloads = join(folder, 'downloads');
    await mkdir(downloads);
    await writeFile(join(folder, 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
    const [width, height] = touch ? PHONE : LAPTOP;
    const screen = await startVirtualScreen(width, height);
    ends.push(() => screen.close());
    const home = { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, XDG_CACHE_HOME: folder };
    const env = { ...process.env, ...home, LANGUAGE: 'en_US', ...screen.environment, ...environment };
    const service = new DriverService.Builder(program)
      .setLoopback(true)
      .setEnvironment(env as never)
      .build();
    ends.push(() => service.kill());
    const driver = await new Builder()
      .usingServer(await service.start())
      .withCapabilities({ browserName: 'MiniBrowser' })
      .build();
    ends.push(() => driver.quit());
    await driver.manage().setTimeouts({ script: MAX_SCRIPT_MS });
    await driver.manage().window().setRect({ x: 0, y: 0, width, height });
    return new WebKitDriver(driver, downloads, close);
  } catch (error) {
    await close();
    throw error;
  }
}

function findDriver(): string {
  const named = process.env.WEBKIT_DRIVER_PATH;
  const found = named ? [named].find(existsSync) : CANDIDATES.find(existsSync);
  if (found === undefined) throw new Error(HOW_TO_GET_ONE);
  return found;
}

class WebKitDriver implements BrowserDriver {
  readonly problems: string[] = [];
  readonly #driver: WebDriver;
  readonly #downloads: string;
  readonly #end: () => Promise<void>;

  constructor(driver: WebDriver, downloads: string, end: () => Promise<void>) {
    this.#driver = driver;
    this.#downloads = downloads;
    this.#end = end;
  }

  async version(): Promise<string> {
    return `WebKitGTK ${(await this.#driver.getCapabilities()).get('browserVersion')}`;
  }

  async open(address: string): Promise<void> {
    await this.#takeProblems();
    await this.#driver.get(address);
    await this.inject(WATCH_PROBLEMS + WATCH_SAVING);
  }

  async reload(): Promise<void> {
    await this.#takeProblems();
    await this.#driver.navigate().refresh();
    await this.inject(WATCH_PROBLEMS + WATCH_SAVING);
  }

  async inject(script: string): Promise<void> {
    await this.#driver.executeScript(script);
  }

  async evaluate<Args extends readonly unknown[], Result>(
    run: (...args: Args) => Result,
    ...args: Args
  ): Promise<Awaited<Result>> {
    const script = `
      const values = [...arguments];
      const answer = values.pop();
      Promise.resolve().then(() => (${run})(...values)).then((value) => answer({ value }), (error) => answer({ error: String(error) }));`;
    const result = await this.#driver.executeAsyncScript<{ value: Awaited<Result>; error?: string }>(script, ...args);
    if (result.error !== undefined) throw new Error(result.error);
    return result.value;
  }

  async click<Args extends readonly unknown[]>(find: (...args: Args) => Element, ...args: Args): Promise<void> {
    await (await this.#element(find, ...args)).click();
  }

  /** @throws Error: the driver makes a mouse of each finger */
  async tap(): Promise<void> {
    throw new Error('WebKitGTK’s driver cannot touch.');
  }

  async press(key: string): Promise<void> {
    // 'ArrowLeft' is ARROW_LEFT there.
    const name = key.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
    const code = key.length === 1 ? key : (Key as unknown as Record<string, string>)[name];
    await this.#driver.actions().keyDown(code).keyUp(code).perform();
  }

  async chooseFiles(paths: readonly string[], find: () => Element): Promise<void> {
    await (await this.#element(find)).sendKeys(paths.join('\n'));
  }

  async saved(act: () => Promise<void>): Promise<SavedFile> {
    const height = () => this.evaluate(() => innerHeight);
    const before = await height();
    const file = await savedIn(this.#downloads, act, () => this.evaluate(takeSavedSize));
    // The bar that lists the downloads grows a moment later, and moves what is on the page: not under the next click.
    for (let waited = 0; waited < MAX_BAR_MS && (await height()) === before; waited += 100) await wait(100);
    return file;
  }

  async screenshot(): Promise<Uint8Array> {
    return Buffer.from(await this.#driver.takeScreenshot(), 'base64');
  }

  async close(): Promise<void> {
    try {
      await this.#takeProblems();
    } finally {
      await this.#end();
    }
  }

  #element<Args extends readonly unknown[]>(find: (...args: Args) => Element, ...args: Args): Promise<WebElement> {
    return this.#driver.executeScript<WebElement>(`return (${find})(...arguments)`, ...args);
  }

  async #takeProblems(): Promise<void> {
    const taken = await this.#driver.executeScript<string[]>('return globalThis.problems?.splice(0) ?? []');
    this.problems.push(...taken);
  }
}
