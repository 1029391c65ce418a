import type * as tf from '@tensorflow/tfjs-core';

/** Part of BackendWasm, in tfjs-backend-wasm/src/backend_wasm.ts. */
export interface WasmBackend {
  readonly wasm: { _free(offset: number): void };
  readonly dataIdMap: { get(dataId: object): { memoryOffset: number } | undefined };
  /** May grow wasm's memory, which ends older views of it. */
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  /** A view of the tensor's numbers in wasm's memory. */
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array<ArrayBuffer>;
}
