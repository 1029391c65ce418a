import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { CommandLineError } from './command-line-error.ts';

/**
 * Reads and decodes a file.
 * @throws CommandLineError when it cannot be read, and as decodeInNode
 */
export async function readSong(path: string): Promise<AudioData> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  return await decodeInNode(bytes, basename(path));
}

function unreadable(path: string, cause: unknown): CommandLineError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return new CommandLineError(`There is no file “${path}”.`, 'Check the path.', { cause });
  if (code === 'EISDIR') {
    return new CommandLineError(`“${path}” is a folder.`, 'Name the files in it, for example with *.mp3.', { cause });
  }
  if (code === 'ERR_FS_FILE_TOO_LARGE') {
    return new CommandLineError(`“${path}” is larger than 2 GiB.`, 'Cut it into shorter pieces.', { cause });
  }
  return new CommandLineError(`“${path}” cannot be read (${String(code ?? cause)}).`, 'Check its permissions.', {
    cause,
  });
}
