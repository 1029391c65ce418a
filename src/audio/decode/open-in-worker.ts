import { openSong } from './open-song.ts';
import type { OpenSongOptions, SongStream } from './song-stream.ts';
import type { ByteSource } from './sources.ts';

/** Only workers have it. */
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };

/** Bytes that are read at least: each read waits for another process. */
const READ_AHEAD = 1 << 19;

let compiling: Promise<WebAssembly.Module> | undefined;

/** One compilation for all songs of this worker. */
function compiled(): Promise<WebAssembly.Module> {
  compiling ??= compile().catch((error: unknown) => {
    // The connection may be back at the next try.
    compiling = undefined;
    throw error;
  });
  return compiling;
}

async function compile(): Promise<WebAssembly.Module> {
  const response = await fetch(new URL('./decoder.wasm', import.meta.url));
  return await WebAssembly.compile(await response.arrayBuffer());
}

/**
 * Opens a file in a worker; see openSong. The file is read where the decoder needs it.
 *
 * @throws AudioDecodeError, as openSong
 */
export async function openInWorker(file: Blob, name: string, options: OpenSongOptions = {}): Promise<SongStream> {
  return await openSong(await compiled(), blobSource(file), name, options);
}

function blobSource(file: Blob): ByteSource {
  const reader = new FileReaderSync();
  let start = 0;
  let bytes = new Uint8Array(0);
  return {
    size: file.size,
    read(position, to) {
      if (position < start || position >= start + bytes.length) {
        start = position;
        const end = position + Math.max(READ_AHEAD, to.length);
        bytes = new Uint8Array(reader.readAsArrayBuffer(file.slice(position, end)));
      }
      const part = bytes.subarray(position - start, position - start + to.length);
      to.set(part);
      return part.length;
    },
    close: () => {
      bytes = new Uint8Array(0);
    },
  };
}
