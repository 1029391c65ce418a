import * as tf from '@tensorflow/tfjs-core';
import { Command, Option } from 'commander';
import { buildGraph } from '../src/model/graph/build-graph.ts';
import { networkLayers } from '../src/model/graph/summary.ts';
import { folderReader } from '../src/model/load.node.ts';
import { loadModel } from '../src/model/load.ts';
import { mainNetwork, QUALITIES, type Quality } from '../src/model/manifest.ts';
import { networkShape } from '../src/model/network-shape.ts';
import { atQuality } from '../src/model/quality.ts';
import { prepareBackends } from '../src/model/runtime/backend.node.ts';
import { useBackend } from '../src/model/runtime/backend.ts';
import { networkOnBackend } from '../src/model/runtime/network-on-backend.ts';
import { findModel } from '../tools/lib/model-folder.ts';
import { loads, positive, runBenchmark, table } from './lib/command.ts';
import { matmulRate } from './lib/matmul-rate.ts';

/** The time of each layer of a model's first network for one patch, on one thread of wasm in Node: `npm run bench:layers`. */
const flags = new Command('bench:layers')
  .description('Times each layer of a network on wasm, in Node.')
  .option('--model <id>', 'a model of models/index.json (default: its default)')
  .addOption(new Option('--quality <quality>', 'of models that have both (default: best)').choices(QUALITIES))
  .option('--repeats <n>', 'passes; the quickest of each layer counts', positive, 10)
  .option('--json <file>', 'write all figures to this file')
  .parse()
  .opts<{ model?: string; quality?: Quality; repeats: number; json?: string }>();

await runBenchmark(async () => {
  prepareBackends();
  await useBackend('wasm');
  const rate = await matmulRate();
  const loaded = await loadModel(folderReader(await findModel(flags.model)));
  const manifest = atQuality(loaded.manifest, flags.quality);
  const [stem, description] = mainNetwork(manifest);
  const { bins, frames, channels } = networkShape(manifest);
  const network = await networkOnBackend(loaded, stem);
  const input = tf.randomUniform<tf.Rank.R4>([1, bins, frames, channels]);
  const times = new Map<string, number>();
  // The first pass packs the weights.
  for (let n = 0; n <= flags.repeats; n++) {
    let begun = performance.now();
    const output = network.predict(input, {
      onLayer(name) {
        const now = performance.now();
        if (n > 0) times.set(name, Math.min(times.get(name) ?? Number.POSITIVE_INFINITY, now - begun));
        begun = now;
      },
    });
    output.dispose();
  }
  const whole = [...times.values()].reduce((sum, ms) => sum + ms, 0);
  const layers = networkLayers(buildGraph(description), { bins, frames }).map(({ name, multiplyAdds }) => {
    const ms = times.get(name) ?? Number.NaN;
    return { name, multiplyAdds, ms, rate: multiplyAdds / (ms * 1e6) };
  });
  console.log(`${manifest.id} ${flags.quality ?? ''}, ${stem}: ${whole.toFixed(0)} ms a patch; load ${loads()}`);
  console.log(`A matrix multiplication: ${rate.toFixed(1)}·10⁹ multiply-adds a second`);
  const rows = layers.map(({ name, multiplyAdds, ms, rate: own }) => [
    name,
    (multiplyAdds / 1e6).toFixed(0),
    ms.toFixed(1),
    `${((100 * ms) / whole).toFixed(1)} %`,
    own.toFixed(1),
    (own / rate).toFixed(2),
  ]);
  console.log(table(['layer', '10⁶ multiply-adds', 'ms', 'of all', '10⁹ a second', '/ matmul rate'], rows));
  return { date: new Date().toISOString(), model: manifest.id, stem, rate, layers };
}, flags.json);
