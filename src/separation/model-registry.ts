import { ModelError, messageOf } from '../core/errors.ts';
import { browserFolderStore } from '../core/folder-store.browser.ts';
import { memoryStore } from '../core/folder-store.ts';
import { browserCache } from '../model/byte-cache.ts';
import type { ExaminedFiles } from '../model/import/import-checkpoint.ts';
import type { BuiltModel, NamedFile } from '../model/import/types.ts';
import { type LoadedModel, type LoadOptions, listModels, loadManifest, loadModel } from '../model/load.ts';
import { bytesOf } from '../model/manifest.ts';
import { httpReader } from '../model/model-reader.ts';
import { ModelStorage } from '../model/model-storage.ts';
import { DEFAULT_MODEL, type ModelChoice } from './model-choice.ts';
import type { ImportRequest, ModelEntry } from './separation-engine.ts';

/** Bytes of a person's files at most. The paper's network has 39 MB in float32, and 118 MB with its training state. */
const MAX_BYTES = 1_000_000_000;

/** Every page and worker of this origin takes this lock before it changes the stored models. */
const LOCK = 'unsung-kept-models';

let opened: Promise<ModelStorage> | undefined;

/** The models that this browser stores; in memory where it has no space. */
function storedModels(): Promise<ModelStorage> {
  opened ??= (async () => {
    const browser = await browserFolderStore();
    const memory = memoryStore();
    const locks = globalThis.navigator?.locks as LockManager | undefined;
    return new ModelStorage(
      browser ? [browser, memory] : [memory],
      locks && (async (act) => await locks.request(LOCK, act)),
    );
  })();
  return opened;
}

/** Loads the model chosen, from the page's own folder or from the browser's. */
export async function loadChosen(
  { origin, id }: ModelChoice,
  modelsUrl: string,
  options: Pick<LoadOptions, 'onProgress'> = {},
): Promise<LoadedModel> {
  if (origin === 'built-in') return loadModel(`${modelsUrl}${id}/`, { ...options, cache: browserCache() });
  return loadModel((await storedModels()).reader(id), options);
}

/** The page's own models, then those that a person added. */
export async function modelEntries(modelsUrl: string): Promise<readonly ModelEntry[]> {
  // Without a connection the stored models can still be chosen.
  const listed = await listModels(modelsUrl).catch(() => [DEFAULT_MODEL]);
  const builtIn = listed.map(async ({ id }): Promise<ModelEntry> => {
    try {
      const manifest = await loadManifest(httpReader(`${modelsUrl}${id}/`));
      return { origin: 'built-in', id, manifest, bytes: bytesOf(manifest), lasts: 'browser' };
    } catch (error) {
      return { origin: 'built-in', id, bytes: 0, lasts: 'browser', fault: messageOf(error) };
    }
  });
  const kept = await (await storedModels()).list();
  return [...(await Promise.all(builtIn)), ...kept.map((model): ModelEntry => ({ origin: 'kept', ...model }))];
}

/**
 * Makes a model of a person's files; keeps nothing.
 *
 * @throws ModelError when the files are not sound
 */
export async function buildModel({ files, presetId, options }: ImportRequest): Promise<BuiltModel> {
  const { importCheckpoint } = await import('../model/import/import-checkpoint.ts');
  return importCheckpoint(await readFiles(files), presetId, options);
}

/**
 * Tells what a person's files are.
 *
 * @throws ModelError when they cannot be imported
 */
export async function examineModel(files: ImportRequest['files']): Promise<ExaminedFiles> {
  const { examineFiles } = await import('../model/import/import-checkpoint.ts');
  return examineFiles(await readFiles(files));
}

async function readFiles(files: ImportRequest['files']): Promise<readonly NamedFile[]> {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  if (total > MAX_BYTES) {
    throw new ModelError('model.files-too-large', { given: Math.round(total / 1e6), most: MAX_BYTES / 1e6 });
  }
  return Promise.all(files.map(async ({ name, file }) => ({ name, bytes: new Uint8Array(await file.arrayBuffer()) })));
}

/** Stores a model, under another id where its own is taken. */
export async function keepModel(built: BuiltModel, taken: readonly string[]): Promise<ModelEntry> {
  return { origin: 'kept', ...(await (await storedModels()).keep(built, taken)) };
}

/** Removes a stored model. */
export async function removeModel(id: string): Promise<void> {
  await (await storedModels()).remove(id);
}
