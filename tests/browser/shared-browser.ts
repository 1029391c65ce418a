import { type Browser, chromium, type Download } from 'playwright-core';
import { afterAll, inject } from 'vitest';

let connected: Promise<Browser> | undefined;

/** The one Chromium of this run of the tests. A test opens contexts of its own in it, and closes them. */
export function sharedBrowser(): Promise<Browser> {
  connected ??= chromium.connect(inject('shared').chromium);
  return connected;
}

afterAll(async () => {
  const browser = await connected;
  connected = undefined;
  // Ends the connection, not Chromium.
  await browser?.close();
});

/** What the page has saved. The shared Chromium is a remote one: it gives no path. */
export async function savedBytes(download: Download): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part);
  return Buffer.concat(parts);
}
