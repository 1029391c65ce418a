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
    const inputs = index === 0 ? 1 : encoderFilters[index - 1];
    const activation: Activation = { kind: 'leaky-relu', slope: network.slope };
    return { part: 'encoder', index, name: `encoder_${index}`, inputs, outputs, norm: true, activation };
  });
  const decoder = decoderFilters.map((outputs, index): LayerPlan => {
    const inputs =
      index === 0 ? encoderFilters[depth - 1] : decoderFilters[index - 1] + encoderFilters[depth - 1 - index];
    const last = index === depth - 1;
    const activation: Activation = { kind: last ? network.outputActivation : 'relu' };
    return { part: 'decoder', index, name: `decoder_${index}`, inputs, outputs, norm: !last, activation };
  });
  return [...encoder, ...decoder];
}

/** Names and shapes of all weights, TensorFlow layouts: (kh, kw, in, out), for decoders (kh, kw, out, in). */
export function weightShapes(network: NetworkDescription): ReadonlyMap<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const { part, name, inputs, outputs, norm } of planLayers(network)) {
    const channels = part === 'encoder' ? [inputs, outputs] : [outputs, inputs];
    shapes.set(`${name}_conv/kernel`, [network.kernel, network.kernel, ...channels]);
    if (network.bias) shapes.set(`${name}_conv/bias`, [outputs]);
    if (!norm) continue;
    for (const part of ['gamma', 'beta', 'moving_mean', 'moving_variance']) {
      shapes.set(`${name}_norm/${part}`, [outputs]);
    }
  }
  return shapes;
}
