import { ModelError } from '../../core/errors.ts';
import { networksOf } from '../manifest.ts';
import { isVersion1, upgradeVersion1 } from '../manifest-version-1.ts';
import { buildModel } from './build-model.ts';
import { type DetectedFiles, detectFormat } from './detect-format.ts';
import { findNetworks, likelyPresets } from './infer-network.ts';
import { jansson } from './jansson.ts';
import { isJson, type Json, mergeJson, type Preset } from './preset.ts';
import { findPreset, PRESETS } from './presets.ts';
import { readModelFolder } from './read-model-folder.ts';
import { readNpz } from './read-npz.ts';
import { readPyTorch } from './read-pytorch.ts';
import { readSafetensors } from './read-safetensors.ts';
import { readTfCheckpoint } from './read-tf-checkpoint.ts';
import type { BuildOptions, BuiltModel, NamedFile, NamedTensor } from './types.ts';

/** A choice of system for a file that does not describe itself. */
export interface PresetEntry {
  readonly id: string;
  readonly title: string;
  /** Endings of the checkpoint's file names, for the file dialog, and a description for people. */
  readonly accepts: { readonly endings: readonly string[]; readonly text: string };
}

/** The presets, in display order. */
export function presetList(): readonly PresetEntry[] {
  return PRESETS.map(({ id, title, accepts }) => ({ id, title, accepts }));
}

/**
 * Imports a model from a person's files: a checkpoint (.npz of Chainer, .safetensors, a file of torch.save, the .index
 * and .data files of a TensorFlow checkpoint) or a converted model (its folder's files, or a .zip of them). The format
 * is detected from the contents.
 *
 * @param presetId the system that wrote the checkpoint; default: detected from the names of the tensors. Not needed for
 * a converted model
 * @param options `id`: default the id in the file, or else the file's name
 * @throws ModelError when the files are damaged or do not fit the preset, or the preset is missing and cannot be
 * detected
 */
export async function importCheckpoint(
  files: readonly NamedFile[],
  presetId: string | undefined,
  options: BuildOptions = {},
): Promise<BuiltModel> {
  const preset = presetId === undefined ? undefined : findPreset(presetId);
  const found = detectFormat(files);
  if (found.kind === 'folder') return readModelFolder(found.files, options, found.where);
  const checkpoint = readCheckpoint(found);
  const { tensors, where, description } = checkpoint;
  if (!description) return build(checkpoint, preset, options);
  return buildModel(tensors, { ...(preset ?? jansson), describe: () => description }, options, where);
}

/** What some files contain. */
export interface ExaminedFiles {
  /** A converted model, or a checkpoint with a full description of itself: it needs no preset. */
  readonly described: boolean;
  /** The presets that fit a checkpoint best; several when they fit equally well. */
  readonly presets: readonly string[];
  /** The number of networks. */
  readonly networks: number;
}

/**
 * Examines files before an import. Reads a checkpoint's tensors, and checks a converted model's files.
 *
 * @throws ModelError when the files are damaged, or hold no network of a known system
 */
export async function examineFiles(files: readonly NamedFile[]): Promise<ExaminedFiles> {
  const found = detectFormat(files);
  if (found.kind === 'folder') {
    const { manifest } = await readModelFolder(found.files, {}, found.where);
    return { described: true, presets: [], networks: networksOf(manifest).length };
  }
  const { tensors, where, description } = readCheckpoint(found);
  const presets = description ? [jansson] : likelyPresets(tensors, PRESETS);
  const networks = presets.length > 0 ? findNetworks(tensors, presets[0])?.sources.length : undefined;
  if (networks !== undefined) {
    return { described: description !== undefined, presets: description ? [] : presets.map(({ id }) => id), networks };
  }
  const names = tensors.flat().map(({ name }) => name);
  if (names.length === 0) throw new ModelError('checkpoint.no-tensors', { where });
  throw new ModelError('checkpoint.unknown-network', {
    where,
    names: names.slice(0, 3).join(', '),
    titles: PRESETS.map(({ title }) => title).join('; '),
  });
}

/** The contents of a checkpoint. */
interface Checkpoint {
  /** One list for each file. */
  readonly tensors: readonly (readonly NamedTensor[])[];
  /** Its name, for messages. */
  readonly where: string;
  /** Its description of itself: a manifest without files. */
  readonly description?: Json;
  /** Licence texts from its archive. */
  readonly licences?: Extract<DetectedFiles, { readonly kind: 'pytorch' }>['licences'];
}

function readCheckpoint(found: Exclude<DetectedFiles, { readonly kind: 'folder' }>): Checkpoint {
  switch (found.kind) {
    case 'npz': {
      const { name, bytes } = found.file;
      return { tensors: [readNpz(bytes, name)], where: name };
    }
    case 'pytorch': {
      const where = found.files.map(({ name }) => name).join(', ');
      return { tensors: found.files.map((file) => readPyTorch(file)), where, licences: found.licences };
    }
    case 'tensorflow': {
      const shards = found.shards.map(({ bytes }) => bytes);
      const { name, bytes } = found.index;
      return { tensors: [readTfCheckpoint(bytes, shards, name)], where: name };
    }
    case 'safetensors': {
      const where = found.files.map(({ name }) => name).join(', ');
      const read = found.files.map(({ name, bytes }) => readSafetensors(bytes, name));
      // Only a single file can describe itself: it is a whole model.
      const { unsung } = read.length === 1 ? read[0].metadata : {};
      const described = unsung === undefined ? undefined : parseDescribed(unsung, where);
      const description = described && toVersion2(mergeJson({ channels: 1 }, described) as Json, where);
      return { tensors: read.map(({ tensors }) => tensors), where, description };
    }
  }
}

/** Upgrades a description that training wrote in the manifest's first version. */
function toVersion2(described: Json, where: string): Json {
  return isVersion1(described) ? upgradeVersion1({ output: 'mask', ...described }, where) : described;
}

/** Builds a model from a checkpoint that does not describe itself. */
async function build(
  { tensors, where, licences = [] }: Checkpoint,
  chosen: Preset | undefined,
  options: BuildOptions,
): Promise<BuiltModel> {
  const likely = chosen ? [chosen] : likelyPresets(tensors, PRESETS);
  const [preset] = likely;
  if (likely.length !== 1) {
    const choices = PRESETS.map(({ id, title }) => `${id} (${title})`).join(', ');
    throw new ModelError('checkpoint.which-system', { where, choices });
  }
  const describe = (networks: number): Json => {
    const own = mergeJson({ id: idFrom(where) }, preset.describe(networks)) as Json;
    const notice = [own.notice, ...licences].filter((text) => typeof text === 'string');
    return notice.length > 0 ? { ...own, notice: notice.join('\n\n') } : own;
  };
  return buildModel(tensors, { ...preset, describe }, options, where);
}

/** Makes a model's id of a file's name: “Unet v2.model” becomes “unet-v2”. */
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
    // Reported below.
  }
  if (isJson(described)) return described;
  throw new ModelError('checkpoint.metadata', { where });
}
