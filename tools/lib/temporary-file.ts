import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Ending of an unfinished file, after its own. */
export const PARTIAL = '.part';

/** Maximum bytes of one read or write; Node takes less than 2 GiB. */
const MAX_STEP = 1 << 28;

/**
 * Opens a file for writing and reading that has no name any more: the system removes it when it is closed, or when the
 * process ends in any way.
 * @param folder an existing folder on a disk with space
 */
export async function openTemporaryFile(folder: string): Promise<FileHandle> {
  const path = join(folder, `.unsung-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  try {
    await rm(path);
  } catch (error) {
    await file.close();
    throw error;
  }
  return file;
}

/** Writes all bytes: a single write may stop early, for example on a disk that is nearly full. */
export async function writeAll(file: FileHandle, data: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < data.length; ) {
    const count = Math.min(MAX_STEP, data.length - done);
    done += (await file.write(data, done, count, position + done)).bytesWritten;
  }
}

/** Fills `data` from the file. @throws Error if the file ends before */
export async function readAll(file: FileHandle, data: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < data.length; ) {
    const { bytesRead } = await file.read(data, done, Math.min(MAX_STEP, data.length - done), position + done);
    if (bytesRead === 0) throw new Error(`The file ends ${data.length - done} bytes early.`);
    done += bytesRead;
  }
}

/**
 * The folder for temporary files that are as large as `path`, a file to be written: its own, which is created if missing,
 * since the system's folder of temporary files may be in memory. That one if `path` is undefined.
 */
export async function folderBeside(path: string | undefined): Promise<string> {
  if (path === undefined) return tmpdir();
  await mkdir(dirname(path), { recursive: true });
  return dirname(path);
}
