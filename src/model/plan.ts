import type { NetworkDescription } from './manifest.ts';

export type Activation =
  | { readonly kind: 'leaky-relu'; readonly slope: number }
  | { readonly kind: 'relu' }
  | { readonly kind: 'sigmoid' };

/** One layer of the U-Net: a (transposed) convolution of stride 2, batch norm or none, an activation. */
export interface LayerPlan {
  readonly part: 'encoder' | 'decoder';
  readonly index: number;
  /** `encoder_0` … `decoder_5`: the beginning of the names of its weights. */
  readonly name: string;
  /** Channels in: for a decoder layer after the first, the previous layer's and the encoder's together. */
  readonly inputs: number;
  readonly outputs: number;
  readonly norm: boolean;
  readonly activation: Activation;
}

/** The layers in the order of computation: encoder 0 … L−1, decoder 0 … L−1. Decoder i > 0 also takes encoder L−1−i. */
export function planLayers(network: NetworkDescription): readonly LayerPlan[] {
  const { encoderFilters, decoderFilters } = network;
  const depth = encoderFilters.length;
  const encoder = encoderFilters.map((outputs, index): LayerPlan => {
    const inputs = index === 0 ? decoderFilters[depth - 1] : encoderFilters[index - 1];
    const activation: Activation = { kind: 'leaky-relu', slope: network.slope };
    const name = `encoder_${index}`;
    return { part: 'encoder', index, name, inputs, outputs, norm: true, activation };
  });
  const decoder = decoderFilters.map((outputs, index): LayerPlan => {
    const inputs =
      index === 0 ? encoderFilters[depth - 1] : decoderFilters[index - 1] + encoderFilters[depth - 1 - index];
    const last = index === depth - 1;
    const activation: Activation = { kind: last ? network.outputActivation : 'relu' };
    const name = `decoder_${index}`;
    return { part: 'decoder', index, name, inputs, outputs, norm: !last, activation };
  });
  return [...encoder, ...decoder];
}

const NORM = ['gamma', 'beta', 'moving_mean', 'moving_variance'] as const;

/** Names and shapes of all weights, TensorFlow layouts: (kh, kw, in, out), for decoders (kh, kw, out, in). */
export function weightShapes(network: NetworkDescription): ReadonlyMap<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const { part, name, inputs, outputs, norm } of planLayers(network)) {
    const channels = part === 'encoder' ? [inputs, outputs] : [outputs, inputs];
    shapes.set(`${name}_conv/kernel`, [network.kernel, network.kernel, ...channels]);
    if (network.bias) shapes.set(`${name}_conv/bias`, [outputs]);
    for (const value of norm ? NORM : []) shapes.set(`${name}_norm/${value}`, [outputs]);
  }
  return shapes;
}
