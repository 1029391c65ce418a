import { basename } from 'node:path';
import { openInNode } from '../../src/audio/decode/decode.node.ts';
import { type DecodedSong, decodeWhole } from '../../src/audio/decode/decode-whole.ts';
import type { OpenSongOptions, SongStream } from '../../src/audio/decode/song-stream.ts';
import { CommandLineError } from './command-line-error.ts';

/**
 * Reads and decodes a whole file.
 * @throws CommandLineError when it cannot be read; AudioDecodeError, as openSong
 */
export async function readSong(path: string, options: OpenSongOptions = {}): Promise<DecodedSong> {
  return await decodeWhole(await openSongFile(path, options));
}

/**
 * Opens a file for decoding piece by piece.
 * @throws CommandLineError when it cannot be read; AudioDecodeError, as openSong
 */
export async function openSongFile(path: string, options: OpenSongOptions = {}): Promise<SongStream> {
  try {
    return await openInNode(path, basename(path), options);
  } catch (error) {
    throw isFileError(error) ? unreadable(path, error) : error;
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function unreadable(path: string, cause: NodeJS.ErrnoException): CommandLineError {
  if (cause.code === 'ENOENT') return new CommandLineError(`There is no file “${path}”.`, 'Check the path.', { cause });
  if (cause.code === 'EISDIR') {
    return new CommandLineError(`“${path}” is a folder.`, 'Name the files in it, for example with *.mp3.', { cause });
  }
  return new CommandLineError(`“${path}” cannot be read (${String(cause.code)}).`, 'Check its permissions.', { cause });
}
