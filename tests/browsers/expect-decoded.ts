import { expect } from 'vitest';
import { expectFormat } from '../browser/expect-format.ts';
import type { DecodePage } from '../browser/pages/decode-page.ts';
import { serveSources } from '../browser/source-site.ts';
import { formatFixtures } from '../fixtures/formats/index.ts';
import type { BrowserDriver } from './driver.ts';

declare const window: { readonly page: DecodePage };

/** Decodes a file for each row of docs/formats.md in a browser, and compares it with FFmpeg's own decoder. */
export async function expectDecoded(driver: BrowserDriver): Promise<void> {
  const site = await serveSources();
  try {
    await driver.open(`${site.address}tests/browser/pages/decode.html`);
    await expect.poll(() => driver.evaluate(() => 'page' in window), { timeout: 60_000 }).toBe(true);
    for (const fixture of formatFixtures) {
      const url = `/tests/fixtures/formats/${fixture.file}`;
      const places = fixture.places;
      expectFormat(fixture, await driver.evaluate((from, wanted) => window.page.samples(from, wanted), url, places));
    }
  } finally {
    // A page of the site asks for the server when it ends.
    await driver.open('about:blank');
    await site.close();
  }
}
