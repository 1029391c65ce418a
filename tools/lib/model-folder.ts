import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderReader } from '../../src/model/load.node.ts';
import { listModels, loadModel } from '../../src/model/load.ts';
import { NODE_BACKENDS, prepareBackends } from '../../src/model/runtime/backend.node.ts';
import { chooseBackend } from '../../src/model/runtime/backend.ts';
import { MaskModel } from '../../src/model/runtime/mask-model.ts';
import { NetworkPool } from '../../src/model/runtime/network-pool.ts';
import { CommandLineError } from './command-line-error.ts';
import { networkThreads } from './network-threads.ts';

/** The project's models. */
export const MODELS = fileURLToPath(new URL('../../models', import.meta.url));

/**
 * The folder of a model of the project.
 * @param id a model of models/index.json; undefined: the default
 * @throws CommandLineError when there is no such model; ModelError when there is no list
 */
export async function findModel(id?: string): Promise<string> {
  const models = await listModels(folderReader(MODELS));
  const found =
    id === undefined ? (models.find((model) => model.default) ?? models[0]) : models.find((model) => model.id === id);
  if (found !== undefined) return join(MODELS, found.id);
  throw new CommandLineError(
    `There is no model “${id}”.`,
    `Choose one of: ${models.map((model) => model.id).join(', ')}.`,
  );
}

/** The folder of a model on a command line: text with a slash is a path, other text an id as in `findModel`. */
export async function modelFolder(idOrPath?: string): Promise<string> {
  return idOrPath !== undefined && /[/\\]/.test(idOrPath) ? idOrPath : await findModel(idOrPath);
}

/**
 * Loads a model from its folder and prepares it on the best backend of Node.
 * @param threads that compute its networks; 1: this thread alone
 * @throws ModelError when a file is missing or damaged; BackendError when no backend computes correctly
 */
export async function openModel(folder: string, threads = 1): Promise<MaskModel> {
  prepareBackends();
  const loaded = await loadModel(folderReader(folder));
  const { backend } = await chooseBackend(loaded, { order: NODE_BACKENDS });
  if (threads === 1 || backend !== 'wasm') return await MaskModel.create(loaded);
  return await MaskModel.create(loaded, backend, () => new NetworkPool(loaded, networkThreads(loaded, threads)));
}
