import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { PatchDescription, ProbeValues } from '../../src/model/manifest.ts';
import { probeInput } from '../../src/model/probe.ts';

const VALUES = 64;

/**
 * The layers model's output on the probe's input, on the plain JavaScript backend: values from the smallest to the
 * greatest. A few seconds for the paper's network.
 */
export async function probeValues(model: LayersModel, patch: PatchDescription, seed = 1): Promise<ProbeValues> {
  const { bins, frames } = patch;
  const output = tf.tidy(
    () => model.predict(tf.tensor4d(probeInput(seed, patch), [1, bins, frames, 1]), { batchSize: 1 }) as tf.Tensor,
  );
  const values = await output.data();
  output.dispose();
  const ranked = Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  // Evenly by rank: the values differ from each other as much as the output does.
  const positions = Array.from(
    { length: VALUES },
    (_, n) => ranked[Math.round((n * (ranked.length - 1)) / (VALUES - 1))],
  );
  return { seed, positions, values: positions.map((position) => values[position]) };
}
