import type { DecodedSong } from './decode-whole.ts';
import type { OpenSongOptions } from './song-stream.ts';

/** What the decoder's worker offers. Calls may reject with AudioDecodeError. */
export interface DecodeEngine {
  /** Decodes a whole file to memory: shared memory, where the page may have it. */
  decode(file: Blob, name: string, options?: OpenSongOptions): Promise<DecodedSong>;
  /** Seconds of a track of a file, as its headers state them; undefined: they do not. */
  seconds(file: Blob, name: string, options?: OpenSongOptions): Promise<number | undefined>;
}
