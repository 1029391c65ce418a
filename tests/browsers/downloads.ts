import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { SavedFile } from './driver.ts';

/** Milliseconds that a file may take to be saved, on a busy machine. */
const MAX_SAVING_MS = 120_000;

interface Watched {
  readonly savedSizes: number[];
}

/** The script that makes a page tell the sizes of the files that it saves: `takeSavedSize` asks for them. */
export const WATCH_SAVING = `
  const sizes = (globalThis.savedSizes = []);
  addEventListener('click', ({ target }) => {
    if (target.matches('a[download]')) fetch(target.href).then(async (file) => sizes.push((await file.blob()).size));
  });`;

/** To be run in the page. @returns bytes of the next file that the page has given to the browser; undefined: none yet */
export const takeSavedSize = (): number | undefined => (globalThis as unknown as Watched).savedSizes.shift();

/**
 * Does something, waits until the browser has written the file that the page saves then, and takes it out of the folder.
 *
 * @param downloads the folder that the browser saves files to
 * @param takeSize runs `takeSavedSize` in the page
 * @throws Error if no file is saved, or another one
 */
export async function savedIn(
  downloads: string,
  act: () => Promise<void>,
  takeSize: () => Promise<number | undefined>,
): Promise<SavedFile> {
  await act();
  const until = performance.now() + MAX_SAVING_MS;
  let size: number | undefined;
  for (;;) {
    size ??= await takeSize();
    const names = await readdir(downloads);
    // A browser writes to another file first, or to this one until it has all bytes.
    const [name] = names;
    const bytes = names.length === 1 ? await readFile(join(downloads, name)) : undefined;
    if (bytes && bytes.length === size) {
      await rm(join(downloads, name));
      return { name, bytes };
    }
    if (performance.now() > until) throw new Error(`${size} bytes were to be saved. There is: ${names.join(', ')}`);
    await wait(50);
  }
}
