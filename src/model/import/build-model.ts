import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { ModelError } from '../../errors.ts';
import { useBackend } from '../backend.ts';
import { buildLayersModel } from '../layers-model.ts';
import { type ModelDescription, parseDescription, parseManifest } from '../manifest.ts';
import { networkShape } from '../network-shape.ts';
import { sha256 } from '../sha256.ts';
import { decodeGroup, type NamedWeights } from '../weights.ts';
import { commonPrefix, inferNetwork } from './infer-network.ts';
import { modelCard } from './model-card.ts';
import { isJson, mergeJson, type Preset } from './preset.ts';
import { probeValues } from './probe-values.ts';
import { type StoredWeights, storeWeights } from './store-weights.ts';
import { takeTensors } from './take-tensors.ts';
import type { BuildOptions, BuiltModel, NamedTensor, StoredType } from './types.ts';

/**
 * Makes of a checkpoint's tensors a folder that both tf.loadLayersModel and model/load.ts read: model.json, shards,
 * manifest.json, MODEL_CARD.md. The model is what its files say, their rounding included.
 *
 * Takes a few seconds for the paper's network, during which its thread does nothing else. Afterwards the backend in use
 * is the one before.
 *
 * @param preset which tensor is which, and what the manifest says; a file's own description takes the place of the
 * preset's
 * @param where the checkpoint's name, for messages
 * @throws ModelError when the tensors do not fit, or the description lacks something
 */
export async function buildModel(
  tensors: readonly NamedTensor[],
  preset: Preset,
  options: BuildOptions = {},
  where = 'the checkpoint',
): Promise<BuiltModel> {
  const { id, dtype = 'float16', config = {} } = options;
  const prefix = commonPrefix(tensors, preset);
  const stated = mergeJson(preset.description, mergeJson(config, { id }));
  const network = isJson(stated) && isJson(stated.network) ? inferNetwork(tensors, preset, prefix) : undefined;
  const whole = mergeJson({ network }, stated);
  if (isJson(whole) && isJson(whole.network) && whole.network.encoderFilters === undefined) {
    const names = tensors.slice(0, 3).map(({ name }) => name);
    throw new ModelError(
      `${where} is no checkpoint of ${preset.title}: it has no ${preset.tensors.encoder.kernel(0, 0)}, ${names.length > 0 ? `but ${names.join(', ')} …` : 'nor any other tensor'}`,
      'Choose the preset of the system that wrote it.',
    );
  }
  const description = parseDescription(whole, where);

  const weights = takeTensors(tensors, preset, description.network, prefix, where);
  return buildFolder(description, weights, dtype, where);
}

/**
 * The folder of a model whose weights are known: what buildModel makes of a checkpoint.
 *
 * @param weights as weightShapes (plan.ts) names them
 * @throws ModelError when the network makes infinities
 */
export async function buildFolder(
  description: ModelDescription,
  weights: NamedWeights,
  dtype: StoredType,
  where: string,
): Promise<BuiltModel> {
  const stored = storeWeights(weights, dtype);
  const { topology, probe } = await onCpu(() => computeModel(description, stored, where));
  const modelJson = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${tf.version_core}`,
    convertedBy: 'unsung convert',
    modelTopology: topology,
    weightsManifest: [stored.group],
  };

  const contents = new Map([['model.json', encodeText(JSON.stringify(modelJson))]]);
  for (const [n, shard] of stored.shards.entries()) contents.set(stored.group.paths[n], shard);
  const files = await Promise.all(
    Array.from(contents, async ([path, bytes]) => ({ path, bytes: bytes.length, sha256: await sha256(bytes) })),
  );
  const manifest = parseManifest({ ...description, files, probe }, where);
  contents.set('manifest.json', encodeText(`${JSON.stringify(manifest, null, 2)}\n`));
  contents.set('MODEL_CARD.md', encodeText(modelCard(manifest)));
  return { manifest, files: contents };
}

function computeModel(description: ModelDescription, { group, shards }: StoredWeights, where: string) {
  const { network, patch } = description;
  const model = buildLayersModel(network, patch, decodeGroup(group, shards, where));
  try {
    const probe = probeValues(model, networkShape(description), where);
    return { topology: model.toJSON(undefined, false) as unknown, probe };
  } finally {
    model.dispose();
  }
}

/** Runs something with the plain JavaScript backend, which every device computes alike. Nothing else runs meanwhile. */
async function onCpu<T>(act: () => T): Promise<T> {
  const before = tf.getBackend() as string | undefined;
  await useBackend('cpu');
  try {
    return act();
  } finally {
    if (before !== undefined && before !== 'cpu') await useBackend(before);
  }
}

export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
