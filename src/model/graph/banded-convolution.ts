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
/** Bytes of joined tensors from which on they are joined in bands. */
const MAX_JOINED_BYTES = 8 * 1024 * 1024;
/** Rows of such a band. */
const BAND_ROWS = 64;

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
    const { batchSize, inHeight, outHeight, padInfo, effectiveFilterHeight } = window;
    const rowBytes = batchSize * window.outWidth * filter[0] * filter[1] * POINTER_BYTES;
    let height = outHeight;
    // All bands are of one size: for another, XNNPACK would make its list again.
    while (height * rowBytes > MAX_POINTER_BYTES && height % 2 === 0) height /= 2;
    if (height === outHeight) return convolution(x, pad);
    const { top, left, right } = padInfo;
    const sides: Padding = [
      [0, 0],
      [0, 0],
      [left, right],
      [0, 0],
    ];
    const inputRows = (height - 1) * strides + effectiveFilterHeight;
    return tf.tidy(() => {
      const bands: tf.Tensor4D[] = [];
      for (let row = 0; row < outHeight; row += height) {
        const first = row * strides - top;
        const [from, to] = [Math.max(0, first), Math.min(inHeight, first + inputRows)];
        const inside = rowsOf(x, from, to - from);
        const band =
          to - from === inputRows
            ? inside
            : tf.pad(inside, [
                [0, 0],
                [from - first, first + inputRows - to],
                [0, 0],
                [0, 0],
              ]);
        bands.push(convolution(band, sides));
        inside.dispose();
        if (band !== inside) band.dispose();
      }
      return tf.concat(bands, 1);
    });
  };
}

/**
 * Whether a transposed convolution of joined images should run in bands of rows (`transposedInBands`), so that the joined
 * image is never whole in memory.
 */
export function needsBands(images: readonly tf.Tensor4D[]): boolean {
  const [n, rows] = images[0].shape;
  const bytes = images.reduce((sum, { size }) => sum + 4 * size, 0);
  return (
    tf.getBackend() === 'wasm' && n === 1 && bytes > MAX_JOINED_BYTES && rows % BAND_ROWS === 0 && rows > BAND_ROWS
  );
}

/**
 * Joins images along their channels and convolves them, in bands of rows. The numbers are the same.
 *
 * @param convolution a transposed convolution of stride 2 with “same” padding, whose kernel reaches one row up and down
 */
export function transposedInBands(images: readonly tf.Tensor4D[], convolution: Compute): tf.Tensor4D {
  const [, rows] = images[0].shape;
  const height = BAND_ROWS + 2;
  return tf.tidy(() => {
    const bands: tf.Tensor4D[] = [];
    for (let row = 0; row < rows; row += BAND_ROWS) {
      // All of one size: at the edges they begin or end further inside.
      const from = Math.min(Math.max(0, row - 1), rows - height);
      const band = tf.tidy(() => {
        const joined = tf.concat(
          images.map((image) => rowsOf(image, from, height)),
          3,
        );
        return rowsOf(convolution(joined), 2 * (row - from), 2 * BAND_ROWS);
      });
      bands.push(band);
    }
    return tf.concat(bands, 1);
  });
}

function rowsOf(x: tf.Tensor4D, from: number, count: number): tf.Tensor4D {
  const [n, , columns, channels] = x.shape;
  return tf.slice(x, [0, from, 0, 0], [n, count, columns, channels]);
}
