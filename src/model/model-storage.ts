import { ModelError, messageOf } from '../core/errors.ts';
import type { FolderStore } from '../core/folder-store.ts';
import { type Message, message } from '../core/message.ts';
import type { BuiltModel } from './import/types.ts';
import { bytesOf, filesOf, type ModelManifest, parseManifest, titleOf } from './manifest.ts';
import type { ModelReader } from './model-reader.ts';

/** A model that a person added. */
export interface StoredModel {
  readonly id: string;
  /** Undefined where it cannot be read; `fault` says why. */
  readonly manifest?: ModelManifest;
  /** Bytes of all its files. */
  readonly bytes: number;
  /** Whether it will be there at the next visit. */
  readonly lasts: FolderStore['lasts'];
  /**
   * What is wrong with it, as a sentence; undefined when nothing is. Files of the right length may still be damaged.
   */
  readonly fault?: Message;
}

/** Runs `act` while no other page or worker runs one of its own. */
export type Exclusive = <T>(act: () => Promise<T>) => Promise<T>;

/** A manifest has a few kilobytes; a file many times larger is not one. */
const MAX_MANIFEST_BYTES = 4_000_000;

/**
 * Stores the models that a person added, each in the first store that has space. It writes a folder's manifest.json
 * last, so a folder without one is an unfinished write and is removed.
 */
export class ModelStorage {
  readonly #stores: readonly FolderStore[];
  readonly #exclusive: Exclusive;

  /** @param stores best first */
  constructor(stores: readonly FolderStore[], exclusive: Exclusive = (act) => act()) {
    this.#stores = stores;
    this.#exclusive = exclusive;
  }

  /** All models, by title. A damaged model is in the list with its fault. */
  list(): Promise<readonly StoredModel[]> {
    return this.#exclusive(() => this.#list());
  }

  async #list(): Promise<readonly StoredModel[]> {
    const found: StoredModel[] = [];
    for (const store of this.#stores) {
      for (const id of await store.folders()) {
        const model = await inspect(store, id);
        if (model) found.push(model);
        else await store.remove(id);
      }
    }
    return found.sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  }

  /**
   * Stores a model under its id, or id-2, id-3 … where that is taken: it never overwrites a model, and it does not
   * store the same model twice. Where the first store fails, it leaves that store as it was and tries the next.
   *
   * @param taken ids that are in use elsewhere
   * @returns the stored model
   * @throws ModelError when no store has space
   */
  keep(built: BuiltModel, taken: readonly string[] = []): Promise<StoredModel> {
    return this.#exclusive(async () => {
      const known = await this.#list();
      const same = known.find(({ manifest, fault }) => manifest && !fault && isSame(manifest, built.manifest));
      if (same) return same;
      const manifest = { ...built.manifest, id: freeId(built.manifest.id, [...taken, ...known.map(({ id }) => id)]) };
      let cause: unknown;
      for (const store of this.#stores) {
        try {
          await write(store, manifest, built.files);
          return { id: manifest.id, manifest, bytes: bytesOf(manifest), lasts: store.lasts };
        } catch (error) {
          cause = error;
          await store.remove(manifest.id).catch(() => undefined);
        }
      }
      throw new ModelError('model.not-kept', { title: titleOf(manifest) }, { cause });
    });
  }

  /** Removes a model; nothing happens where there is none of this id. */
  remove(id: string): Promise<void> {
    return this.#exclusive(async () => {
      for (const store of this.#stores) await store.remove(id);
    });
  }

  /** Reads the files of one model; see load.ts. */
  reader(id: string): ModelReader {
    return {
      where: `kept/${id}/`,
      hint: message('hint.remove-and-add'),
      read: async (path, { signal, onBytes } = {}) => {
        signal?.throwIfAborted();
        for (const store of this.#stores) {
          const bytes = await store.read(id, path);
          if (!bytes) continue;
          onBytes?.(bytes.length);
          return bytes;
        }
        throw new ModelError('model.file-gone', { path: `kept/${id}/${path}` });
      },
    };
  }
}

async function write(store: FolderStore, manifest: ModelManifest, files: BuiltModel['files']): Promise<void> {
  for (const [path, bytes] of files) if (path !== 'manifest.json') await store.write(manifest.id, path, bytes);
  const json = new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
  await store.write(manifest.id, 'manifest.json', json);
}

/** The model of a folder; undefined where writing it did not end. */
async function inspect(store: FolderStore, id: string): Promise<StoredModel | undefined> {
  const { lasts } = store;
  const sizes = await store.sizes(id);
  const size = sizes.get('manifest.json');
  if (size === undefined) return undefined;
  const bytes = [...sizes.values()].reduce((sum, length) => sum + length, 0);
  const damaged = (fault: Message, manifest?: ModelManifest): StoredModel => ({ id, manifest, bytes, lasts, fault });
  if (size > MAX_MANIFEST_BYTES) return damaged(message('kept-model.manifest-too-large'));
  let manifest: ModelManifest;
  try {
    const json = new TextDecoder().decode(await store.read(id, 'manifest.json'));
    manifest = parseManifest(JSON.parse(json), `kept/${id}/manifest.json`);
  } catch (error) {
    return damaged(error instanceof ModelError ? messageOf(error) : message('kept-model.manifest-not-json'));
  }
  if (manifest.id !== id) return damaged(message('kept-model.other-id', { id: manifest.id }));
  for (const file of filesOf(manifest)) {
    const length = sizes.get(file.path);
    if (length === undefined) return damaged(message('kept-model.file-missing', { path: file.path }), manifest);
    if (length !== file.bytes) {
      return damaged(
        message('kept-model.file-length', { path: file.path, bytes: length, wanted: file.bytes }),
        manifest,
      );
    }
  }
  return { id, manifest, bytes: bytesOf(manifest), lasts };
}

function nameOf({ manifest, id }: StoredModel): string {
  return manifest ? titleOf(manifest) : id;
}

/** Two manifests that differ in the id only. */
function isSame(a: ModelManifest, b: ModelManifest): boolean {
  const text = (manifest: ModelManifest) => JSON.stringify({ ...manifest, id: '' });
  return text(a) === text(b);
}

function freeId(id: string, taken: readonly string[]): string {
  if (!taken.includes(id)) return id;
  let n = 2;
  while (taken.includes(`${id}-${n}`)) n++;
  return `${id}-${n}`;
}
