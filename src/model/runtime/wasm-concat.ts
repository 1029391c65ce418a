import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { WasmBackend } from '../graph/wasm-backend.ts';

/** Numbers of one input that follow each other in the output; rows from this length on are copied fast enough. */
const MIN_LONG_ROW = 64;

// TF.js copies each row with TypedArray.set, and a call of it takes longer than copying a few numbers: on the largest
// layers that join 16 channels, ten times as long. A loop over pairs of numbers takes a quarter of that.
const original = tf.getKernel(tf.Concat, 'wasm')!;
tf.unregisterKernel(tf.Concat, 'wasm');
tf.registerKernel({
  ...original,
  kernelFunc(call) {
    const inputs = call.inputs as unknown as readonly tf.TensorInfo[];
    const [axis] = tf.util.parseAxisParam(call.attrs!.axis as number, inputs[0].shape);
    const rows = inputs.map(({ shape }) => tf.util.sizeFromShape(shape.slice(axis)));
    const fits = rows.every((row) => row > 0 && row < MIN_LONG_ROW && row % 2 === 0);
    if (!fits || inputs.some(({ dtype }) => dtype !== 'float32')) return original.kernelFunc(call);
    const backend = call.backend as WasmBackend;
    const shapes = inputs.map(({ shape }) => shape);
    const output = backend.makeOutput(tf.backend_util.computeOutShape(shapes, axis), 'float32');
    const stride = rows.reduce((sum, row) => sum + row, 0);
    const to = pairs(backend.typedArrayFromHeap(output));
    let first = 0;
    for (const [n, input] of inputs.entries()) {
      copyRows(pairs(backend.typedArrayFromHeap(input)), to, {
        row: rows[n] / 2,
        first: first / 2,
        stride: stride / 2,
      });
      first += rows[n];
    }
    return output;
  },
});

/** The same memory, two numbers at a time. Tensors begin at multiples of 16 bytes. */
function pairs({ buffer, byteOffset, length }: Float32Array): Float64Array {
  return new Float64Array(buffer, byteOffset, length / 2);
}

interface Place {
  /** Pairs of each row, where the first row goes, and how far the next row is from it. */
  readonly row: number;
  readonly first: number;
  readonly stride: number;
}

function copyRows(from: Float64Array, to: Float64Array, { row, first, stride }: Place): void {
  for (let at = 0, start = first; at < from.length; start += stride) {
    for (let n = 0; n < row; n++, at++) to[start + n] = from[at];
  }
}
