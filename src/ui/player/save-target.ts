import type { Scope } from '../../core/scope.ts';
import { h } from '../shell/dom.ts';

/**
 * From this size on, bytes, the person chooses a file, if the browser can write to it directly: no copy is kept then.
 */
const LARGE_BYTES = 134_217_728;

/** Time in which the browser reads a file that was handed to it, milliseconds. */
const HANDOVER_MS = 60_000;

/** File System Access API; TypeScript does not know it, as only Chromium has it. */
type SavePicker = (options: {
  readonly suggestedName: string;
  readonly types: readonly { readonly accept: Readonly<Record<string, readonly string[]>> }[];
}) => Promise<FileSystemFileHandle>;

/**
 * Lets the person choose the file for a large export. To be called from a click.
 *
 * @param bytes estimated size of the file
 * @returns undefined: use the browser's downloads
 * @throws AbortError if the person closed the dialogue
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

/**
 * Saves a file with the browser's downloads. Its address is revoked when the browser has had time to read it, or with
 * the scope.
 */
export function handOver(scope: Scope, file: Blob, name: string): void {
  const address = addressOf(file);
  download(address, name);
  retire(scope, address);
}

/**
 * An address to download a file from. Its type says nothing: Firefox looks into media files and changes the ending of
 * those whose name does not fit, Opus to .ogx.
 */
export function addressOf(file: Blob): string {
  return URL.createObjectURL(file.slice(0, file.size, 'application/octet-stream'));
}

/** Revokes an address later, as the browser may still be reading from it. */
export function retire(scope: Scope, address: string): void {
  const giveBack = scope.add(() => URL.revokeObjectURL(address));
  scope.timeout(giveBack, HANDOVER_MS);
}

/** Downloads what is at an address of this page. */
export function download(address: string, name: string): void {
  const link = h('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}
