import { z } from 'zod';
import { freeMemory } from '../audio/memory.ts';
import { ModelError } from '../errors.ts';
import { type ByteCache, noCache } from './cache.ts';
import { type ModelFile, type ModelManifest, parseManifest } from './manifest.ts';
import { httpReader, type ModelReader } from './reader.ts';
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
  /** Decoded anew each time, since a backend makes its own copy. Meanwhile their files are the browser's to store. */
  readWeights(): Promise<NamedWeights>;
}

export interface LoadOptions {
  /** Where files are kept between visits; default: nowhere. */
  readonly cache?: ByteCache;
  readonly signal?: AbortSignal;
  /** Bytes that have come, and bytes of all files. Falls back when a damaged file is fetched again. */
  readonly onProgress?: (loaded: number, total: number) => void;
}

/**
 * Loads a model: its manifest, then every file that the manifest names, each checked for its length and SHA-256. A file
 * that is damaged, in the cache or on the way, is fetched once more.
 *
 * @param source address of the model's folder, or a reader of it
 * @throws ModelError when a manifest is not valid, a file is missing or stays damaged, or the weights do not fit
 * @throws the signal's reason when it fires
 */
export async function loadModel(source: string | ModelReader, options: LoadOptions = {}): Promise<LoadedModel> {
  const { cache = noCache, signal, onProgress } = options;
  const reader = typeof source === 'string' ? httpReader(source) : source;
  const manifest = await loadManifest(reader, signal);

  const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
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
  const contents = new Map(
    await Promise.all(
      manifest.files.map(async (file) => {
        try {
          return [file.path, await obtain(reader, file, cache, either, (bytes) => onBytes(file, bytes))] as const;
        } catch (error) {
          failure.abort(error);
          throw error;
        }
      }),
    ),
  );
  const list = `${reader.where}model.json`;
  const groups = weightGroups(parseJson(contents.get('model.json')!, list), list);
  const places = groups.flatMap((group) => {
    const bytes = shardsOf(group, contents, list).reduce((sum, shard) => sum + shard.length, 0);
    return placesInGroup(group, bytes, list);
  });
  checkWeights(new Map(places.map(({ entry }) => [entry.name, entry])), manifest.network, reader.where);
  const stored = [...contents].map(([path, bytes]) => [path, new Blob([bytes])] as const);
  return {
    manifest,
    readWeights: async () => {
      const read = stored.map(async ([path, blob]) => [path, new Uint8Array(await blob.arrayBuffer())] as const);
      const files = new Map(await Promise.all(read));
      const weights = new Map(groups.flatMap((group) => [...decodeGroup(group, shardsOf(group, files, list), list)]));
      freeMemory([...files.values()]);
      return weights;
    },
  };
}

/** A model's manifest alone. @throws ModelError when it cannot be had or is not valid */
export async function loadManifest(reader: ModelReader, signal?: AbortSignal): Promise<ModelManifest> {
  return parseManifest(await readJson(reader, 'manifest.json', signal), `${reader.where}manifest.json`);
}

async function obtain(
  reader: ModelReader,
  file: ModelFile,
  cache: ByteCache,
  signal: AbortSignal,
  onBytes: (received: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const kept = await cache.get(file.sha256);
  if (kept) {
    if ((await faultOf(kept, file)) === undefined) {
      onBytes(file.bytes);
      return kept;
    }
    await cache.delete(file.sha256);
  }
  let fault: string | undefined;
  let cause: unknown;
  for (const fresh of [false, true]) {
    signal.throwIfAborted();
    try {
      const bytes = await reader.read(file.path, { fresh, signal, onBytes });
      fault = await faultOf(bytes, file);
      if (fault === undefined) {
        onBytes(file.bytes);
        await cache.put(file.sha256, bytes);
        return bytes;
      }
    } catch (error) {
      signal.throwIfAborted();
      fault = error instanceof Error ? error.message : String(error);
      cause = error;
    }
    onBytes(0);
  }
  throw new ModelError(
    `The model's file ${reader.where}${file.path} cannot be used, after a second try: ${fault}`,
    reader.hint ?? 'Check the connection and reload the page; if it happens again, the file on the server is damaged.',
    { cause },
  );
}

/** What is wrong with the bytes of a file, as a sentence; undefined when nothing is. */
async function faultOf(bytes: Uint8Array<ArrayBuffer>, file: ModelFile): Promise<string | undefined> {
  if (bytes.length === 0) return 'It is empty.';
  if (bytes.length !== file.bytes) return `It has ${bytes.length} bytes, not ${file.bytes}.`;
  if ((await sha256(bytes)) !== file.sha256) return 'Its SHA-256 is not the one in the manifest.';
  return undefined;
}

function shardsOf(group: WeightGroup, contents: ReadonlyMap<string, Uint8Array>, where: string): readonly Uint8Array[] {
  return group.paths.map((shard) => {
    const bytes = contents.get(shard);
    if (bytes) return bytes;
    throw new ModelError(`${where} needs ${shard}, which the manifest does not list.`, 'Write the model again.');
  });
}

const listSchema = z.array(z.object({ id: z.string(), title: z.string(), default: z.boolean().optional() })).min(1);

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
  throw new ModelError(`${reader.where}index.json lists no models.`, 'Write it again with “npm run convert”.', {
    cause: list.error,
  });
}

async function readJson(reader: ModelReader, path: string, signal?: AbortSignal): Promise<unknown> {
  return parseJson(await reader.read(path, { signal }), reader.where + path);
}

function parseJson(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new ModelError(`${where} is not JSON.`, 'Reload the page; if it happens again, the model is damaged.', {
      cause,
    });
  }
}
