import * as tf from '@tensorflow/tfjs-core';

/** The stride of every convolution of the network: it halves, or doubles, each side. */
const STRIDE = 2;

/**
 * A convolution of stride 2 with padding “same” that has a gradient on every backend.
 * @param kernel (kh, kw, in, out)
 */
export function convolve(x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  if (hasKernelGradient()) return tf.conv2d(x, kernel, STRIDE, 'same');
  const run = tf.customGrad((x, kernel, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor, kernel as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [input, weights] = saved as [tf.Tensor4D, tf.Tensor4D];
      return [
        tf.conv2dTranspose(dy as tf.Tensor4D, weights, input.shape, STRIDE, 'same'),
        kernelGradient(input, dy as tf.Tensor4D, weights.shape),
      ];
    };
    return { value: tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, STRIDE, 'same'), gradFunc };
  });
  return run(x, kernel) as tf.Tensor4D;
}

/**
 * A transposed convolution of stride 2 with padding “same”: its output is twice as large.
 * @param kernel (kh, kw, out, in)
 */
export function deconvolve(x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  const [n, height, width] = x.shape;
  const shape: [number, number, number, number] = [n, STRIDE * height, STRIDE * width, kernel.shape[2]];
  if (hasKernelGradient()) return tf.conv2dTranspose(x, kernel, shape, STRIDE, 'same');
  const run = tf.customGrad((x, kernel, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor, kernel as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [input, weights] = saved as [tf.Tensor4D, tf.Tensor4D];
      return [
        tf.conv2d(dy as tf.Tensor4D, weights, STRIDE, 'same'),
        kernelGradient(dy as tf.Tensor4D, input, weights.shape),
      ];
    };
    return { value: tf.conv2dTranspose(x as tf.Tensor4D, kernel as tf.Tensor4D, shape, STRIDE, 'same'), gradFunc };
  });
  return run(x, kernel) as tf.Tensor4D;
}

/** Whether the backend has the gradient of a convolution for its kernel; TF.js's wasm backend has not. */
export function hasKernelGradient(): boolean {
  return tf.getKernel('Conv2DBackpropFilter', tf.getBackend()) !== undefined;
}

/**
 * The same gradient from operations that every backend has: for each tap of the kernel, the input under that tap,
 * transposed, times the gradient of the output.
 */
function kernelGradient(x: tf.Tensor4D, dy: tf.Tensor4D, shape: [number, number, number, number]): tf.Tensor4D {
  const [height, width, inputs, outputs] = shape;
  return tf.tidy(() => {
    const [n, rows, columns] = dy.shape;
    // “Same” at even sizes: one row before, the rest after.
    const padded = tf.pad(x, [
      [0, 0],
      [1, height - 3],
      [1, width - 3],
      [0, 0],
    ]);
    const flat = tf.reshape(dy, [-1, outputs]) as tf.Tensor2D;
    const taps: tf.Tensor[] = [];
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const end = [n, i + STRIDE * (rows - 1) + 1, j + STRIDE * (columns - 1) + 1, inputs];
        const met = tf.stridedSlice(padded, [0, i, j, 0], end, [1, STRIDE, STRIDE, 1]);
        taps.push(tf.matMul(tf.reshape(met, [-1, inputs]) as tf.Tensor2D, flat, true, false));
      }
    }
    return tf.reshape(tf.stack(taps), shape) as tf.Tensor4D;
  });
}
