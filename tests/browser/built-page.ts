import type { Page } from 'playwright-core';
import { preview } from 'vite';
import { builtPage } from './builds.ts';
import { launchChromium } from './chromium.ts';

/** The built page in Chromium, in English. */
export interface BuiltPage {
  /** The first tab. */
  readonly page: Page;
  /** Where it is served, ending in “/”. */
  readonly address: string;
  /**
   * Errors that nothing on a page caught and what it wrote to the console as errors, as they come; among them every
   * breach of the Content-Security-Policy.
   */
  readonly problems: readonly string[];
  /** Addresses of all that was asked for. */
  readonly requests: readonly string[];
  /** Opens another tab of the same browser. */
  visit(): Promise<Page>;
  close(): Promise<void>;
}

export interface BuiltPageOptions {
  /** What follows the address: the backend, the model, the room. Default: what is fastest in software. */
  readonly path?: string;
  /** Height of the window. Default: 900. */
  readonly height?: number;
  /** A phone: fingers, and 360 pixels in width. Default: a screen of a laptop's width. */
  readonly touch?: boolean;
  /** More command-line switches of the browser. */
  readonly args?: readonly string[];
  /** Runs in each tab before the page's own scripts. */
  readonly before?: () => void;
  /** Called with each tab before it opens the page. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Serves the built page as `npm start` does, and opens it. */
export async function openBuiltPage({
  path = '?backend=wasm&model=paper',
  height = 900,
  touch = false,
  args,
  before,
  prepare,
}: BuiltPageOptions = {}): Promise<BuiltPage> {
  const site = await preview({ logLevel: 'error', build: { outDir: await builtPage() }, preview: { port: 0 } });
  const browser = await launchChromium(args);
  const close = async () => {
    await browser.close();
    await site.close();
  };
  try {
    const address = site.resolvedUrls?.local[0] ?? '';
    const context = await browser.newContext({
      locale: 'en-US',
      viewport: { width: touch ? 360 : 1280, height },
      hasTouch: touch,
    });
    const problems: string[] = [];
    const requests: string[] = [];
    const visit = async () => {
      const page = await context.newPage();
      // Twice the default: the machine may be busy with separating.
      page.setDefaultTimeout(60_000);
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      page.on('request', (request) => requests.push(request.url()));
      if (before) await page.addInitScript(before);
      await prepare?.(page);
      await page.goto(address + path);
      return page;
    };
    return { page: await visit(), address, problems, requests, visit, close };
  } catch (error) {
    await close();
    throw error;
  }
}
