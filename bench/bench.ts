import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { QUALITIES, type Quality } from '../src/model/manifest.ts';
import { describeError } from '../tools/lib/report-error.ts';
import { measureInChromium } from './chromium/measure-chromium.ts';
import { withPages } from './chromium/serve.ts';
import { describeRun } from './lib/describe-run.ts';
import { heading, resultText } from './lib/print.ts';
import type { BackendResult, Failure, Report } from './lib/results.ts';
import { measureMemory } from './memory/measure-memory.ts';
import { memoryText } from './memory/print-memory.ts';
import { measureInNode } from './node/measure-node.ts';

interface Flags {
  readonly song?: string;
  readonly seconds?: number;
  readonly model?: string;
  readonly quality?: Quality;
  readonly repeats: number;
  readonly only?: 'node' | 'chromium';
  readonly backend?: string;
  readonly all?: boolean;
  readonly memory?: boolean;
  readonly json?: string;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

const program = new Command('bench')
  .description('Measures the stages of a separation on each backend, in Node and in Chromium.')
  .option('--song <file>', 'a song (default: the demo song)')
  .option('--seconds <n>', 'so many seconds of made-up stereo noise instead; with --memory the song’s length', positive)
  .option('--model <id>', 'a model of models/index.json (default: the default one there)')
  .addOption(new Option('--quality <quality>', 'of models that have both (default: best)').choices(QUALITIES))
  .option('--repeats <n>', 'passes over the song, of which the quickest counts', positive, 5)
  .addOption(new Option('--only <place>', 'measure in this place only').choices(['node', 'chromium']))
  .addOption(new Option('--backend <name>', 'measure this backend only').choices(['wasm', 'webgl', 'cpu']))
  .option('--all', 'the cpu backend, too, which is extremely slow')
  .option(
    '--memory',
    'measure instead the memory of the page for a song of ten minutes, then a second one; or for --song',
  )
  .option('--json <file>', 'write all figures to this file')
  .parse();

const BACKENDS = {
  node: ['wasm', 'cpu'],
  chromium: ['wasm', 'webgl', 'cpu'],
} as const;

function chosenBackends(place: keyof typeof BACKENDS, { only, backend, all }: Flags): readonly string[] {
  if (only !== undefined && only !== place) return [];
  return BACKENDS[place].filter((name) => (backend === undefined ? name !== 'cpu' || all : name === backend));
}

async function measureBackends(flags: Flags): Promise<Report> {
  const { source, modelFolder, ...facts } = await describeRun(flags);
  const { repeats, quality } = flags;
  const results: (BackendResult | Failure)[] = [];
  const show = (result: BackendResult | Failure): void => {
    results.push(result);
    console.log(`\n${resultText(result, facts.song)}`);
  };
  console.log(heading(facts));
  for (const backend of chosenBackends('node', flags))
    show(await measureInNode({ backend, modelFolder, quality, source, repeats }));
  const inChromium = chosenBackends('chromium', flags);
  if (inChromium.length > 0) {
    await withPages(async (address) => {
      for (const backend of inChromium) {
        show(await measureInChromium(address, { backend, modelId: facts.model.id, quality, source, repeats }));
      }
    });
  }
  return { ...facts, results };
}

async function run(flags: Flags): Promise<void> {
  let report: unknown;
  if (flags.memory) {
    const memory = await withPages((address) => measureMemory(address, flags));
    console.log(memoryText(memory));
    report = memory;
  } else report = await measureBackends(flags);
  if (flags.json !== undefined) await writeFile(flags.json, `${JSON.stringify(report, null, 2)}\n`);
}

try {
  await run(program.opts<Flags>());
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}
