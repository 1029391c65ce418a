import * as tf from '@tensorflow/tfjs-core';

/** Computes one tensor. All its intermediate tensors belong to the caller's tidy. */
export type Compute = (x: tf.Tensor4D) => tf.Tensor4D;

/** “same” of TensorFlow, or the zeros around an image, as tf.conv2d takes them. */
export type Padding = 'same' | [[number, number], [number, number], [number, number], [number, number]];

/** Height, width, inputs and outputs. */
export type FilterShape = [number, number, number, number];

/**
 * Bytes of XNNPACK's pointers to what a convolution reads, one for each pixel and tap, that are allowed. It keeps them:
 * for the first and the last two layers of Spleeter, 34 MB without bands.
 */
const MAX_POINTER_BYTES = 2 * 1024 * 1024;
const POINTER_BYTES = 4;

/**
 * Convolves in bands of rows, where an image of this size needs many pointers. The numbers are the same.
 *
 * @param convolution convolves with a filter of this shape, with these strides, dilations and the padding that it is given
 */
export function inBands(
  convolution: (x: tf.Tensor4D, pad: Padding) => tf.Tensor4D,
  filter: FilterShape,
  { strides, dilations, pad }: { readonly strides: number; readonly dilations: number; readonly pad: Padding },
): Compute {
  return (x) => {
    const window = tf.backend_util.computeConv2DInfo(x.shape, filter, strides, dilations, pad);
    const { batchSize, inHeight, inWidth, inChannels, outHeight, padInfo, effectiveFilterHeight } = window;
    const rowBytes = batchSize * window.outWidth * filter[0] * filter[1] * POINTER_BYTES;
    let height = outHeight;
    // All bands are of one size: for another, XNNPACK would make its list again.
    while (height * rowBytes > MAX_POINTER_BYTES && height % 2 === 0) height /= 2;
    if (height === outHeight) return convolution(x, pad);
    const { top, left, right } = padInfo;
    const sides: Padding = [[0, 0], [0, 0], [left, right], [0, 0]];
    const inputRows = (height - 1) * strides + effectiveFilterHeight;
    return tf.tidy(() => {
      const bands: tf.Tensor4D[] = [];
      for (let row = 0; row < outHeight; row += height) {
        const first = row * strides - top;
        const [from, to] = [Math.max(0, first), Math.min(inHeight, first + inputRows)];
        const inside = tf.slice(x, [0, from, 0, 0], [batchSize, to - from, inWidth, inChannels]);
        const band =
          to - from === inputRows
            ? inside
            : tf.pad(inside, [[0, 0], [from - first, first + inputRows - to], [0, 0], [0, 0]]);
        bands.push(convolution(band, sides));
        inside.dispose();
        if (band !== inside) band.dispose();
      }
      return tf.concat(bands, 1);
    });
  };
}
