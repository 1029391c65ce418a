import { ModelError } from '../../core/errors.ts';
import { message } from '../../core/message.ts';
import { buildGraph } from '../graph/build-graph.ts';
import { loadModel } from '../load.ts';
import { filesOf, type ModelManifest, mainNetwork, networksOf, parseManifest, type Stem } from '../manifest.ts';
import type { ModelReader } from '../model-reader.ts';
import { checkWeights, type NamedWeights } from '../weights.ts';
import { encodeText, onCpu, probeOf } from './build-model.ts';
import { allFinite } from './match-tensors.ts';
import { type Json, mergeJson } from './preset.ts';
import type { BuildOptions, BuiltModel, NamedFile } from './types.ts';

/**
 * Reads a converted model from the files of its folder. Checks each file's length and SHA-256, and the weights' shapes.
 * Leaves out files that the manifest does not name, except MODEL_CARD.md.
 *
 * @param files named by their paths in the folder, or by their base names
 * @param options `id` and `config` change the manifest; `dtype` has no effect, because the weights stay unchanged
 * @throws ModelError when a file is missing or damaged, the manifest is not valid, or the weights do not fit it
 */
export async function readModelFolder(
  files: readonly NamedFile[],
  options: BuildOptions = {},
  where = 'The folder',
): Promise<BuiltModel> {
  const { id, config = {} } = options;
  const given = new Map(files.map(({ name, bytes }) => [name, bytes]));
  const reader: ModelReader = {
    where: `${where}: `,
    hint: message('hint.whole-folder'),
    async read(path) {
      const bytes = given.get(path) ?? given.get(path.split('/').at(-1)!);
      if (bytes) return Uint8Array.from(bytes);
      throw new ModelError('checkpoint.path-missing', { path });
    },
  };
  const loaded = await loadModel(reader);
  const networks = networksOf(loaded.manifest);
  const weights = new Map<Stem, NamedWeights>();
  for (const [stem] of networks) weights.set(stem, await loaded.readWeights(stem));
  for (const [name, { values }] of [...weights.values()].flatMap((named) => [...named])) {
    if (!allFinite(values)) {
      throw new ModelError('checkpoint.weight-not-finite', { where, name });
    }
  }
  const changed = { ...config, ...(id !== undefined && { id }) };
  const manifest =
    Object.keys(config).length > 0
      ? await changedManifest(loaded.manifest, changed, weights, where)
      : parseManifest(mergeJson(loaded.manifest, changed), where);
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { path } of filesOf(manifest)) contents.set(path, await reader.read(path));
  contents.set('manifest.json', encodeText(`${JSON.stringify(manifest, null, 2)}\n`));
  const card = given.get('MODEL_CARD.md');
  if (card) contents.set('MODEL_CARD.md', Uint8Array.from(card));
  if (manifest.notice !== undefined) contents.set('NOTICE.txt', encodeText(manifest.notice));
  return { manifest, files: contents };
}

/** Changes fields of a manifest, and computes a new probe, because the fields may change the network's output. */
async function changedManifest(
  manifest: ModelManifest,
  config: Json,
  weights: ReadonlyMap<Stem, NamedWeights>,
  where: string,
): Promise<ModelManifest> {
  const changed = parseManifest(mergeJson(manifest, config), where);
  for (const [stem, network] of networksOf(changed))
    checkWeights(weights.get(stem) ?? new Map(), buildGraph(network), where);
  const main = weights.get(mainNetwork(changed)[0])!;
  return { ...changed, probe: await onCpu(() => probeOf(changed, main, where)) };
}
