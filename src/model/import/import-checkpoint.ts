import { ModelError } from '../../errors.ts';
import { isVersion1, upgradeVersion1 } from '../manifest-version-1.ts';
import { buildModel } from './build-model.ts';
import { likelyPresets } from './infer-network.ts';
import { jansson } from './jansson.ts';
import { isJson, type Json, mergeJson, type Preset } from './preset.ts';
import { findPreset, PRESETS } from './presets.ts';
import { readModelFolder } from './read-model-folder.ts';
import { readNpz } from './read-npz.ts';
import { readPyTorch } from './read-pytorch.ts';
import { readSafetensors } from './read-safetensors.ts';
import { readTfCheckpoint } from './read-tf-checkpoint.ts';
import { recognise } from './recognise.ts';
import type { BuildOptions, BuiltModel, NamedFile, NamedTensor } from './types.ts';

/** What a person may choose from when a file does not say what it is. */
export interface PresetEntry {
  readonly id: string;
  readonly title: string;
  /** What the system's checkpoint looks like: endings of file names, for the file dialogue, and a clause for people. */
  readonly accepts: { readonly endings: readonly string[]; readonly text: string };
}

/** The presets, in the order in which to show them. */
export function presetList(): readonly PresetEntry[] {
  return PRESETS.map(({ id, title, accepts }) => ({ id, title, accepts }));
}

/**
 * A model from files that a person gave: a checkpoint (.npz of Chainer, .safetensors, a file of torch.save, the .index
 * and .data files of a TensorFlow checkpoint), or a converted model (its folder's files, or a .zip of it). What it is, is
 * told by content.
 *
 * @param presetId which system's checkpoint it is; default: what the names of its tensors tell. Not needed for a
 * converted model
 * @param options `id`: default the file's name, or what the file itself says
 * @throws ModelError when the files are not sound, do not fit the preset, or no preset is given and none can be told
 */
export async function importCheckpoint(
  files: readonly NamedFile[],
  presetId: string | undefined,
  options: BuildOptions = {},
): Promise<BuiltModel> {
  const preset = presetId === undefined ? undefined : findPreset(presetId);
  const found = recognise(files);
  switch (found.kind) {
    case 'folder':
      return readModelFolder(found.files, options, found.where);
    case 'npz': {
      const { name, bytes } = found.file;
      return build([readNpz(bytes, name)], preset, options, name);
    }
    case 'pytorch': {
      const where = found.files.map(({ name }) => name).join(', ');
      return build(
        found.files.map((file) => readPyTorch(file)),
        preset,
        options,
        where,
        found.licences,
      );
    }
    case 'tensorflow': {
      const shards = found.shards.map(({ bytes }) => bytes);
      return build([readTfCheckpoint(found.index.bytes, shards, found.index.name)], preset, options, found.index.name);
    }
    case 'safetensors': {
      const { name, bytes } = found.file;
      const { metadata, tensors } = readSafetensors(bytes, name);
      const described = metadata.unsung === undefined ? undefined : parseDescribed(metadata.unsung, name);
      if (!described) return build([tensors], preset, options, name);
      const description = toVersion2(mergeJson({ channels: 1 }, described) as Json, name);
      return buildModel([tensors], { ...(preset ?? jansson), describe: () => description }, options, name);
    }
  }
}

/** What training wrote into a file, which may be of the manifest's first version. */
function toVersion2(described: Json, where: string): Json {
  return isVersion1(described) ? upgradeVersion1({ output: 'mask', ...described }, where) : described;
}

/** Builds a model from a checkpoint that does not describe itself. */
async function build(
  files: readonly (readonly NamedTensor[])[],
  chosen: Preset | undefined,
  options: BuildOptions,
  where: string,
  licences: readonly string[] = [],
): Promise<BuiltModel> {
  const likely = likelyPresets(files, PRESETS);
  const preset = chosen ?? (likely.length === 1 ? likely[0] : undefined);
  if (!preset) {
    const choices = PRESETS.map(({ id, title }) => `${id} (${title})`).join(', ');
    throw new ModelError(`${where} does not say which system it is from.`, `Choose a preset: ${choices}.`);
  }
  const describe = (networks: number): Json => {
    const own = mergeJson({ id: idFrom(where) }, preset.describe(networks)) as Json;
    const notice = [own.notice, ...licences].filter((text) => typeof text === 'string');
    return notice.length > 0 ? { ...own, notice: notice.join('\n\n') } : own;
  };
  return buildModel(files, { ...preset, describe }, options, where);
}

/** A file's name as a model's: “Unet v2.model” becomes “unet-v2”. */
function idFrom(name: string): string {
  const plain = name
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return plain || 'model';
}

function parseDescribed(json: string, where: string): Json {
  let described: unknown;
  try {
    described = JSON.parse(json);
  } catch {
    // Told below.
  }
  if (isJson(described)) return described;
  throw new ModelError(`The metadata “unsung” of ${where} is not a JSON object.`, 'Export the weights again.');
}
