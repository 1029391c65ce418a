import type { ByteSource } from './sources.ts';

/** An address in the module's memory. */
type Pointer = number;

/** What decoder.wasm exports; tools/decoder/decoder.c describes each function. */
interface DecoderExports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  malloc(bytes: number): Pointer;
  free(pointer: Pointer): void;
  song_new(source: number, size: number): Pointer;
  song_open(song: Pointer, name: Pointer): number;
  song_close(song: Pointer): void;
  song_is_container(song: Pointer): number;
  song_container(song: Pointer): Pointer;
  song_streams(song: Pointer): number;
  song_start(song: Pointer): number;
  song_seconds_estimated(song: Pointer): number;
  stream_is_audio(song: Pointer, stream: number): number;
  stream_is_default(song: Pointer, stream: number): number;
  stream_codec(song: Pointer, stream: number): Pointer;
  stream_bits(song: Pointer, stream: number): number;
  stream_rate(song: Pointer, stream: number): number;
  stream_channels(song: Pointer, stream: number): number;
  stream_seconds(song: Pointer, stream: number): number;
  stream_own_seconds(song: Pointer, stream: number): number;
  stream_tag(song: Pointer, stream: number, key: Pointer): Pointer;
  song_select(song: Pointer, stream: number): number;
  song_unsupported(result: number): number;
  song_next(song: Pointer): number;
  song_seek(song: Pointer, seconds: number): number;
  song_position(song: Pointer): number;
  song_count(song: Pointer): number;
  song_rate(song: Pointer): number;
  song_refused(song: Pointer): number;
  song_failed(song: Pointer): number;
  frame_channels(song: Pointer): number;
  frame_plane(song: Pointer, channel: number): Pointer;
  frame_layout(song: Pointer): number;
  frame_is_first(song: Pointer): number;
  frame_seconds(song: Pointer): number;
}

/** An instance of the decoder, for one song: what a damaged file does to its memory ends with it. */
export interface DecoderModule {
  readonly calls: DecoderExports;
  /** Text at an address, in UTF-8; undefined for 0. */
  text(pointer: Pointer): string | undefined;
  /** Calls `use` with the address of a text, which is valid during the call. */
  withText<T>(text: string, use: (pointer: Pointer) => T): T;
  /** `count` samples at an address, valid until the next call of the module. */
  samples(pointer: Pointer, count: number): Float32Array;
}

const ENDS_AT_ONCE = 'The decoder ended.';

/** Starts an instance that reads `source` whenever it needs bytes. */
export async function startDecoder(compiled: WebAssembly.Module, source: ByteSource): Promise<DecoderModule> {
  let memory: WebAssembly.Memory | undefined;
  const ours: Readonly<Record<string, (...values: number[]) => number>> = {
    read_source: (_source, position, to, count) => {
      const { buffer } = memory as WebAssembly.Memory;
      try {
        return source.read(position, new Uint8Array(buffer, to, count));
      } catch {
        // The file was moved, or its disk is gone: the decoder ends as it does for a file that ends early.
        return -1;
      }
    },
    proc_exit: () => {
      throw new Error(ENDS_AT_ONCE);
    },
  };
  const imports: WebAssembly.Imports = {};
  // The rest is what the C library asks of a system: files, a clock, an environment. The decoder needs none of it.
  for (const { module, name } of WebAssembly.Module.imports(compiled)) {
    imports[module] ??= {};
    imports[module][name] = ours[name] ?? (() => 0);
  }
  const { exports } = await WebAssembly.instantiate(compiled, imports);
  const calls = exports as unknown as DecoderExports;
  memory = calls.memory;
  calls._initialize();
  return {
    calls,
    text(pointer) {
      if (pointer === 0) return undefined;
      const bytes = new Uint8Array(calls.memory.buffer, pointer);
      return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
    },
    withText(text, use) {
      const bytes = new TextEncoder().encode(`${text}\0`);
      const pointer = calls.malloc(bytes.length);
      try {
        new Uint8Array(calls.memory.buffer).set(bytes, pointer);
        return use(pointer);
      } finally {
        calls.free(pointer);
      }
    },
    samples: (pointer, count) => new Float32Array(calls.memory.buffer, pointer, count),
  };
}
