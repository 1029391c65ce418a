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

/** Size of the probe's input, or less where the patch is smaller: large enough to time a backend by. */
const MAX_PROBE = { bins: 512, frames: 128 };

/**
 * Makes of a checkpoint's tensors a folder that both tf.loadLayersModel and model/load.ts read: a model.json and shards for
 * each network, manifest.json, MODEL_CARD.md. The model is what its files say, their rounding included.
 *
 * Takes a few seconds for a network, during which its thread does nothing else. Afterwards the backend in use is the one
 * before.
 *
 * @param files the tensors of the checkpoint's files, one list a file
 * @param preset which tensor is which, and what the manifest says; a file's own description takes the place of the
 * preset's
 * @param where the checkpoint's name, for messages
 * @throws ModelError when the tensors do not fit, or the description lacks something
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
    // A file that describes itself badly: the schema names all that is missing.
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

/** The networks in the order of the stems, where the names of their tensors begin with these; else as they are. */
function inOrderOf(stems: readonly Stem[], sources: readonly NetworkSource[]): readonly NetworkSource[] {
  const found = stems.map((stem) => sources.filter(({ prefix }) => prefix.toLowerCase().split(/[./:]/).includes(stem)));
  return found.every(({ length }) => length === 1) ? found.flat() : sources;
}

/** A description whose one network is that of another stem. */
function ofStem(description: unknown, stem: Stem | undefined): unknown {
  if (stem === undefined || !isJson(description) || !isJson(description.networks)) return description;
  const [network, ...others] = Object.values(description.networks);
  if (others.length === 0) return { ...description, networks: { [stem]: network } };
  throw new ModelError('checkpoint.stem', { count: others.length + 1 });
}

/**
 * The folder of a model whose weights are known: what buildModel makes of a checkpoint.
 *
 * @param weights of each network, as weightShapes (graph/layer-graph.ts) names them
 * @throws ModelError when a network makes infinities
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

/** Puts a network's files among the others. @returns their facts for the manifest */
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
 * The probe of a model: its main network's output on a known input.
 *
 * @param weights of that network
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

/** Runs something with the plain JavaScript backend, which every device computes alike. Nothing else runs meanwhile. */
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
