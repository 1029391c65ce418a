import { ModelError } from '../../errors.ts';
import { loadModel } from '../load.ts';
import { parseManifest } from '../manifest.ts';
import type { ModelReader } from '../reader.ts';
import { checkWeights } from '../weights.ts';
import { encodeText } from './build-model.ts';
import { mergeJson } from './preset.ts';
import { allFinite } from './take-tensors.ts';
import type { BuildOptions, BuiltModel, NamedFile } from './types.ts';

/**
 * A model that was already converted, from the files of its folder. Each is checked for its length and SHA-256, and the
 * weights for their shapes. Files that the manifest does not name are left out, but for MODEL_CARD.md.
 *
 * @param files by their paths in the folder, or by their base names
 * @param options `id` and `config` change the manifest; `dtype` does nothing, for the weights stay as they are
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
    hint: 'Get the model again, and choose its whole folder.',
    async read(path) {
      const bytes = given.get(path) ?? given.get(path.split('/').at(-1)!);
      if (bytes) return Uint8Array.from(bytes);
      throw new ModelError(`${path} is not there.`, 'Choose the whole folder of the model.');
    },
  };
  const loaded = await loadModel(reader);
  const weights = await loaded.readWeights();
  for (const [name, { values }] of weights) {
    if (!allFinite(values)) {
      throw new ModelError(`${where}: the weight ${name} has values that are not finite.`, 'Convert the model again.');
    }
  }
  const changed = { ...config, ...(id !== undefined && { id }) };
  const unchanged = Object.keys(changed).length === 0;
  const manifest = unchanged ? loaded.manifest : parseManifest(mergeJson(loaded.manifest, changed), where);
  if (!unchanged) checkWeights(weights, manifest.network, where);
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { path } of manifest.files) contents.set(path, await reader.read(path));
  contents.set(
    'manifest.json',
    unchanged ? await reader.read('manifest.json') : encodeText(`${JSON.stringify(manifest, null, 2)}\n`),
  );
  const card = given.get('MODEL_CARD.md');
  if (card) contents.set('MODEL_CARD.md', Uint8Array.from(card));
  return { manifest, files: contents };
}
