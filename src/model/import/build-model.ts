import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { ModelError } from '../../core/errors.ts';
import { buildGraph } from '../graph/build-graph.ts';
import { buildLayersModel } from '../graph/compile-layers.ts';
import {
  type ModelDescription,
  type ModelFile,
  mainNetwork,
  type NetworkDescription,
  networksOf,
  type ProbeValues,
  parseDescription,
  parseManifest,
  type Stem,
} from '../manifest.ts';
import { useBackend } from '../runtime/backend.ts';
import { sha256 } from '../sha256.ts';
import { decodeGroup, type NamedWeights } from '../weights.ts';
import { findNetworks, inferNetwork, type NetworkSource } from './infer-network.ts';
import { matchTensors } from './match-tensors.ts';
import { modelCard } from './model-card.ts';
import { isJson, mergeJson, type Preset } from './preset.ts';
import { probeValues } from './probe-values.ts';
import { type StoredWeights, storeWeights } from './store-weights.ts';
import type { BuildOptions, BuiltModel, NamedTensor, StoredType } from './types.ts';

/** The largest input of a probe: large enough to time a backend. */
const MAX_PROBE = { bins: 512, frames: 128 };

/**
 * Builds a model's folder from a checkpoint's tensors: a model.json and shards for each network, manifest.json and
 * MODEL_CARD.md. Both tf.loadLayersModel and model/load.ts can read it. The probe is computed from the stored weights,
 * rounding included.
 *
 * Takes a few seconds for each network and blocks the thread meanwhile. Restores the current backend at the end.
 *
 * @param files the tensors of the checkpoint's files, one list for each file
 * @param preset the names of the tensors, and the manifest's fields; a file's own description replaces the preset's
 * @param where the checkpoint's name, for messages
 * @throws ModelError when the tensors do not fit the preset, or the description is incomplete
 */
export async function buildModel(
  files: readonly (readonly NamedTensor[])[],
  preset: Preset,
  options: BuildOptions = {},
  where = 'the checkpoint',
): Promise<BuiltModel> {
  const { id, dtype = 'float16', config = {}, stem } = options;
  const found = findNetworks(files, preset);
  if (!found) {
    const names = files.flat().map(({ name }) => name);
    const lacks = { where, title: preset.title, kernel: preset.layouts[0].encoder.kernel(0, 0, 0) };
    if (names.length === 0) throw new ModelError('checkpoint.lacks-tensors', lacks);
    throw new ModelError('checkpoint.other-system', { ...lacks, names: names.slice(0, 3).join(', ') });
  }
  const { layout, sources } = found;
  const stated = ofStem(mergeJson(preset.describe(sources.length), mergeJson(config, { id })), stem);
  const named = isJson(stated) && isJson(stated.networks) ? Object.entries(stated.networks) : [];
  if (named.length !== sources.length) {
    // The file's own description is incomplete: the schema's error names every missing field.
    if (!isJson(stated) || !isJson(stated.networks)) parseDescription(stated, where);
    throw new ModelError('checkpoint.network-count', { where, count: sources.length, title: preset.title });
  }
  const stems = named.map(([stem]) => stem as Stem);
  const ordered = inOrderOf(stems, sources);
  const inferred = named.map(([stem, network], n) => {
    const family = isJson(network) ? network.family : undefined;
    return [stem, inferNetwork(ordered[n], layout, family)] as const;
  });
  const description = parseDescription(mergeJson({ networks: Object.fromEntries(inferred) }, stated), where);
  const wanted = stems.map((stem, n) => ({ source: ordered[n], graph: buildGraph(description.networks[stem]!) }));
  const weights = matchTensors(wanted, layout, where);
  return buildFolder(description, new Map(stems.map((stem, n) => [stem, weights[n]])), dtype, where);
}

/** Sorts the networks by the stems in their tensors' prefixes; keeps the order where a prefix has none. */
function inOrderOf(stems: readonly Stem[], sources: readonly NetworkSource[]): readonly NetworkSource[] {
  const found = stems.map((stem) => sources.filter(({ prefix }) => prefix.toLowerCase().split(/[./:]/).includes(stem)));
  return found.every(({ length }) => length === 1) ? found.flat() : sources;
}

