import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { importCheckpoint } from '../../src/model/import/import-checkpoint.ts';
import type { BuildOptions, NamedFile } from '../../src/model/import/types.ts';
import type { ModelManifest } from '../../src/model/manifest.ts';
import { CommandLineError } from './command-line-error.ts';

export interface ConvertOptions extends BuildOptions {
  /** The folder of models: the conversion writes `<out>/<id>/` and updates `<out>/index.json`. */
  readonly out: string;
  /** The system that wrote the checkpoint: see src/model/import/presets.ts. Default: by the file itself. */
  readonly preset?: string;
}

/**
 * Converts a checkpoint to a folder that tf.loadLayersModel and src/model/load.ts read: model.json, shards,
 * manifest.json, MODEL_CARD.md.
 *
 * @param path a file, the prefix of a TensorFlow checkpoint's files (`model.ckpt-N`), or the folder of a converted
 * model
 * @returns the folder and its manifest.
 * @throws CommandLineError when there is no such file; ModelError when its content, tensors or description are invalid
 */
export async function convertModel(
  path: string,
  { out, preset, ...options }: ConvertOptions,
): Promise<{ folder: string; manifest: ModelManifest }> {
  // Suppresses tf's advice to install another package.
  tf.enableProdMode();
  const { manifest, files } = await importCheckpoint(await readFiles(path), preset, options);
  const folder = join(out, manifest.id);
  // Shards of an earlier conversion would remain.
  await rm(folder, { recursive: true, force: true });
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  await updateIndex(join(out, 'index.json'), manifest);
  return { folder, manifest };
}

/** The file or files that a path on the command line means. */
async function readFiles(path: string): Promise<readonly NamedFile[]> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const plain = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return Promise.all(plain.map((file) => readNamed(file, file.slice(join(path, '/').length).replaceAll('\\', '/'))));
  }
  const prefix = path.replace(/\.index$/, '');
  const siblings = await readdir(dirname(path)).catch(() => []);
  const parts = siblings.filter((name) => {
    const rest = name.startsWith(basename(prefix)) ? name.slice(basename(prefix).length) : '';
    return rest === '.index' || /^\.data-\d{5}-of-\d{5}$/.test(rest);
  });
  if ((found === undefined || prefix !== path) && parts.length > 0) {
    return Promise.all(parts.map((name) => readNamed(join(dirname(path), name), name)));
  }
  if (found) return [await readNamed(path, basename(path))];
  throw new CommandLineError(
    `There is no ${path}.`,
    'Give a file, the prefix of a TensorFlow checkpoint (model.ckpt-N), or the folder of a converted model.',
  );
}

async function readNamed(path: string, name: string): Promise<NamedFile> {
  return { name, bytes: await readFile(path) };
}

interface IndexEntry {
  readonly id: string;
  readonly default?: true;
}

/** Adds the model to the list, or updates its entry. The first model of a list becomes the default. */
async function updateIndex(path: string, { id }: ModelManifest): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  const list = JSON.parse(text) as IndexEntry[];
  const entry: IndexEntry = {
    id,
    ...((list.length === 0 || list.find((e) => e.id === id)?.default) && { default: true }),
  };
  const known = list.some((e) => e.id === id);
  const next = known ? list.map((e) => (e.id === id ? entry : e)) : [...list, entry];
  await writeFile(path, `${JSON.stringify(next, null, 2)}\n`);
}
