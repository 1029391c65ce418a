import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';

/** Separating on a machine that is busy needs minutes. */
export const PATIENCE_MS = 300_000;

/** The last song of that name in the page's list. */
export const row = (page: Page, name: string) =>
  page.locator('.song-row', { has: page.locator('.song-title', { hasText: name }) }).last();

export const names = (page: Page) => page.locator('.song-title').allTextContents();

/** Waits for what the list says of a song; also while it is folded away, where the one song is open. */
export const stateIs = (page: Page, name: string, text: string) =>
  row(page, name).locator('.song-state', { hasText: text }).waitFor({ state: 'attached', timeout: PATIENCE_MS });

/** Unfolds the list where it is folded away. */
export async function unfold(page: Page): Promise<void> {
  const fold = page.locator('.songs-fold');
  if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click();
}

/** Takes a song that is kept out of the list. */
export async function remove(page: Page, name: string): Promise<void> {
  await unfold(page);
  await row(page, name)
    .getByRole('button', { name: `Remove “${name}”` })
    .click();
  await row(page, name).getByRole('button', { name: 'Remove it' }).click();
}

/** What is in a folder of the browser's own file system. */
export const inFolder = (page: Page, path: string) =>
  page.evaluate(async (folders) => {
    let place: FileSystemDirectoryHandle | undefined = await navigator.storage.getDirectory();
    for (const name of folders) place = await place?.getDirectoryHandle(name).catch(() => undefined);
    const found: string[] = [];
    for await (const entry of (place as unknown as { keys(): AsyncIterable<string> } | undefined)?.keys() ?? []) {
      found.push(entry);
    }
    return found;
  }, path.split('/'));

/** Bytes of all that the browser keeps for the page, against which its quota counts; and of the file system alone. */
export const used = (page: Page) =>
  page.evaluate(async () => {
    const { usage = 0, usageDetails = {} } = (await navigator.storage.estimate()) as StorageEstimate & {
      /** Chromium's. */
      readonly usageDetails?: { readonly fileSystem?: number };
    };
    return { all: usage, files: usageDetails.fileSystem ?? 0 };
  });

/** Leaves the page so many bytes of room beyond what it has taken. @returns gives it all of the disk again */
export async function leaveRoom(page: Page, bytes: number): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: (await used(page)).all + bytes });
  return async () => {
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    await session.detach();
  };
}

/** Waits until the page is kept for use without a network: from then on nothing but songs takes room. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
}

/** The vocals of the open song, as saved with 32 bits. @param folder where the file may be put */
export async function savedVocals(page: Page, folder: string): Promise<AudioData> {
  await page.selectOption('#save-format', 'wav32f');
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('#save-vocals')]);
  const path = join(folder, 'saved.wav');
  await file.saveAs(path);
  return decodeInNode(await readFile(path), 'saved.wav');
}
