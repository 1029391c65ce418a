import * as tf from '@tensorflow/tfjs-core';
import type { FastNetwork } from '../../src/model/graph/compile-fused.ts';
import type { LoadedModel } from '../../src/model/load.ts';
import { networksOf, type Quality } from '../../src/model/manifest.ts';
import { networkShape } from '../../src/model/network-shape.ts';
import { atQuality } from '../../src/model/quality.ts';
import { probeInput } from '../../src/model/runtime/probe.ts';
import { networkOnBackend } from '../../src/model/runtime/network-on-backend.ts';
import { runNetworks } from '../../src/model/runtime/run-network.ts';
import { multiplyAdds } from '../../src/model/runtime/speed.ts';
import type { NetworkRate } from './results.ts';

/**
 * Times the networks of a quality on one patch and the product of two square float32 matrices on the backend in use, by turns, so
 * that both meet the same machine; the least of `repeats` each, after a first that compiles and uploads.
 *
 * @param now milliseconds; the processor's, where its time can be had and no graphics card computes
 */
export async function measureRate(
  loaded: LoadedModel,
  quality: Quality | undefined,
  matmulSize: number,
  repeats: number,
  now: () => number,
): Promise<NetworkRate> {
  const manifest = atQuality(loaded.manifest, quality);
  const networks: FastNetwork[] = [];
  for (const [stem] of networksOf(manifest)) networks.push(await networkOnBackend(loaded, stem));
  const shape = networkShape(manifest);
  const values = probeInput(manifest.probe.seed, shape);
  const a = tf.randomUniform<tf.Rank.R2>([matmulSize, matmulSize], -1, 1);
  const b = tf.randomUniform<tf.Rank.R2>([matmulSize, matmulSize], -1, 1);
  const timed = async (run: () => Promise<unknown>): Promise<number> => {
    const start = now();
    await run();
    return now() - start;
  };
  let msPerPatch = Number.POSITIVE_INFINITY;
  let matmulMs = Number.POSITIVE_INFINITY;
  try {
    for (let n = 0; n <= repeats; n++) {
      const patch = await timed(() => runNetworks(networks, values, 1, shape));
      const product = await timed(() => multiply(a, b));
      if (n === 0) continue;
      msPerPatch = Math.min(msPerPatch, patch);
      matmulMs = Math.min(matmulMs, product);
    }
  } finally {
    for (const network of networks) network.dispose();
    tf.dispose([a, b]);
  }
  return {
    msPerPatch,
    networkGmacs: multiplyAdds(manifest) / (msPerPatch * 1e6),
    matmulGmacs: matmulSize ** 3 / (matmulMs * 1e6),
    matmulSize,
  };
}

/** Multiplies, and reads one number back: only then is a graphics card done. */
async function multiply(a: tf.Tensor2D, b: tf.Tensor2D): Promise<void> {
  const corner = tf.tidy(() => tf.slice(tf.matMul(a, b), [0, 0], [1, 1]));
  await corner.data();
  corner.dispose();
}
