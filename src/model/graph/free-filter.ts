import * as tf from '@tensorflow/tfjs-core';
import type { WasmBackend } from './wasm-backend.ts';

/**
 * Frees the values of a filter after its first matrix product on wasm (matrix-convolution.ts). XNNPACK runs on a packed
 * copy then, which TF.js keeps for as long as the tensor is there and the product has the same bias and activation.
 * Nothing else may read the tensor. On other backends this does nothing.
 */
export function freeFilter(filter: tf.Tensor): void {
  if (tf.getBackend() !== 'wasm') return;
  const { wasm, dataIdMap } = tf.backend() as unknown as WasmBackend;
  const data = dataIdMap.get(filter.dataId);
  if (!data) return;
  wasm._free(data.memoryOffset);
  // TF.js frees this with the tensor; freeing 0 does nothing.
  data.memoryOffset = 0;
}
