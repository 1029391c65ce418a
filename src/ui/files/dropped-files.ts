import type { IncomingFile } from './incoming-files.ts';

/** Maximum number of files from folders, and maximum depth: no model or folder of songs has more. */
const MAX_FILES = 500;
const MAX_DEPTH = 6;

/**
 * The files of a drop, including those in dropped folders. To be called in the event itself: afterwards the browser
 * gives nothing more.
 *
 * @throws DOMException if a file disappeared meanwhile
 */
export function droppedFiles(data: DataTransfer): Promise<readonly IncomingFile[]> {
  const items = [...data.items].filter((item) => item.kind === 'file');
  const entries = items.map((item) => item.webkitGetAsEntry());
  const files = [...data.files];
  // Files made by a script or an application have no entry in the file system.
  if (entries.some((entry) => entry === null)) {
    return Promise.resolve(files.map((file) => ({ path: file.name, file })));
  }
  return filesOf(entries as FileSystemEntry[]);
}

/** The files of a file input, with their folder if one was chosen. */
export function chosenFiles(input: HTMLInputElement): readonly IncomingFile[] {
  return [...(input.files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

async function filesOf(entries: readonly FileSystemEntry[]): Promise<readonly IncomingFile[]> {
  const found: IncomingFile[] = [];
  const visit = async (entry: FileSystemEntry, depth: number): Promise<void> => {
    if (found.length >= MAX_FILES) return;
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
      found.push({ path: entry.fullPath.replace(/^\//, ''), file });
    } else if (depth < MAX_DEPTH) {
      for (const child of await children(entry as FileSystemDirectoryEntry)) await visit(child, depth + 1);
    }
  };
  for (const entry of entries) await visit(entry, 0);
  return found;
}

async function children(directory: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  while (all.length < MAX_FILES) {
    // It returns some at a time, and none after the last.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    all.push(...some);
  }
  return all;
}
