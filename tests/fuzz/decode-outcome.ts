import { readFile } from 'node:fs/promises';
import { openSong } from '../../src/audio/decode/open-song.ts';
import type { SongStream } from '../../src/audio/decode/song-stream.ts';
import { bytesSource } from '../../src/audio/decode/sources.ts';
import { readTags } from '../../src/audio/tags/read-tags.ts';
import type { SongTags } from '../../src/audio/tags/song-tags.ts';
import { UnsungError } from '../../src/core/errors.ts';
import { messageText } from '../../src/core/message.ts';
import type { NamedFile } from './corpus.ts';

/** Samples of a channel that are decoded at most: two minutes and a half of 44.1 kHz. */
const MAX_SAMPLES = 1 << 22;

/** Bytes of the decoder's memory at most: one allocation of a damaged file may take 256 MiB (tools/decoder/decoder.c). */
const MAX_DECODER_BYTES = 384 << 20;

/** What became of a file. */
export interface Outcome {
  /** “decoded”, or the code of the error. */
  readonly result: string;
  /** Bytes of the decoder's memory. */
  readonly decoderBytes: number;
}

/**
 * Reads the tags of a file, opens it and decodes it.
 *
 * @throws Error if something else comes of it than a sound result or an error with a code
 */
export async function decodeOutcome(decoder: WebAssembly.Module, { name, bytes }: NamedFile): Promise<Outcome> {
  checkTags(await readTags(bytes));
  const memories: WebAssembly.Memory[] = [];
  const result = await withMemories(memories, async () => {
    try {
      return await decoded(await openSong(decoder, bytesSource(bytes), name));
    } catch (error) {
      if (!(error instanceof UnsungError)) throw error;
      checkText(error.message);
      return error.code;
    }
  });
  const decoderBytes = Math.max(0, ...memories.map(({ buffer }) => buffer.byteLength));
  check(decoderBytes <= MAX_DECODER_BYTES, `The decoder takes ${decoderBytes} bytes.`);
  return { result, decoderBytes };
}

/** The decoder as the package has it. */
export async function compiledDecoder(): Promise<WebAssembly.Module> {
  const file = new URL('../../src/audio/decode/decoder.wasm', import.meta.url);
  return WebAssembly.compile(new Uint8Array(await readFile(file)));
}

async function decoded(song: SongStream): Promise<string> {
  try {
    check(Number.isInteger(song.sampleRate) && song.sampleRate > 0, `The rate is ${song.sampleRate}.`);
    check(Number.isInteger(song.expectedSamples) && song.expectedSamples >= 0, `Expected: ${song.expectedSamples}.`);
    let samples = 0;
    for await (const piece of song.pieces()) {
      check(piece.length === song.channels, `A piece has ${piece.length} channels.`);
      check(
        piece.every((channel) => channel.length === piece[0].length && channel.every(Number.isFinite)),
        'A sample.',
      );
      samples += piece[0].length;
      if (samples >= MAX_SAMPLES) break;
    }
    for (const note of song.notes) checkText(messageText(note));
  } finally {
    song.dispose();
  }
  return 'decoded';
}

function checkTags(tags: SongTags): void {
  for (const [field, value] of Object.entries(tags)) {
    if (typeof value === 'string') check(value !== '', `${field} is empty.`);
    else if (typeof value === 'number') check(Number.isFinite(value) && value > 0, `${field} is ${value}.`);
    else check(value.data.length > 0, 'The cover is empty.');
  }
}

function checkText(text: string): void {
  check(!/NaN|undefined|Infinity/.test(text), text);
}

function check(isRight: boolean, message: string): void {
  if (!isRight) throw new Error(message);
}

/** Calls `use`, and collects the memories of the WebAssembly instances that it starts. */
async function withMemories<T>(memories: WebAssembly.Memory[], use: () => Promise<T>): Promise<T> {
  const { instantiate } = WebAssembly;
  const watched = async (module: WebAssembly.Module, imports?: WebAssembly.Imports) => {
    const instance = await instantiate(module, imports);
    memories.push(instance.exports.memory as WebAssembly.Memory);
    return instance;
  };
  WebAssembly.instantiate = watched as typeof instantiate;
  try {
    return await use();
  } finally {
    WebAssembly.instantiate = instantiate;
  }
}
