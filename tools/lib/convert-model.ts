import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { ModelError } from '../../src/errors.ts';
import { buildLayersModel } from '../../src/model/layers-model.ts';
import { type ModelManifest, parseDescription, parseManifest } from '../../src/model/manifest.ts';
import { decodeGroup } from '../../src/model/weights.ts';
import { modelCard } from './model-card.ts';
import { probeValues } from './probe-values.ts';
import { readSafetensors } from './safetensors.ts';
import { type StoredType, storeWeights } from './shards.ts';
import { torchToTf } from './torch-weights.ts';

export interface ConvertOptions {
  /** Name of the model's folder; default: the one in the metadata. */
  readonly id?: string;
  /** The folder of models: `<out>/<id>/` is written, `<out>/index.json` brought up to date. */
  readonly out: string;
  readonly dtype: StoredType;
  /** Fields that add to or replace those in the metadata. */
  readonly config?: unknown;
}

/**
 * Turns weights that PyTorch exported into a folder that both tf.loadLayersModel and model/load.ts read: model.json,
 * shards, manifest.json, MODEL_CARD.md.
 *
 * @returns the folder and its manifest.
 * @throws ModelError when the file, its tensors or its description are not sound.
 */
export async function convertModel(
  path: string,
  options: ConvertOptions,
): Promise<{ folder: string; manifest: ModelManifest }> {
  const { metadata, tensors } = readSafetensors(await readFile(path), path);
  const defaults = { output: 'mask', channels: 1 };
  const stated = merge(merge(defaults, parseMetadata(metadata.unsung, path)), options.config ?? {});
  const description = parseDescription(options.id ? merge(stated, { id: options.id }) : stated, path);
  const { network, patch } = description;

  const { group, shards } = storeWeights(torchToTf(tensors, network, path), options.dtype);
  // Without the advice to install another package.
  tf.enableProdMode();
  await tf.setBackend('cpu');
  // The model is what its files say, rounding to float16 included.
  const model = buildLayersModel(network, patch, decodeGroup(group, shards, path));
  const probe = await probeValues(model, patch);
  const modelJson = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${tf.version_core}`,
    convertedBy: 'unsung convert',
    modelTopology: model.toJSON(undefined, false),
    weightsManifest: [group],
  };
  model.dispose();

  const contents = new Map<string, Uint8Array>([['model.json', new TextEncoder().encode(JSON.stringify(modelJson))]]);
  for (const [n, shard] of shards.entries()) contents.set(group.paths[n], shard);
  const files = [...contents].map(([name, bytes]) => ({
    path: name,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  const manifest = parseManifest({ ...description, files, probe }, path);
  contents.set('manifest.json', new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`));
  contents.set('MODEL_CARD.md', new TextEncoder().encode(modelCard(manifest)));

  const folder = join(options.out, manifest.id);
  // Shards of an earlier conversion would stay behind.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of contents) await writeFile(join(folder, name), bytes);
  await updateIndex(join(dirname(folder), 'index.json'), manifest);
  return { folder, manifest };
}

interface IndexEntry {
  readonly id: string;
  readonly title: string;
  readonly default?: true;
}

/** Adds the model to the list, or renews its line. The first model listed becomes the default. */
async function updateIndex(path: string, { id, title }: ModelManifest): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  const list = JSON.parse(text) as IndexEntry[];
  const entry: IndexEntry = {
    id,
    title,
    ...((list.length === 0 || list.find((e) => e.id === id)?.default) && { default: true }),
  };
  const known = list.some((e) => e.id === id);
  const next = known ? list.map((e) => (e.id === id ? entry : e)) : [...list, entry];
  await writeFile(path, `${JSON.stringify(next, null, 2)}\n`);
}

function parseMetadata(json: string | undefined, path: string): Json {
  if (json === undefined) return {};
  try {
    return JSON.parse(json) as Json;
  } catch (cause) {
    throw new ModelError(`The metadata “unsung” of ${path} is not JSON.`, 'Export the weights again.', { cause });
  }
}

type Json = Record<string, unknown>;

/** Objects are merged field by field; everything else in `over` replaces what was there. */
function merge(base: unknown, over: unknown): unknown {
  const both = [base, over].every((side) => typeof side === 'object' && side !== null && !Array.isArray(side));
  if (!both) return over;
  const merged: Json = { ...(base as Json) };
  for (const [key, value] of Object.entries(over as Json)) merged[key] = merge(merged[key], value);
  return merged;
}
