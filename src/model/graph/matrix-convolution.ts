import * as tf from '@tensorflow/tfjs-core';
import type { WasmBackend } from './wasm-backend.ts';

/** The kernel of `columnsOf`; TF.js has none like it. */
const COLUMNS = 'UnsungColumns';
/** Bytes of a matrix of columns at most, unless one place needs more. */
const MAX_COLUMN_BYTES = 4 * 1024 * 1024;

type Window = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/** Places of a convolution's output, counted through patches, rows and columns. */
interface Columns {
  readonly window: Window;
  readonly first: number;
  readonly count: number;
}

interface FusedConvolution extends Omit<Parameters<typeof tf.fused.matMul>[0], 'a' | 'b'> {
  readonly x: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
  readonly strides: number;
  readonly pad: Parameters<typeof tf.conv2d>[3];
}

tf.registerKernel({
  kernelName: COLUMNS,
  backendName: 'wasm',
  kernelFunc({ inputs, attrs, backend }) {
    const wasm = backend as unknown as WasmBackend;
    const { window, first, count } = attrs as unknown as Columns;
    const width = window.filterHeight * window.filterWidth * window.inChannels;
    // This may grow wasm's memory, which ends older views of it.
    const output = wasm.makeOutput([count, width], 'float32');
    writeColumns(wasm.typedArrayFromHeap(inputs.x as tf.TensorInfo), wasm.typedArrayFromHeap(output), {
      window,
      first,
      count,
    });
    return output;
  },
});

/**
 * Convolves without dilation as a matrix product: of what lies below the filter at each place, and the filter. On wasm
 * TF.js keeps a transposed copy of a convolution's filter beside XNNPACK's packed one, but none of a product's matrix.
 * The sums are made in the same order: the numbers are the same.
 *
 * @param convolution as for tf.fused.conv2d
 */
export function convolveAsProduct({ x, filter, strides, pad, ...fused }: FusedConvolution): tf.Tensor4D {
  const window = tf.backend_util.computeConv2DInfo(x.shape, filter.shape, strides, 1, pad);
  const { batchSize, outHeight, outWidth, outChannels, filterHeight, filterWidth, inChannels, outShape } = window;
  const places = batchSize * outHeight * outWidth;
  const width = filterHeight * filterWidth * inChannels;
  const step = Math.max(1, Math.floor(MAX_COLUMN_BYTES / (4 * width)));
  return tf.tidy(() => {
    const b = tf.reshape<tf.Rank.R2>(filter, [width, outChannels]);
    const parts: tf.Tensor2D[] = [];
    for (let first = 0; first < places; first += step) {
      const attrs: Columns = { window, first, count: Math.min(step, places - first) };
      const a: tf.Tensor2D = tf.engine().runKernel(COLUMNS, { x }, attrs as unknown as tf.NamedAttrMap);
      parts.push(tf.fused.matMul({ a, b, ...fused }) as tf.Tensor2D);
      a.dispose();
    }
    return tf.reshape(parts.length === 1 ? parts[0] : tf.concat(parts, 0), outShape);
  });
}

function writeColumns(from: Float32Array<ArrayBuffer>, to: Float32Array<ArrayBuffer>, columns: Columns): void {
  const { window, first, count } = columns;
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, padInfo } = window;
  // Both are in wasm's memory, where one call copies from place to place.
  const heap = new Float32Array(from.buffer);
  const source = from.byteOffset / 4;
  const length = filterWidth * inChannels;
  let at = to.byteOffset / 4;
  for (let place = first; place < first + count; place++) {
    const row = Math.floor(place / outWidth);
    const patch = Math.floor(row / outHeight);
    const top = (row % outHeight) * window.strideHeight - padInfo.top;
    const left = (place % outWidth) * window.strideWidth - padInfo.left;
    const start = Math.max(0, left);
    const end = Math.max(start, Math.min(inWidth, left + filterWidth));
    for (let y = top; y < top + filterHeight; y++, at += length) {
      const inside = y >= 0 && y < inHeight;
      if (!inside || end - start < filterWidth) heap.fill(0, at, at + length);
      if (!inside) continue;
      const line = source + (patch * inHeight + y) * inWidth * inChannels;
      heap.copyWithin(at + (start - left) * inChannels, line + start * inChannels, line + end * inChannels);
    }
  }
}
