import type { NamedWeights, Weight } from '../weights.ts';
import type { LayerNode } from './layer-graph.ts';

/** A batch norm at inference: scale · x + shift for each channel. */
export interface Affine {
  readonly scale: Float32Array<ArrayBuffer>;
  readonly shift: Float32Array<ArrayBuffer>;
}

/**
 * Computes the scale and the shift of a batch norm at inference, (x − mean) · γ/√(variance + ε) + β (Ioffe & Szegedy
 * 2015, algorithm 2).
 *
 * @param name the batch norm's node
 */
export function normFactors(name: string, epsilon: number, weights: NamedWeights): Affine {
  const values = (part: string) => weights.get(`${name}/${part}`)!.values;
  const variance = values('moving_variance');
  const mean = values('moving_mean');
  const scale = Float32Array.from(values('gamma'), (gamma, c) => gamma / Math.sqrt(variance[c] + epsilon));
  const shift = Float32Array.from(values('beta'), (beta, c) => beta - mean[c] * scale[c]);
  return { scale, shift };
}

/** The kernel and bias of a convolution, with the batch norm after it, if any, folded in. */
export interface FoldedConvolution {
  /** (kh, kw, in, out) for both kinds of convolution. */
  readonly kernel: Weight;
  readonly bias: Float32Array<ArrayBuffer>;
}

/**
 * Folds a batch norm into a convolution.
 *
 * @param norm the only node that reads the convolution's raw output; undefined: only the kernel's axes change
 */
export function foldConvolution(
  node: LayerNode,
  norm: LayerNode | undefined,
  weights: NamedWeights,
): FoldedConvolution {
  const stored = weights.get(`${node.name}/kernel`)!;
  const transposed = node.operation.kind === 'transposed-convolution';
  const kernel = transposed ? inputsFirst(stored) : stored;
  const storedBias = weights.get(`${node.name}/bias`)?.values;
  const bias = storedBias ? Float32Array.from(storedBias) : new Float32Array(node.channels);
  if (norm?.operation.kind !== 'batch-norm') return { kernel, bias };
  const { scale, shift } = normFactors(norm.name, norm.operation.epsilon, weights);
  // The kernel of a transposed convolution is already a copy.
  const folded = transposed ? kernel.values : kernel.values.slice();
  for (let i = 0; i < folded.length; i++) folded[i] *= scale[i % node.channels];
  return { kernel: { shape: kernel.shape, values: folded }, bias: bias.map((b, c) => b * scale[c] + shift[c]) };
}

/** Swaps the last two axes: TensorFlow stores a transposed convolution's kernel as (kh, kw, out, in). */
function inputsFirst(kernel: Weight): Weight {
  const [height, width, outputs, inputs] = kernel.shape;
  const values = new Float32Array(kernel.values.length);
  const area = inputs * outputs;
  for (let tap = 0; tap < height * width; tap++) {
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++)
        values[tap * area + i * outputs + o] = kernel.values[tap * area + o * inputs + i];
    }
  }
  return { shape: [height, width, inputs, outputs], values };
}
