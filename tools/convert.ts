import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { UnsungError } from '../src/core/errors.ts';
import { isJson, type Json } from '../src/model/import/preset.ts';
import { PRESETS } from '../src/model/import/presets.ts';
import type { StoredType } from '../src/model/import/types.ts';
import { bytesOf, filesOf, type Stem } from '../src/model/manifest.ts';
import { CommandLineError } from './lib/command-line-error.ts';
import { convertModel } from './lib/convert-model.ts';

interface Flags {
  readonly id?: string;
  readonly out: string;
  readonly preset?: string;
  readonly stem?: Stem;
  readonly dtype: StoredType;
  readonly config?: string;
}

async function readConfig(path: string): Promise<Json> {
  let config: unknown;
  try {
    config = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new CommandLineError(`${path} cannot be read as JSON.`, 'Give --config a JSON file.', { cause });
  }
  if (isJson(config)) return config;
  throw new CommandLineError(
    `${path} is not a JSON object.`,
    'Give --config fields of the manifest, as in manifest.json.',
  );
}

const TYPES: readonly StoredType[] = ['float16', 'float32', 'uint8'];
const presets = PRESETS.map(({ id, accepts }) => `  ${id.padEnd(14)}${accepts.text}`).join('\n');

const program = new Command('convert')
  .description('Converts a checkpoint to a model for the page and the command line.')
  .argument(
    '<checkpoint>',
    "a file, the prefix of a TensorFlow checkpoint's files (model.ckpt-N), or a converted model's folder or zip",
  )
  .addOption(
    new Option('--preset <system>', "the system that wrote the checkpoint (default: by its tensors' names)").choices(
      PRESETS.map(({ id }) => id),
    ),
  )
  .addOption(
    new Option(
      '--stem <stem>',
      "the stem that the checkpoint's network estimates (default: from the preset or the file)",
    ).choices(['vocals', 'accompaniment']),
  )
  .option('--id <id>', "the model's folder (default: from the file, else the file's name)")
  .option('--out <folder>', 'folder of models', 'models')
  .addOption(new Option('--dtype <type>', 'stored type of the weights').choices(TYPES).default('float16'))
  .option('--config <file.json>', 'fields of the manifest, added to or replacing those of the preset or the file')
  .addHelpText('after', `\nPresets:\n${presets}\n\nSee docs/converting.md.`);

async function run(path: string, { id, out, preset, stem, dtype, config }: Flags): Promise<void> {
  const { folder, manifest } = await convertModel(path, {
    id,
    out,
    preset,
    stem,
    dtype,
    config: config === undefined ? undefined : await readConfig(config),
  });
  console.log(`${folder}: ${filesOf(manifest).length} files, ${(bytesOf(manifest) / 1e6).toFixed(1)} MB`);
}

program.action(run);
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof UnsungError || error instanceof CommandLineError)) throw error;
  console.error(`${error.message}\n${error.hint}`);
  process.exitCode = 1;
}
