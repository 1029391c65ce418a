import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelError } from '../core/errors.ts';
import type { ModelReader } from './model-reader.ts';

/** Reads a model, or a folder of models, from disk: `loadModel(folderReader('models/paper'))`. */
export function folderReader(folder: string): ModelReader {
  return {
    where: join(folder, '/'),
    async read(path, { signal, onBytes } = {}) {
      signal?.throwIfAborted();
      try {
        const bytes = Uint8Array.from(await readFile(join(folder, path)));
        onBytes?.(bytes.length);
        return bytes;
      } catch (cause) {
        throw new ModelError('model.cannot-read', { path: join(folder, path) }, { cause });
      }
    },
  };
}
