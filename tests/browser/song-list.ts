import type { Locator, Page } from 'playwright-core';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import type { MessageKey } from '../../src/i18n/language.ts';
import { button, inAnyLanguage, named, PATIENCE_MS, pattern, saveButton, saveFormat, text } from './app.ts';
import { savedBytes } from './shared-browser.ts';

/** The name of a song in the list: a button that opens it. */
export const title = (of: Page | Locator, name: string) =>
  of.getByTitle(text('songs.listen', { name }), { exact: true });

/** The last song of that name in the page's list; also while the list is folded. */
export const row = (page: Page, name: string) =>
  page
    .getByRole('listitem', { includeHidden: true })
    .filter({ has: title(page, name) })
    .last();

/** Opens a song for listening. */
export const listen = (page: Page, name: string) => title(row(page, name), name).click();

export const names = (page: Page) => page.getByTitle(pattern('songs.listen')).allTextContents();

/** Waits for what the list says of a song; also while it is folded away, where the one song is open. */
export const stateIs = (page: Page, name: string, key: MessageKey) =>
  row(page, name).getByText(pattern(key)).first().waitFor({ state: 'attached', timeout: PATIENCE_MS });

/** Opens the list where it is closed. */
export async function unfold(page: Page): Promise<void> {
  const title = new RegExp(inAnyLanguage((t) => t('songs.title')).source.slice(0, -1));
  const fold = page.getByRole('button', { name: title, expanded: false });
  if ((await fold.count()) > 0) await fold.click();
}

/** The button that opens the menu of a song's row. */
export const more = (page: Page, name: string) => button(row(page, name), 'songs.more', { name });

/** Chooses an action from the menu of a song's row. */
export async function act(page: Page, name: string, key: MessageKey): Promise<void> {
  // Before its first song, the list cannot be opened.
  await row(page, name).waitFor({ state: 'attached' });
  await unfold(page);
  await more(page, name).click();
  await named(row(page, name), 'menuitem', key)
    .or(named(row(page, name), 'menuitemcheckbox', key))
    .click();
}

/** Takes a song that is kept out of the list. */
export async function remove(page: Page, name: string): Promise<void> {
  await act(page, name, 'songs.remove');
  await button(row(page, name), 'songs.removeYes').click();
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

/** Leaves the page so many bytes of space beyond what it has taken. @returns gives it all of the disk again */
export async function limitSpace(page: Page, bytes: number): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: (await used(page)).all + bytes });
  return async () => {
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    await session.detach();
  };
}

/** A stem of the open song, or the difference that is heard, as saved with 32 bits. */
export async function savedStem(page: Page, stem: 'vocals' | 'accompaniment' | 'difference'): Promise<AudioData> {
  await saveFormat(page).selectOption('wav32f');
  const [file] = await Promise.all([page.waitForEvent('download'), saveButton(page, stem).click()]);
  return decodeInNode(await savedBytes(file), 'saved.wav');
}

/** Folders of the songs that are kept, in the browser's own file system. */
export const archived = (page: Page) => inFolder(page, 'shelf');

/** Folders of the files that wait for their separation. */
export const pending = (page: Page) => inFolder(page, 'waiting');

/** Folders of the songs that are too long for the memory. */
export const onDisk = (page: Page) => inFolder(page, 'long');
