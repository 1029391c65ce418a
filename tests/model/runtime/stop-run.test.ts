import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { mainNetwork } from '../../../src/model/manifest.ts';
import { networkShape } from '../../../src/model/network-shape.ts';
import { networkOnBackend } from '../../../src/model/runtime/network-on-backend.ts';
import { runNetworks } from '../../../src/model/runtime/run-network.ts';
import { createStopper, stop } from '../../../src/model/runtime/stop-run.ts';
import { useWasm } from '../graph/use-wasm.ts';
import { buildSpleeterFolder, loadBuilt } from '../spleeter-fixtures.ts';

useWasm();

it('a run that is stopped ends after a layer, leaves no tensor, and the next one is right', async () => {
  const model = await loadBuilt(await buildSpleeterFolder('spleeter'));
  const shape = networkShape(model.manifest);
  const values = Float32Array.from({ length: shape.bins * shape.frames * shape.channels }, (_, n) => Math.sin(n) ** 2);
  const fresh = async () => networkOnBackend(model, mainNetwork(model.manifest)[0]);
  const [undisturbed, network] = [await fresh(), await fresh()];
  const [expected] = await runNetworks([undisturbed], values, 1, shape);

  const stopper = createStopper();
  stop(stopper);
  const before = tf.memory().numTensors;
  await expect(runNetworks([network], values, 1, shape, stopper)).rejects.toMatchObject({ name: 'AbortError' });
  const [after] = await runNetworks([network], values, 1, shape, createStopper());
  expect(after).toEqual(expected);
  const filters = tf.memory().numTensors - before;
  await expect(runNetworks([network], values, 1, shape, stopper)).rejects.toMatchObject({ name: 'AbortError' });
  expect(tf.memory().numTensors - before).toBe(filters);
  for (const one of [undisturbed, network]) one.dispose();
});
