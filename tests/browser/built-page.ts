import type { BrowserContext, Page } from 'playwright-core';
import { expect, inject, onTestFinished } from 'vitest';
import { launchChromium } from './chromium.ts';
import { sharedBrowser } from './shared-browser.ts';

/** The built page in a context of its own, in English: nothing of other tests is kept in it. */
export interface BuiltPage {
  /** The first tab. */
  readonly page: Page;
  /** Where it is served, ending in “/”. */
  readonly address: string;
  /**
   * Errors that nothing on a page caught, what a page wrote to the console as errors (among them every breach of the
   * Content-Security-Policy), and requests to other hosts, as they come.
   */
  readonly problems: readonly string[];
  /** Addresses of all that was asked for. */
  readonly requests: readonly string[];
  /** Opens another tab of the same context. */
  visit(path?: string): Promise<Page>;
  close(): Promise<void>;
}

type ContextOptions = NonNullable<Parameters<Awaited<ReturnType<typeof sharedBrowser>>['newContext']>[0]>;

export interface BuiltPageOptions {
  /** What follows the address: the backend, the model, the section. Default: what is fastest in software. */
  readonly path?: string;
  /** Height of the window. Default: 900. */
  readonly height?: number;
  /** A phone: fingers, and 360 pixels in width. Default: a screen of a laptop's width. */
  readonly touch?: boolean;
  /** More about the context, over the rest. */
  readonly context?: ContextOptions;
  /** Starts a Chromium for this page alone, with more command-line switches. It also opens files of gigabytes. */
  readonly own?: readonly string[];
  /** Runs in each tab before the page's own scripts. */
  readonly before?: () => void;
  /** Called with each tab before it opens the page. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Opens the built page, which is served as `npm start` does. */
export async function openBuiltPage({
  path = '?backend=wasm&model=paper',
  height = 900,
  touch = false,
  context: more,
  own,
  before,
  prepare,
}: BuiltPageOptions = {}): Promise<BuiltPage> {
  const { address } = inject('shared');
  const { origin } = new URL(address);
  const browser = await (own ? launchChromium(own) : sharedBrowser());
  const context: BrowserContext = await browser.newContext({
    locale: 'en-US',
    viewport: { width: touch ? 360 : 1280, height },
    hasTouch: touch,
    // Its worker stores all files of the page in each new context: a second of work for nothing, but offline.
    serviceWorkers: 'block',
    ...more,
  });
  const close = () => (own ? browser.close() : context.close());
  const problems: string[] = [];
  const requests: string[] = [];
  const visit = async (to = path) => {
    const page = await context.newPage();
    // Twice the default: the machine may be busy with separating.
    page.setDefaultTimeout(60_000);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('request', (request) => {
      requests.push(request.url());
      if (!/^(blob|data):/.test(request.url()) && new URL(request.url()).origin !== origin) {
        problems.push(`A request to another host: ${request.url()}`);
      }
    });
    if (before) await page.addInitScript(before);
    await prepare?.(page);
    await page.goto(address + to);
    return page;
  };
  try {
    return { page: await visit(), address, problems, requests, visit, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens the built page for the test that calls this. At the test's end it is closed, and must have had no problem. */
export async function visitPage(options?: BuiltPageOptions): Promise<BuiltPage> {
  const built = await openBuiltPage(options);
  onTestFinished(async () => {
    await built.close();
    expect(built.problems).toEqual([]);
  });
  return built;
}
