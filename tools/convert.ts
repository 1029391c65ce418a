import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { ModelError, UnsungError } from '../src/errors.ts';
import { convertModel } from './lib/convert-model.ts';
import type { StoredType } from './lib/shards.ts';

interface Flags {
  readonly id?: string;
  readonly out: string;
  readonly dtype: StoredType;
  readonly config?: string;
}

async function readConfig(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new ModelError(`${path} cannot be read as JSON.`, 'Give --config a JSON file.', { cause });
  }
}

const program = new Command('convert')
  .description('Turns weights that the training exported into a model that the page and the command line run.')
  .argument('<weights.safetensors>')
  .option('--id <id>', "the model's folder; default: the id in the file's metadata")
  .option('--out <folder>', 'folder of models', 'models')
  .addOption(new Option('--dtype <type>', 'how weights are stored').choices(['float16', 'float32']).default('float16'))
  .option('--config <file.json>', "fields of the manifest that add to or replace those in the file's metadata");

async function run(path: string, { id, out, dtype, config }: Flags): Promise<void> {
  const { folder, manifest } = await convertModel(path, {
    id,
    out,
    dtype,
    config: config === undefined ? undefined : await readConfig(config),
  });
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  console.log(`${folder}: ${manifest.files.length} files, ${(bytes / 1e6).toFixed(1)} MB`);
}

program.action(run);
try {
  await program.parseAsync();
} catch (error) {
  const expected = error instanceof UnsungError || (error as NodeJS.ErrnoException).code === 'ENOENT';
  if (!expected) throw error;
  console.error(error instanceof UnsungError ? `${error.message}\n${error.hint}` : (error as Error).message);
  process.exitCode = 1;
}