/** Assigns the only network of a description to another stem. */
function ofStem(description: unknown, stem: Stem | undefined): unknown {
  if (stem === undefined || !isJson(description) || !isJson(description.networks)) return description;
  const [network, ...others] = Object.values(description.networks);
  if (others.length === 0) return { ...description, networks: { [stem]: network } };
  throw new ModelError('checkpoint.stem', { count: others.length + 1 });
}

/**
 * Builds the folder of a model from its networks' weights; see buildModel.
 *
 * @param weights of each network, under the names of weightShapes (graph/layer-graph.ts)
 * @throws ModelError when a network's output is not finite
 */
export async function buildFolder(
  description: ModelDescription,
  weights: ReadonlyMap<Stem, NamedWeights>,
  dtype: StoredType,
  where: string,
): Promise<BuiltModel> {
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  const networks = networksOf(description);
  const stored = new Map<Stem, NetworkDescription & { readonly files: readonly ModelFile[] }>();
  let probe: ProbeValues | undefined;
  for (const [stem, network] of networks) {
    const bytes = storeWeights(weights.get(stem)!, dtype, buildGraph(network));
    const probed = probe === undefined;
    const computed = await onCpu(() => computeModel(bytes, { description, network, probed, where }));
    probe ??= computed.probe;
    const folder = networks.length === 1 ? '' : `${stem}/`;
    stored.set(stem, { ...network, files: await writeNetwork(contents, folder, bytes, computed.topology) });
  }
  const manifest = parseManifest({ ...description, networks: Object.fromEntries(stored), probe }, where);
  contents.set('manifest.json', encodeText(`${JSON.stringify(manifest, null, 2)}\n`));
  contents.set('MODEL_CARD.md', encodeText(modelCard(manifest)));
  if (manifest.notice !== undefined) contents.set('NOTICE.txt', encodeText(manifest.notice));
  return { manifest, files: contents };
}

/** Adds a network's files to `contents`. @returns the files' entries for the manifest */
async function writeNetwork(
  contents: Map<string, Uint8Array<ArrayBuffer>>,
  folder: string,
  { group, shards }: StoredWeights,
  modelTopology: unknown,
): Promise<readonly ModelFile[]> {
  const modelJson = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${tf.version_core}`,
    convertedBy: 'unsung convert',
    modelTopology,
    weightsManifest: [group],
  };
  const own = [
    ['model.json', encodeText(JSON.stringify(modelJson))] as const,
    ...shards.map((shard, n) => [group.paths[n], shard] as const),
  ].map(([path, bytes]) => [folder + path, bytes] as const);
  for (const [path, bytes] of own) contents.set(path, bytes);
  return Promise.all(own.map(async ([path, bytes]) => ({ path, bytes: bytes.length, sha256: await sha256(bytes) })));
}

interface ComputeOptions {
  readonly description: ModelDescription;
  readonly network: NetworkDescription;
  /** Whether to compute the probe too. */
  readonly probed: boolean;
  readonly where: string;
}

/** Computes a network's topology for model.json, and the model's probe. */
function computeModel({ group, shards }: StoredWeights, { description, network, probed, where }: ComputeOptions) {
  const weights = decodeGroup(group, shards, where);
  const model = buildLayersModel(buildGraph(network), description.patch, weights);
  try {
    const probe = probed ? probeOf(description, weights, where) : undefined;
    return { topology: model.toJSON(undefined, false) as unknown, probe };
  } finally {
    model.dispose();
  }
}

/**
 * Computes the probe of a model: its main network's output on a known input.
 *
 * @param weights of the main network
 * @throws ModelError when the output is not finite
 */
export function probeOf(description: ModelDescription, weights: NamedWeights, where: string): ProbeValues {
  const [, network] = mainNetwork(description);
  const { patch, channels } = description;
  const graph = buildGraph(network);
  const side = (whole: number, max: number) => (whole > max && max % 2 ** graph.depth === 0 ? max : whole);
  const size = { bins: side(patch.bins, MAX_PROBE.bins), frames: side(patch.frames, MAX_PROBE.frames) };
  const model = buildLayersModel(graph, size, weights);
  try {
    return { ...size, ...probeValues(model, { ...size, channels }, where) };
  } finally {
    model.dispose();
  }
}

/** Runs a function on the plain JavaScript backend, whose results are the same on every device. */
export async function onCpu<T>(act: () => T): Promise<T> {
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
