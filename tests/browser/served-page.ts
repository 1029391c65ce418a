import type { Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { sharedBrowser } from './shared-browser.ts';
import { serveSources } from './source-site.ts';

/** A page of tests/browser/pages in Chromium, ready: its `window.page` is there. */
export interface ServedPage {
  readonly page: Page;
  /** Where all files of the repository are served, ending in “/”. */
  readonly address: string;
  /** Errors that nothing on the page caught, as they come. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/**
 * Serves tests/browser/pages from the sources, and opens one of them.
 * @param own starts a Chromium for this page alone, with more command-line switches
 */
export async function servePage(name: string, own?: readonly string[]): Promise<ServedPage> {
  const site = await serveSources();
  const browser = await (own ? launchChromium(own) : sharedBrowser());
  const context = await browser.newContext();
  const page = await context.newPage();
  // Twice the default: the machine may be busy.
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  const { address } = site;
  await page.goto(`${address}tests/browser/pages/${name}`);
  await page.waitForFunction(() => 'page' in window);
  return {
    page,
    address,
    problems,
    close: async () => {
      await (own ? browser.close() : context.close());
      await site.close();
    },
  };
}
