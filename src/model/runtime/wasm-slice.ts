import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { WasmBackend } from '../graph/wasm-backend.ts';

// TF.js copies the whole tensor out of wasm for each slice: megabytes of garbage. Neighbouring numbers, such as rows of an
// image, need one copy within wasm's memory.
const original = tf.getKernel(tf.Slice, 'wasm')!;
tf.unregisterKernel(tf.Slice, 'wasm');
tf.registerKernel({
  ...original,
  kernelFunc(call) {
    const x = call.inputs.x as tf.Tensor;
    const { begin, size } = call.attrs as unknown as tf.SliceAttrs;
    const [from, shape] = tf.slice_util.parseSliceParams(x, begin, size);
    if (x.dtype !== 'float32' || !tf.slice_util.isSliceContinous(x.shape, from, shape))
      return original.kernelFunc(call);
    const backend = call.backend as unknown as WasmBackend;
    const output = backend.makeOutput(shape, 'float32');
    const first = tf.slice_util.computeFlatOffset(from, tf.util.computeStrides(x.shape));
    const values = backend.typedArrayFromHeap(x).subarray(first, first + tf.util.sizeFromShape(shape));
    backend.typedArrayFromHeap(output).set(values);
    return output;
  },
});
