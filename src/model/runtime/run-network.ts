import * as tf from '@tensorflow/tfjs-core';
import type { FusedNetwork } from '../graph/compile-fused.ts';
import type { NetworkShape } from '../network-shape.ts';
import { graphicsDevice } from './graphics-device.ts';
import { type Stopper, throwIfStopped } from './stop-run.ts';

/**
 * Runs networks on plain arrays. Leaves no tensor behind, also when one fails.
 *
 * @param values [n, bins, frames, channels], as the networks take them
 * @param stopper see stop-run.ts; it is looked at between the blocks of layers
 * @returns their outputs, in the same layout
 * @throws an AbortError when the stopper says so
 * @throws BackendError when the graphics device is lost or reports an error; whatever TF.js throws when the backend
 * fails
 */
export async function runNetworks(
  networks: readonly FusedNetwork[],
  values: Float32Array,
  n: number,
  { bins, frames, channels }: NetworkShape,
  stopper?: Stopper,
): Promise<readonly Float32Array[]> {
  const input = tf.tensor4d(values, [n, bins, frames, channels]);
  try {
    const outputs: Float32Array[] = [];
    for (const network of networks) outputs.push(await runNetwork(network, input, stopper));
    return outputs;
  } finally {
    input.dispose();
  }
}

async function runNetwork(network: FusedNetwork, input: tf.Tensor4D, stopper?: Stopper): Promise<Float32Array> {
  let output: tf.Tensor4D | undefined;
  const compute = () => {
    output = network.predict(input, { onLayer: stopper && (() => throwIfStopped(stopper)) });
    return output.data() as Promise<Float32Array>;
  };
  try {
    const device = graphicsDevice();
    return await (device ? device.watch(compute) : compute());
  } finally {
    (output as tf.Tensor4D | undefined)?.dispose();
  }
}
