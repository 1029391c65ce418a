import { type AccessHandle, openAlone } from '../../core/access-handle.ts';
import { songFolder } from './long-song-folder.ts';
import { PcmFile } from './pcm-file.ts';
import { openForReading } from './read-access.ts';
import { LEVELS_PATH, LONG_ORIGINAL_PATH, LONG_VOCALS_PATH, MASK_PATH } from './song-files.ts';
import { SpectrogramFile } from './spectrogram-file.ts';

/** Workers have it; TypeScript's library for pages does not. */
interface WritableHandle {
  createSyncAccessHandle(): Promise<AccessHandle>;
}

/** The open files of one song. */
export interface OpfsSongFiles {
  readonly original: PcmFile;
  readonly vocals: PcmFile;
  readonly spectrogram: SpectrogramFile;
}

/** Opens the files of a song; for writing, creates missing ones. */
export type OpenSongFiles = (folder: string, channels: number, mode: 'read' | 'write') => Promise<OpfsSongFiles>;

/** The files of the browser's own file system. For workers. @throws DOMException where they cannot be opened */
export const openSongFiles: OpenSongFiles = async (folder, channels, mode) => {
  const directory = await songFolder(folder);
  return await openFilesWith(channels, (path) => open(directory, path, mode));
};

/** @param open opens one file of the song */
export async function openFilesWith(
  channels: number,
  open: (path: string) => Promise<AccessHandle>,
): Promise<OpfsSongFiles> {
  const [original, vocals, mask, levels] = await Promise.all(
    [LONG_ORIGINAL_PATH, LONG_VOCALS_PATH, MASK_PATH, LEVELS_PATH].map(open),
  );
  return {
    original: new PcmFile(original, channels),
    vocals: new PcmFile(vocals, channels),
    spectrogram: new SpectrogramFile(mask, levels),
  };
}

/** Flushes all writes to the disk. */
export function flushFiles({ original, vocals, spectrogram }: OpfsSongFiles): void {
  for (const file of [original, vocals, spectrogram]) file.flush();
}

export function closeFiles({ original, vocals, spectrogram }: OpfsSongFiles): void {
  for (const file of [original, vocals, spectrogram]) file.close();
}

async function open(directory: FileSystemDirectoryHandle, path: string, mode: 'read' | 'write'): Promise<AccessHandle> {
  if (mode === 'read') return await openForReading(await directory.getFileHandle(path));
  const handle = await directory.getFileHandle(path, { create: true });
  return await openAlone(() => (handle as FileSystemFileHandle & WritableHandle).createSyncAccessHandle());
}
