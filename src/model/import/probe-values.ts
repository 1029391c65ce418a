import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { ModelError } from '../../core/errors.ts';
import type { ProbeValues } from '../manifest.ts';
import type { NetworkShape } from '../network-shape.ts';
import { probeInput } from '../runtime/probe.ts';
import { allFinite } from './match-tensors.ts';

/** Output values in a probe. */
const PROBE_VALUES = 64;

/**
 * Computes the layers model's output on the probe's input, and picks values from the smallest to the greatest. The
 * plain JavaScript backend must be the current one. Takes a few seconds for the paper's network.
 *
 * @throws ModelError when the output is not finite
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
  // Even steps by rank, so that the picked values cover the output's range.
  const positions = Array.from(
    { length: PROBE_VALUES },
    (_, n) => ranked[Math.round((n * (ranked.length - 1)) / (PROBE_VALUES - 1))],
  );
  return { seed, positions, values: positions.map((position) => values[position]) };
}
