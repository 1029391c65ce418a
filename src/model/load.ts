import { z } from 'zod';
import { ModelError, messageOf } from '../core/errors.ts';
import { freeMemory } from '../core/memory.ts';
import { type Message, message } from '../core/message.ts';
import { type ByteCache, noCache } from './byte-cache.ts';
import { buildGraph } from './graph/build-graph.ts';
import {
  bytesOf,
  isModelJson,
  type ModelFile,
  type ModelManifest,
  networksOf,
  parseManifest,
  type Stem,
  type StoredNetwork,
} from './manifest.ts';
import { httpReader, type ModelReader } from './model-reader.ts';
import { sha256 } from './sha256.ts';
import {
  checkWeights,
  decodeGroup,
  type NamedWeights,
  placesInGroup,
  type WeightGroup,
  weightGroups,
} from './weights.ts';

/** A model in memory, on no backend yet. */
export interface LoadedModel {
  readonly manifest: ModelManifest;
  /**
   * Decodes the weights of one of its networks, each time again: a backend makes its own copy, and until then the
   * browser may keep the files out of memory.
   */
  readWeights(stem: Stem): Promise<NamedWeights>;
}

export interface LoadOptions {
  /** Stores files between visits. Default: no cache. */
  readonly cache?: ByteCache;
  readonly signal?: AbortSignal;
  /**
   * Receives the bytes loaded so far and the bytes of all files. The first number falls when a damaged file is fetched
   * again.
   */
  readonly onProgress?: (loaded: number, total: number) => void;
}

/**
 * Loads a model: its manifest, then every file that the manifest lists. Checks the length and SHA-256 of each file, and
 * fetches a damaged file once more.
 *
 * @param source address of the model's folder, or a reader of it
 * @throws ModelError when a manifest is not valid, a file is missing or stays damaged, or the weights do not fit
 * @throws the signal's reason when it fires
 */
export async function loadModel(source: string | ModelReader, options: LoadOptions = {}): Promise<LoadedModel> {
  const { cache = noCache, signal, onProgress } = options;
  const reader = typeof source === 'string' ? httpReader(source) : source;
  const manifest = await loadManifest(reader, signal);
  const total = bytesOf(manifest);
  const received = new Map<ModelFile, number>();
  const onBytes = (file: ModelFile, bytes: number) => {
    received.set(file, Math.min(bytes, file.bytes));
    onProgress?.(
      [...received.values()].reduce((sum, part) => sum + part, 0),
      total,
    );
  };
  // The first file that fails ends the loading of the others.
  const failure = new AbortController();
  const either = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  const obtaining: Obtaining = { cache, signal: either, fail: (error) => failure.abort(error), onBytes };
  const networks = new Map(
    await Promise.all(
      networksOf(manifest).map(
        async ([stem, network]) => [stem, await loadNetwork(reader, network, obtaining)] as const,
      ),
    ),
  );
  return { manifest, readWeights: async (stem) => networks.get(stem)!() };
}

interface Obtaining {
  readonly cache: ByteCache;
  readonly signal: AbortSignal;
  readonly fail: (error: unknown) => void;
  /** Receives the bytes of a file that are loaded so far. */
  readonly onBytes: (file: ModelFile, bytes: number) => void;
}

/** Loads the files of one network. @returns what decodes its weights */
async function loadNetwork(
  reader: ModelReader,
  network: StoredNetwork,
  obtaining: Obtaining,
): Promise<() => Promise<NamedWeights>> {
  const contents = new Map(
    await Promise.all(
      network.files.map(async (file) => {
        try {
          return [file.path, await obtain(reader, file, obtaining)] as const;
        } catch (error) {
          obtaining.fail(error);
          throw error;
        }
      }),
    ),
  );
  const { groups, folder, list } = checkedGroups(reader, network, contents);
  const stored = await Promise.all(
    [...contents].map(async ([path, bytes]) => [path, (await reader.blob?.(path)) ?? new Blob([bytes])] as const),
  );
  return async () => {
    const read = stored.map(async ([path, blob]) => [path, new Uint8Array(await blob.arrayBuffer())] as const);
    const files = new Map(await Promise.all(read));
    const weights = new Map(
      groups.flatMap((group) => [...decodeGroup(group, shardsOf(group, files, folder, list), list)]),
    );
    freeMemory([...files.values()]);
    return weights;
  };
}

