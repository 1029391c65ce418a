import type { Scope } from '../../core/scope.ts';
import { h } from '../shell/dom.ts';

/** From this size on the person is asked where to, if the browser can write there at once: nothing is kept then. */
const LARGE_BYTES = 134_217_728;

/** How long the browser may take to read a file that was handed to it. */
const HANDOVER_MS = 60_000;

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

/** Hands a file to the browser to be saved; its address goes when the browser has had time to read it, or with the scope. */
export function handOver(scope: Scope, file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  download(address, name);
  retire(scope, address);
}

/** Gives an address back that the browser may still be reading from. */
export function retire(scope: Scope, address: string): void {
  const giveBack = scope.add(() => URL.revokeObjectURL(address));
  scope.timeout(giveBack, HANDOVER_MS);
}

/** Has the browser save what is at an address of this page. */
export function download(address: string, name: string): void {
  const link = h('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}
