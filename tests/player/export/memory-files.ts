import { memorySink } from '../../../src/audio/encode/byte-sink.ts';
import type { TemporaryFile } from '../../../src/player/export/run-export.ts';

/** Temporary files in memory; `open` has an entry for each that is not discarded yet. */
export function memoryFiles() {
  const open: string[] = [];
  const temporary = async (): Promise<TemporaryFile> => {
    const memory = memorySink();
    open.push('file');
    return {
      ...memory,
      async *content() {
        yield* memory.pieces();
      },
      blob: async (type) => new Blob(memory.pieces(), { type }),
      discard: async () => void open.pop(),
    };
  };
  return { open, temporary };
}
