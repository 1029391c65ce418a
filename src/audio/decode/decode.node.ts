import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type DecodedSong, decodeWhole } from './decode-whole.ts';
import { openSong } from './open-song.ts';
import type { OpenSongOptions, SongStream } from './song-stream.ts';
import { type ByteSource, bytesSource } from './sources.ts';

let compiling: Promise<WebAssembly.Module> | undefined;

function compiled(): Promise<WebAssembly.Module> {
  compiling ??= readFile(new URL('./decoder.wasm', import.meta.url)).then((bytes) => WebAssembly.compile(bytes));
  return compiling;
}

/**
 * Opens a file in Node; see openSong.
 *
 * @param file its path, or its bytes
 * @throws AudioDecodeError, as openSong; the file system's error if the path cannot be opened
 */
export async function openInNode(
  file: string | Uint8Array,
  name: string,
  options: OpenSongOptions = {},
): Promise<SongStream> {
  const source = typeof file === 'string' ? fileSource(file) : bytesSource(file);
  return openSong(await compiled(), source, name, options);
}

/**
 * Decodes a whole file in Node, at its own rate, to one or two channels.
 *
 * @param bytes the whole file; not changed
 * @throws AudioDecodeError, as openSong
 */
export async function decodeInNode(
  bytes: Uint8Array,
  name: string,
  options: OpenSongOptions = {},
): Promise<DecodedSong> {
  return decodeWhole(await openInNode(bytes, name, options));
}

function fileSource(path: string): ByteSource {
  const file = openSync(path, 'r');
  // A folder can be opened, but not read.
  readSync(file, new Uint8Array(1), 0, 1, 0);
  return {
    size: fstatSync(file).size,
    read: (position, to) => readSync(file, to, 0, to.length, position),
    close: () => closeSync(file),
  };
}