/** The groups of a network's weights, checked. Apart from `loadNetwork`, so that its result does not hold the files. */
function checkedGroups(reader: ModelReader, network: StoredNetwork, contents: ReadonlyMap<string, Uint8Array>) {
  const listPath = network.files.find(({ path }) => isModelJson(path))!.path;
  const list = `${reader.where}${listPath}`;
  const folder = listPath.slice(0, -'model.json'.length);
  const groups = weightGroups(parseJson(contents.get(listPath)!, list), list);
  const places = groups.flatMap((group) => {
    const bytes = shardsOf(group, contents, folder, list).reduce((sum, shard) => sum + shard.length, 0);
    return placesInGroup(group, bytes, list);
  });
  checkWeights(new Map(places.map(({ entry }) => [entry.name, entry])), buildGraph(network), reader.where);
  return { groups, folder, list };
}

/** Loads a model's manifest alone. @throws ModelError when it cannot be read or is not valid */
export async function loadManifest(reader: ModelReader, signal?: AbortSignal): Promise<ModelManifest> {
  return parseManifest(await readJson(reader, 'manifest.json', signal), `${reader.where}manifest.json`);
}

async function obtain(
  reader: ModelReader,
  file: ModelFile,
  { cache, signal, onBytes: report }: Obtaining,
): Promise<Uint8Array<ArrayBuffer>> {
  const onBytes = (bytes: number) => report(file, bytes);
  const kept = await cache.get(file.sha256);
  if (kept) {
    if ((await faultOf(kept, file)) === undefined) {
      onBytes(file.bytes);
      return kept;
    }
    await cache.delete(file.sha256);
  }
  let fault: Message | undefined;
  let cause: unknown;
  for (const fresh of [false, true]) {
    signal.throwIfAborted();
    try {
      const bytes = await reader.read(file.path, { fresh, sha256: file.sha256, signal, onBytes });
      fault = await faultOf(bytes, file);
      if (fault === undefined) {
        onBytes(file.bytes);
        await cache.put(file.sha256, bytes);
        return bytes;
      }
    } catch (error) {
      signal.throwIfAborted();
      fault = messageOf(error);
      cause = error;
    }
    onBytes(0);
  }
  throw new ModelError(
    'model.file-unusable',
    { path: reader.where + file.path, fault: fault ?? '', hint: reader.hint ?? message('hint.check-connection') },
    { cause },
  );
}

/** What is wrong with the bytes of a file, as a sentence; undefined when nothing is. */
async function faultOf(bytes: Uint8Array<ArrayBuffer>, file: ModelFile): Promise<Message | undefined> {
  if (bytes.length === 0) return message('model-file.empty');
  if (bytes.length !== file.bytes) return message('model-file.length', { bytes: bytes.length, wanted: file.bytes });
  if ((await sha256(bytes)) !== file.sha256) return message('model-file.checksum');
  return undefined;
}

/** The shards of a group, whose paths are relative to its model.json. */
function shardsOf(
  group: WeightGroup,
  contents: ReadonlyMap<string, Uint8Array>,
  folder: string,
  where: string,
): readonly Uint8Array[] {
  return group.paths.map((shard) => {
    const bytes = contents.get(folder + shard);
    if (bytes) return bytes;
    throw new ModelError('model.shard-not-listed', { where, shard });
  });
}

const listSchema = z.array(z.object({ id: z.string(), default: z.boolean().optional() })).min(1);

export type ModelListEntry = Readonly<z.infer<typeof listSchema>[number]>;

/**
 * The models of a folder of models, from its index.json. One is the default: the first that says so, else the first.
 *
 * @throws ModelError when there is no list or it is not valid
 */
export async function listModels(
  source: string | ModelReader,
  signal?: AbortSignal,
): Promise<readonly ModelListEntry[]> {
  const reader = typeof source === 'string' ? httpReader(source) : source;
  const list = listSchema.safeParse(await readJson(reader, 'index.json', signal));
  if (list.success) return list.data;
  throw new ModelError('model.list-empty', { where: reader.where }, { cause: list.error });
}

async function readJson(reader: ModelReader, path: string, signal?: AbortSignal): Promise<unknown> {
  return parseJson(await reader.read(path, { signal }), reader.where + path);
}

function parseJson(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new ModelError('model.not-json', { where }, { cause });
  }
}
