import { getThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { type AudioData, durationSeconds } from '../../src/audio/audio-data.ts';
import { messageText } from '../../src/core/message.ts';
import type { LoadedModel } from '../../src/model/load.ts';
import type { Quality } from '../../src/model/manifest.ts';
import { probeBackend } from '../../src/model/runtime/backend.ts';
import { MaskModel } from '../../src/model/runtime/mask-model.ts';
import { measurePass } from './measure-pass.ts';
import { measureRate } from './network-rate.ts';
import { isSlow, type Pace, paceOf } from './pace.ts';
import { type BackendResult, bestPass, type Pass, type TensorCount } from './results.ts';
import { beginning } from './song.ts';
import type { Clocks } from './stopwatch.ts';

export interface MeasureOptions {
  readonly backend: string;
  readonly song: AudioData;
  readonly clocks: Clocks;
  readonly quality?: Quality;
  readonly batchSize: number;
  readonly repeats: number;
  /** Called between the passes and the network's own measurement, which needs memory of its own. */
  readonly onPasses?: () => void;
}

/**
 * Measures one backend in this thread: passes over the song (the first, which warms up, is not counted), then the
 * network alone beside a matrix multiplication.
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
    // Where one pass takes long enough to compile everything on the way, it is not thrown away.
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
  // More than once before graphics are called slow: something else may have kept the processor busy.
  let tries = backend === 'webgl' ? 3 : 1;
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
  if (backend === 'webgl') return graphicsCard();
  return '';
}

function graphicsCard(): string {
  const gl = (tf.backend() as unknown as { gpgpu?: { gl?: WebGL2RenderingContext } }).gpgpu?.gl;
  const name = gl?.getExtension('WEBGL_debug_renderer_info')?.UNMASKED_RENDERER_WEBGL;
  return gl && name ? String(gl.getParameter(name)) : '';
}
