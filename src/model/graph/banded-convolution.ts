import * as tf from '@tensorflow/tfjs-core';

/** Computes one tensor. All its intermediate tensors belong to the caller's tidy. */
export type Compute = (x: tf.Tensor4D) => tf.Tensor4D;

/**
 * Rows that a dilated convolution computes at a time. XNNPACK keeps a pointer for each pixel and tap: for Spleeter's last
 * layer 33 MB instead of 8.
 */
const BAND_ROWS = 256;

/**
 * Pads as “same” does and convolves in bands of rows.
 *
 * @param convolution of stride 1 and without padding
 * @param reach rows, and columns, by which its output is smaller than its input
 */
export function inBands(convolution: Compute, reach: number): Compute {
  const before = Math.floor(reach / 2);
  const pad: [number, number] = [before, reach - before];
  return (x) =>
    tf.tidy(() => {
      const [n, rows, columns, channels] = x.shape;
      const padded = tf.pad(x, [[0, 0], pad, pad, [0, 0]]);
      const height = rows % BAND_ROWS === 0 ? BAND_ROWS : rows;
      const bands: tf.Tensor4D[] = [];
      for (let row = 0; row < rows; row += height) {
        bands.push(convolution(tf.slice(padded, [0, row, 0, 0], [n, height + reach, columns + reach, channels])));
      }
      return bands.length === 1 ? bands[0] : tf.concat(bands, 1);
    });
}
