import { folderReader } from '../../src/model/load.node.ts';
import { loadModel } from '../../src/model/load.ts';
import { prepareBackends } from '../../src/model/runtime/backend.node.ts';
import { useBackend } from '../../src/model/runtime/backend.ts';
import { NetworkPool } from '../../src/model/runtime/network-pool.ts';
import { LocalNetworks } from '../../src/model/runtime/networks.ts';
import { networkThreads } from '../../tools/lib/network-threads.ts';
import { readPatches, serve } from './serve.ts';

/** This project: TensorFlow.js's wasm, in this thread or in several. */
await serve(async (job) => {
  prepareBackends();
  await useBackend('wasm');
  const loaded = await loadModel(folderReader(job.model));
  const networks =
    job.threads === 1 ? new LocalNetworks(loaded) : new NetworkPool(loaded, networkThreads(loaded, job.threads));
  const patches = await readPatches(job.inputs.channelsLast, job);
  const stems = job.networks.map(({ stem }) => stem);
  const predict = (values: Float32Array) => networks.run({ stems, values, n: 1, shape: job });
  return {
    version: 'this project',
    async run() {
      if (job.threads > 1) return (await Promise.all(patches.map(predict))).flat();
      const outputs: Float32Array[] = [];
      for (const patch of patches) outputs.push(...(await predict(patch)));
      return outputs;
    },
  };
});
