import { getThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { type AudioData, durationSeconds } from '../../src/audio/audio-data.ts';
import { messageText } from '../../src/core/message.ts';
import type { FusedNetwork } from '../../src/model/graph/compile-fused.ts';
import type { LoadedModel } from '../../src/model/load.ts';
import { networksOf, type Quality } from '../../src/model/manifest.ts';
import { networkShape } from '../../src/model/network-shape.ts';
import { atQuality } from '../../src/model/quality.ts';
import { probeBackend } from '../../src/model/runtime/backend.ts';
import { graphicsDevice } from '../../src/model/runtime/graphics-device.ts';
import { MaskModel } from '../../src/model/runtime/mask-model.ts';
import { networkOnBackend } from '../../src/model/runtime/network-on-backend.ts';
import { probeInput } from '../../src/model/runtime/probe.ts';
import { runNetworks } from '../../src/model/runtime/run-network.ts';
import { multiplyAdds } from '../../src/model/runtime/speed.ts';
import { type Clocks, measurePass } from './measure-pass.ts';
import { type BackendResult, bestPass, type NetworkRate, type Pass, type TensorCount } from './results.ts';
import { beginning, GRAPHICS, isSlow, type Pace, paceOf } from './song.ts';

export interface MeasureOptions {
  readonly backend: string;
  readonly song: AudioData;
  readonly clocks: Clocks;
  readonly quality?: Quality;
  readonly batchSize: number;
  readonly repeats: number;
  /** Called after the passes and before the network alone is measured, which needs more memory. */
  readonly onPasses?: () => void;
}

/**
 * Measures one backend in this thread: passes over the song (the first one warms up and is not counted), then the
 * network alone and a matrix multiplication.
 *
 * @throws Error when the backend does not start or computes wrongly
 */
export async function measureBackend(
  loaded: LoadedModel,
  options: MeasureOptions,
): Promise<Pick<BackendResult, 'details' | 'seconds' | 'patches' | 'pass' | 'passes' | 'rate' | 'tensors'>> {
  const { backend, quality, clocks, batchSize, onPasses } = options;
  const { seconds, repeats, matmulSize } = await choosePace(loaded, options);
  const song = beginning(options.song, seconds);
  const model = await MaskModel.create(loaded, backend);
  model.batchSize = batchSize;
  const passes: Pass[] = [];
  let before: TensorCount;
  try {
    await model.warmUp(quality);
    before = tensorCount();
    // A single pass is long enough to compile everything on the way: it counts.
    if (repeats > 1) await measurePass(song, model, { quality, batchSize }, clocks);
    for (let n = 0; n < repeats; n++) passes.push(await measurePass(song, model, { quality, batchSize }, clocks));
  } finally {
    onPasses?.();
  }
  const after = tensorCount();
  await model.dispose();
  const rate = await measureRate(loaded, quality, matmulSize, 2 * repeats, clocks.cpu ?? clocks.wall);
  return {
    details: detailsOf(backend),
    seconds: durationSeconds(song),
    patches: passes[0].patches,
    pass: bestPass(passes),
    passes: passes.length,
    rate,
    tensors: { before, after },
  };
}

/** @throws Error when the backend does not start or computes wrongly */
async function choosePace(loaded: LoadedModel, { backend, clocks, repeats }: MeasureOptions): Promise<Pace> {
  let best = Number.POSITIVE_INFINITY;
  // Graphics are slow only when several tries say so: another program may have kept the processor busy.
  let tries = GRAPHICS.includes(backend) ? 3 : 1;
  do {
    const { ok, reason, probeMs = 0 } = await probeBackend(loaded, backend, clocks.cpu ?? clocks.wall);
    if (!ok) throw new Error(reason ? messageText(reason) : 'It does not start here.');
    best = Math.min(best, probeMs);
  } while (--tries > 0 && isSlow(backend, best));
  return paceOf(backend, best, loaded.manifest, repeats);
}

function tensorCount(): TensorCount {
  const { numTensors, numBytes } = tf.memory();
  return { tensors: numTensors, bytes: numBytes };
}

function detailsOf(backend: string): string {
  if (backend === 'wasm') {
    const simd = tf.env().get('WASM_HAS_SIMD_SUPPORT') ? 'SIMD' : 'no SIMD';
    const threads = getThreadsCount();
    return `${simd}, ${threads} thread${threads === 1 ? '' : 's'}`;
  }
  const device = graphicsDevice();
  return device ? `${device.isSoftware ? 'software: ' : ''}${device.name}` : '';
}

/**
 * Times a quality's networks on one patch and the product of two square float32 matrices, in turns on the backend in
 * use. Gives the least of `repeats` each; a first turn, which compiles and uploads, is not counted.
 *
 * @param now milliseconds: processor time where it is known and no graphics card computes
 */
async function measureRate(
  loaded: LoadedModel,
  quality: Quality | undefined,
  matmulSize: number,
  repeats: number,
  now: () => number,
): Promise<NetworkRate> {
  const manifest = atQuality(loaded.manifest, quality);
  const networks: FusedNetwork[] = [];
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

/** Multiplies and reads one number back: only then has a graphics card finished. */
async function multiply(a: tf.Tensor2D, b: tf.Tensor2D): Promise<void> {
  const corner = tf.tidy(() => tf.slice(tf.matMul(a, b), [0, 0], [1, 1]));
  await corner.data();
  corner.dispose();
}
