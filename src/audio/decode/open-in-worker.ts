import { openSong } from './open-song.ts';
import type { OpenSongOptions, SongStream } from './song-stream.ts';
import type { ByteSource } from './sources.ts';

/** Only workers have it. */
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };

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
  return {
    size: file.size,
    read(position, to) {
      const bytes = new Uint8Array(reader.readAsArrayBuffer(file.slice(position, position + to.length)));
      to.set(bytes);
      return bytes.length;
    },
    close: () => {},
  };
}
