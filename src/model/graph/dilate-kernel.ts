import type { Weight } from '../weights.ts';

/**
 * Turns the kernel of a dilated convolution into the kernel of a plain one, with zeros between its values.
 *
 * @param kernel (kh, kw, in, out)
 */
export function dilateKernel({ values, shape }: Weight, dilation: number): Weight {
  const [height, width, inputs, outputs] = shape;
  const [rows, columns] = [height, width].map((side) => dilation * (side - 1) + 1);
  const dilated = new Float32Array(rows * columns * inputs * outputs);
  const size = inputs * outputs;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (row * width + column) * size;
      dilated.set(values.subarray(from, from + size), dilation * (row * columns + column) * size);
    }
  }
  return { values: dilated, shape: [rows, columns, inputs, outputs] };
}
