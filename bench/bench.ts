import { cpus, loadavg } from 'node:os';
import { basename, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { durationSeconds } from '../src/audio/audio-data.ts';
import { folderReader } from '../src/model/load.node.ts';
import { parseManifest, QUALITIES, type Quality } from '../src/model/manifest.ts';
import { multiplyAdds } from '../src/model/runtime/speed.ts';
import { findModel } from '../tools/lib/model-folder.ts';
import { readSong } from '../tools/lib/read-song.ts';
import { DEMO, withBuiltPage } from './lib/built-page.ts';
import { positive, runBenchmark } from './lib/command.ts';
import { measureMemory, memoryText } from './memory.ts';
import { measureInChromium } from './stages/in-chromium.ts';
import { measureInNode } from './stages/in-node.ts';
import { heading, resultText } from './stages/print.ts';
import type { BackendResult, Failure, Report } from './stages/results.ts';
import { patchesOf, type SongSource } from './stages/song.ts';

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
  readonly songs: number;
  readonly json?: string;
}

const BACKENDS = {
  node: ['wasm', 'cpu'],
  chromium: ['wasm', 'webgl', 'webgpu', 'cpu'],
} as const;

function chosenBackends(place: keyof typeof BACKENDS, { only, backend, all }: Flags): readonly string[] {
  if (only !== undefined && only !== place) return [];
  return BACKENDS[place].filter((name) => (backend === undefined ? name !== 'cpu' || all : name === backend));
}

/** The report without its results, and where the song and the model are. */
async function describeRun({
  song,
  seconds,
  model,
  quality,
}: Flags): Promise<Omit<Report, 'results'> & { readonly source: SongSource; readonly modelFolder: string }> {
  const modelFolder = await findModel(model);
  const manifestBytes = await folderReader(modelFolder).read('manifest.json');
  const manifest = parseManifest(JSON.parse(new TextDecoder().decode(manifestBytes)), modelFolder);
  const source: SongSource = seconds !== undefined ? { seconds } : { file: resolve(song ?? DEMO) };
  const facts = await songFacts(source);
  return {
    date: new Date().toISOString(),
    machine: {
      processor: cpus()[0]?.model ?? 'unknown processor',
      processors: cpus().length,
      node: process.version,
      loadAverage: loadavg(),
    },
    song: { ...facts, patches: patchesOf(facts.seconds, manifest) },
    model: { id: manifest.id, gmacPerPatch: multiplyAdds(manifest, quality) / 1e9 },
    source,
    modelFolder,
  };
}

async function songFacts(source: SongSource): Promise<Omit<Report['song'], 'patches'>> {
  if ('seconds' in source) return { name: 'made-up noise', ...source, sampleRate: 44100, channels: 2 };
  const song = await readSong(source.file);
  const { sampleRate, channels } = song;
  return { name: basename(source.file), seconds: durationSeconds(song), sampleRate, channels: channels.length };
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
    await withBuiltPage(async (address) => {
      for (const backend of inChromium) {
        show(await measureInChromium(address, { backend, modelId: facts.model.id, quality, source, repeats }));
      }
    });
  }
  return { ...facts, results };
}

const flags = new Command('bench')
  .description('Measures the stages of a separation on each backend, in Node and in Chromium.')
  .option('--song <file>', 'a song (default: the demo song)')
  .option('--seconds <n>', 'stereo noise of this length instead; with --memory the song’s length', positive)
  .option('--model <id>', 'a model of models/index.json (default: its default)')
  .addOption(new Option('--quality <quality>', 'of models that have both (default: best)').choices(QUALITIES))
  .option('--repeats <n>', 'passes over the song; the quickest one counts', positive, 5)
  .addOption(new Option('--only <place>', 'measure in this place only').choices(['node', 'chromium']))
  .addOption(new Option('--backend <name>', 'measure this backend only').choices(['wasm', 'webgl', 'webgpu', 'cpu']))
  .option('--all', 'also measure the cpu backend, which is extremely slow')
  .option('--memory', 'measure the page’s memory instead, for songs of ten minutes or for --song')
  .option('--songs <n>', 'how many songs with --memory', positive, 2)
  .option('--json <file>', 'write all figures to this file')
  .parse()
  .opts<Flags>();

await runBenchmark(async () => {
  if (!flags.memory) return await measureBackends(flags);
  const memory = await withBuiltPage((address) => measureMemory(address, flags));
  console.log(memoryText(memory));
  return memory;
}, flags.json);
