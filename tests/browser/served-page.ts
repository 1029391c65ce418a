import type { Page } from 'playwright-core';
import { createServer } from 'vite';
import { launchChromium } from './chromium.ts';

/** A page of tests/browser/pages in Chromium, ready: its `window.page` is there. */
export interface ServedPage {
  readonly page: Page;
  /** Errors that nothing on the page caught, as they come. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** Serves tests/browser/pages from the sources, and opens one of them. */
export async function servePage(name: string): Promise<ServedPage> {
  const server = await createServer({
    root: process.cwd(),
    logLevel: 'error',
    server: { port: 0, hmr: false },
    // Packages are served as they are: bundling them on first sight would reload the page in the middle of a test.
    optimizeDeps: { noDiscovery: true },
  });
  await server.listen();
  const browser = await launchChromium();
  const page = await browser.newPage();
  // Twice the default: the machine may be busy.
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(`${server.resolvedUrls?.local[0]}tests/browser/pages/${name}`);
  await page.waitForFunction(() => 'page' in window);
  return {
    page,
    problems,
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}
