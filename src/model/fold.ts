import type { NetworkDescription } from './manifest.ts';
import type { LayerPlan } from './plan.ts';
import type { NamedWeights, Weight } from './weights.ts';

/** A layer's numbers in the form that network.ts computes with. */
export interface FoldedLayer {
  /** (kh, kw, in, out), of encoders and decoders alike. */
  readonly kernel: Weight;
  readonly bias: Float32Array<ArrayBuffer>;
  /** What is left of batch norm after the activation, where it could not be folded: scale · x + shift, by channel. */
  readonly after?: { readonly scale: Float32Array<ArrayBuffer>; readonly shift: Float32Array<ArrayBuffer> };
}

/**
 * Batch norm at inference is a scale and a shift by channel, (x − mean) · γ/√(variance + ε) + β (Ioffe & Szegedy 2015,
 * algorithm 2). Right after a convolution it goes into kernel and bias. After an activation it stays: its shift cannot
 * go into the next convolution, whose padding is zeros.
 */
export function foldLayer(layer: LayerPlan, network: NetworkDescription, weights: NamedWeights): FoldedLayer {
  const values = (name: string) => weights.get(`${layer.name}_${name}`)!.values;
  const kernel = inputsFirst(weights.get(`${layer.name}_conv/kernel`)!, layer.part);
  const bias = network.bias ? Float32Array.from(values('conv/bias')) : new Float32Array(layer.outputs);
  if (!layer.norm) return { kernel, bias };

  const variance = values('norm/moving_variance');
  const mean = values('norm/moving_mean');
  const scale = Float32Array.from(values('norm/gamma'), (gamma, c) => gamma / Math.sqrt(variance[c] + network.epsilon));
  const shift = Float32Array.from(values('norm/beta'), (beta, c) => beta - mean[c] * scale[c]);
  if (network.order === 'activation-norm') return { kernel, bias, after: { scale, shift } };
  // A decoder's is a copy already.
  const folded = layer.part === 'encoder' ? kernel.values.slice() : kernel.values;
  for (let i = 0; i < folded.length; i++) folded[i] *= scale[i % layer.outputs];
  return {
    kernel: { shape: kernel.shape, values: folded },
    bias: bias.map((b, c) => b * scale[c] + shift[c]),
  };
}

/** TensorFlow keeps a transposed convolution's kernel as (kh, kw, out, in). */
function inputsFirst(kernel: Weight, part: LayerPlan['part']): Weight {
  if (part === 'encoder') return kernel;
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
