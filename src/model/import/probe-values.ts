import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { ModelError } from '../../core/errors.ts';
import type { ProbeValues } from '../manifest.ts';
import type { NetworkShape } from '../network-shape.ts';
import { probeInput } from '../runtime/probe.ts';
import { allFinite } from './match-tensors.ts';

const VALUES = 64;

/**
 * The layers model's output on the probe's input: values from the smallest to the greatest. To be called with the plain
 * JavaScript backend in use; a few seconds for the paper's network.
 *
 * @throws ModelError when the network makes infinities
 */
export function probeValues(
  model: LayersModel,
  shape: NetworkShape,
  where: string,
  seed = 1,
): Pick<ProbeValues, 'seed' | 'positions' | 'values'> {
  const { bins, frames, channels } = shape;
  const values = tf.tidy(() => {
    const input = tf.tensor4d(probeInput(seed, shape), [1, bins, frames, channels]);
    return (model.predict(input, { batchSize: 1 }) as tf.Tensor).dataSync() as Float32Array;
  });
  if (!allFinite(values)) {
    throw new ModelError('checkpoint.output-not-finite', { where });
  }
  const ranked = Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  // Evenly by rank: the values differ from each other as much as the output does.
  const positions = Array.from(
    { length: VALUES },
    (_, n) => ranked[Math.round((n * (ranked.length - 1)) / (VALUES - 1))],
  );
  return { seed, positions, values: positions.map((position) => values[position]) };
}
