import { h } from './dom.ts';

/** From this size on the person is asked where to, if the browser can write there at once: nothing is kept then. */
const LARGE_BYTES = 134_217_728;

/** File System Access; not in TypeScript's library, as only Chromium has it. */
type SavePicker = (options: {
  readonly suggestedName: string;
  readonly types: readonly { readonly accept: Readonly<Record<string, readonly string[]>> }[];
}) => Promise<FileSystemFileHandle>;

/**
 * A file of the person's choice for what is large. Call it from a click.
 *
 * @param bytes how large the file will be, about
 * @returns undefined: the browser's downloads
 * @throws AbortError where the person closed the dialogue
 */
export async function chooseTarget(
  name: string,
  mimeType: string,
  bytes: number,
): Promise<FileSystemFileHandle | undefined> {
  const picker = (window as { showSaveFilePicker?: SavePicker }).showSaveFilePicker;
  if (!picker || bytes < LARGE_BYTES) return undefined;
  const ending = name.slice(name.lastIndexOf('.'));
  return await picker({ suggestedName: name, types: [{ accept: { [mimeType]: [ending] } }] });
}

/** Hands a file to the browser to be saved. */
export function download(address: string, name: string): void {
  const link = h('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}
