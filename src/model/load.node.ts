import { openAsBlob } from 'node:fs';
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
        const { buffer, byteOffset, length } = await readFile(join(folder, path));
        const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, length);
        onBytes?.(bytes.length);
        return bytes;
      } catch (cause) {
        throw new ModelError('model.cannot-read', { path: join(folder, path) }, { cause });
      }
    },
    blob: (path) => openAsBlob(join(folder, path)),
  };
}
