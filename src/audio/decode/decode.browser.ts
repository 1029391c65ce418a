import { WorkerBridge } from '../../core/worker-bridge.ts';
import type { DecodeEngine } from './decode-engine.ts';
import type { DecodedSong } from './decode-whole.ts';
import type { OpenSongOptions } from './song-stream.ts';

/** Milliseconds without a song after which the worker ends, and frees its memory. */
const IDLE_MS = 3000;

const bridge = new WorkerBridge<DecodeEngine>(
  () => new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module', name: 'decoder' }),
  { idleMs: IDLE_MS },
);

/**
 * Decodes a whole file on the page, in a worker, at the file's own sample rate. The result has one or two channels (see
 * mixdown.ts), in memory that threads share, if the browser allows it. Of a truncated file, the decodable part is
 * returned; its notes say so.
 *
 * Raw AAC (.aac) keeps the encoder's delay, 1024 samples or more, as the stream does not state it.
 *
 * @param file not changed
 * @param name the file's name, for messages and as a hint at the container
 * @throws AudioDecodeError, as openSong; the signal's reason; WorkerCrashedError
 */
export async function decodeInBrowser(
  file: Blob | ArrayBuffer,
  name: string,
  { signal, ...options }: OpenSongOptions & { readonly signal?: AbortSignal } = {},
): Promise<DecodedSong> {
  const blob = file instanceof Blob ? file : new Blob([file]);
  return await bridge.engineUntil(signal).decode(blob, name, options);
}

/** Duration of a song in seconds, as its file states it; undefined if it does not, or cannot be read. */
export async function songSeconds(file: Blob, name = '', options: OpenSongOptions = {}): Promise<number | undefined> {
  return await bridge.engine.seconds(file, name, options).catch(() => undefined);
}
