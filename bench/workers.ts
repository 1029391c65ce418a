import { Command, Option } from 'commander';
import { QUALITIES, type Quality } from '../src/model/manifest.ts';
import type { MaskModel } from '../src/model/runtime/mask-model.ts';
import { multiplyAdds } from '../src/model/runtime/speed.ts';
import { separate } from '../src/separation/separate.ts';
import { findModel, openModel } from '../tools/lib/model-folder.ts';
import { loads, positive, runBenchmark, table } from './lib/command.ts';
import { matmulRate } from './lib/matmul-rate.ts';
import { madeUpSong } from './stages/song.ts';

/**
 * Compares numbers of threads that compute a model's networks, decoded samples to stems, in Node. The numbers take turns
 * in one run, and the quickest pass of each counts: `npm run bench:workers`.
 */
const flags = new Command('bench:workers')
  .description('Compares numbers of threads that compute the networks, in Node.')
  .option('--model <id>', 'a model of models/index.json (default: its default)')
  .addOption(new Option('--quality <quality>', 'of models that have both (default: best)').choices(QUALITIES))
  .option('--threads <n...>', 'numbers of threads; 1: without another thread', ['1', '2', '4'])
  .option('--seconds <n>', 'length of the stereo noise that is separated', positive, 60)
  .option('--repeats <n>', 'passes for each number of threads', positive, 3)
  .option('--json <file>', 'write all figures to this file')
  .parse()
  .opts<Flags>();

interface Flags {
  readonly model?: string;
  readonly quality?: Quality;
  readonly threads: readonly string[];
  readonly seconds: number;
  readonly repeats: number;
  readonly json?: string;
}

await runBenchmark(async () => {
  const song = madeUpSong(flags.seconds);
  const folder = await findModel(flags.model);
  const counts = flags.threads.map(Number);
  const models: MaskModel[] = [];
  for (const count of counts) models.push(await openModel(folder, count));
  const { manifest } = models[0];
  const times = counts.map(() => Number.POSITIVE_INFINITY);
  const pass = async (index: number) => {
    const begun = performance.now();
    for await (const _ of separate(song, models[index], { quality: manifest.qualities && flags.quality }));
    return (performance.now() - begun) / 1000;
  };
  // Loads the weights and compiles.
  for (const index of counts.keys()) await pass(index);
  const rates: number[] = [];
  for (let n = 0; n < flags.repeats; n++) {
    rates.push(await matmulRate());
    for (const index of counts.keys()) times[index] = Math.min(times[index], await pass(index));
  }
  for (const model of models) await model.dispose();
  const rate = Math.max(...rates);
  const adds = multiplyAdds(manifest, flags.quality) / 1e9;
  console.log(`${manifest.id} ${flags.quality ?? ''}: ${adds.toFixed(2)}·10⁹ multiply-adds a patch; load ${loads()}`);
  console.log(`A matrix multiplication on one core: ${rate.toFixed(1)}·10⁹ multiply-adds a second`);
  const rows = counts.map((count, index) => {
    const speed = flags.seconds / times[index];
    const ratios = [speed, times[0] / times[index], speed / rate];
    return [String(count), ...ratios.map((value) => value.toFixed(2))];
  });
  console.log(table(['threads', '× real time', `times ${counts[0]} thread`, '× real time / matmul rate'], rows));
  return { model: manifest.id, quality: flags.quality, rate, counts, times };
}, flags.json);
// Threads that are idle keep a process alive.
process.exit();
