import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { QUALITIES, type Quality } from '../src/model/manifest.ts';
import { prepareBackends } from '../src/model/runtime/backend.node.ts';
import { multiplyAdds } from '../src/model/runtime/speed.ts';
import { findModel } from '../tools/lib/model-folder.ts';
import { readSong } from '../tools/lib/read-song.ts';
import { DEMO } from './lib/built-page.ts';
import { loads, positive, runBenchmark, table } from './lib/command.ts';
import { matmulRate } from './lib/matmul-rate.ts';
import { Contender, readOutputs } from './peers/contender.ts';
import type { Job } from './peers/job.ts';
import { channelsFirst, patchesOfSong } from './peers/patches.ts';
import { exportOnnx, peers, type Runtime, THIS_PROJECT } from './peers/runtimes.ts';

/**
 * Runs Spleeter's networks with the same weights on the same patches in this project and in other runtimes, each in a
 * process of its own. Their outputs are compared first. Then they take turns, and the quickest pass of each counts:
 * `npm run bench:peers`.
 */
const flags = new Command('bench:peers')
  .description('Compares the networks with other runtimes, in Node. Those of npm: npm ci --prefix bench/peers')
  .addOption(new Option('--quality <quality>', 'of Spleeter').choices(QUALITIES).default('best'))
  .option('--threads <n...>', 'numbers of threads', ['1', String(availableParallelism())])
  .option('--patches <n>', 'patches of the demo song in one pass', positive, 3)
  .option('--repeats <n>', 'passes of each', positive, 5)
  .option('--python <command>', 'a Python with numpy and onnx, and perhaps with torch', 'python3')
  .option('--json <file>', 'write all figures to this file')
  .parse()
  .opts<Flags>();

interface Flags {
  readonly quality: Quality;
  readonly threads: readonly string[];
  readonly patches: number;
  readonly repeats: number;
  readonly python: string;
  readonly json?: string;
}

/** Runtimes round differently; more than that is another network. */
const MAX_DIFFERENCE = 1e-3;
/** Milliseconds between turns: the threads of some runtimes wait actively for a while after a run. */
const PAUSE = 200;

interface Entry {
  readonly runtime: Runtime;
  readonly threads: number;
  readonly contender: Contender;
  /** The largest from this project's outputs on one thread. */
  readonly difference: number;
  /** The least of all passes, for one patch. */
  seconds: number;
  cpuSeconds: number;
}

/** Writes the patches and the networks of a job; gives the model's multiply-adds a patch, too. */
async function prepareJob(folder: string): Promise<{ job: Omit<Job, 'threads' | 'output'>; adds: number }> {
  const model = await findModel('spleeter');
  const song = await readSong(DEMO);
  const { manifest, stems, shape, patches } = await patchesOfSong(song, model, flags.quality, flags.patches);
  await exportOnnx(flags.python, model, folder);
  const inputs = { channelsLast: join(folder, 'channels-last'), channelsFirst: join(folder, 'channels-first') };
  await writeFile(inputs.channelsLast, patches);
  await writeFile(
    inputs.channelsFirst,
    patches.map((patch) => channelsFirst(patch, shape)),
  );
  const networks = stems.map((stem) => ({ stem, onnx: join(folder, `${stem}.onnx`) }));
  const job = { model, networks, patches: patches.length, ...shape, inputs };
  return { job, adds: multiplyAdds(manifest, flags.quality) };
}

/** The outputs of a program, channels first. */
async function outputsOf({ channelsLast }: Runtime, job: Job): Promise<readonly Float32Array[]> {
  const outputs = await readOutputs(job);
  return channelsLast ? outputs.map((output) => channelsFirst(output, job)) : outputs;
}

function largestDifference(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  if (a.length !== b.length) throw new Error(`There are ${a.length} outputs, not ${b.length}.`);
  let largest = 0;
  for (const [n, output] of a.entries()) {
    // Not Math.max, which would have to see every value: a comparison with NaN is false.
    for (let i = 0; i < output.length; i++) {
      const difference = Math.abs(output[i] - b[n][i]);
      if (!(difference <= largest)) largest = difference;
    }
  }
  return largest;
}

await runBenchmark(async () => {
  prepareBackends();
  const folder = await mkdtemp(join(tmpdir(), 'unsung-peers-'));
  const entries: Entry[] = [];
  try {
    const { job, adds } = await prepareJob(folder);
    const found: Runtime[] = [THIS_PROJECT];
    for (const peer of peers(flags.python)) {
      const isThere = await peer.find().then(
        () => true,
        () => false,
      );
      if (isThere) found.push(peer);
      else console.log(`${peer.name} is not installed: ${peer.install}`);
    }
    let truth: readonly Float32Array[] | undefined;
    for (const threads of flags.threads.map(Number)) {
      for (const runtime of found) {
        const own = { ...job, threads, output: join(folder, `output-${entries.length}`) };
        const contender = await Contender.start(runtime.command, own);
        const outputs = await outputsOf(runtime, own);
        truth ??= outputs;
        const difference = largestDifference(truth, outputs);
        const never = Number.POSITIVE_INFINITY;
        entries.push({ runtime, threads, contender, difference, seconds: never, cpuSeconds: never });
        if (!(difference <= MAX_DIFFERENCE)) {
          throw new Error(`${contender.version}: a mask differs by ${difference} from this project's.`);
        }
      }
    }
    const rates: number[] = [];
    for (let n = 0; n < flags.repeats; n++) {
      rates.push(await matmulRate());
      for (const entry of entries) {
        await setTimeout(PAUSE);
        const { seconds, cpuSeconds } = await entry.contender.time();
        entry.seconds = Math.min(entry.seconds, seconds / job.patches);
        entry.cpuSeconds = Math.min(entry.cpuSeconds, cpuSeconds / job.patches);
      }
    }
    const rate = Math.max(...rates);
    console.log(`spleeter ${flags.quality}: ${(adds / 1e9).toFixed(2)}·10⁹ multiply-adds a patch; load ${loads()}`);
    console.log(`A matrix multiplication on one core of wasm: ${rate.toFixed(1)}·10⁹ multiply-adds a second`);
    const rows = entries.map(({ contender, threads, seconds, cpuSeconds, difference }) => {
      const own = entries.find((entry) => entry.runtime === THIS_PROJECT && entry.threads === threads);
      const speed = adds / 1e9 / seconds;
      return {
        version: contender.version,
        threads,
        seconds,
        cpuSeconds,
        timesThisProject: own!.seconds / seconds,
        speed,
        ofMatmul: speed / (rate * threads),
        difference,
      };
    });
    console.log(
      table(
        ['', 'threads', 's a patch', 'CPU, s', '× this project', '10⁹ multiply-adds a s', 'of matmul', 'difference'],
        rows.map((row) => [
          row.version,
          String(row.threads),
          row.seconds.toFixed(3),
          row.cpuSeconds.toFixed(3),
          row.timesThisProject.toFixed(2),
          row.speed.toFixed(1),
          `${(100 * row.ofMatmul).toFixed(0)} %`,
          row.difference.toExponential(0),
        ]),
      ),
    );
    return { quality: flags.quality, patches: job.patches, rate, rows };
  } finally {
    for (const { contender } of entries) contender.end();
    await rm(folder, { recursive: true, force: true });
  }
}, flags.json);
