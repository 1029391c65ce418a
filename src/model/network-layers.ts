import type { NetworkDescription, PatchDescription } from './manifest.ts';
import { type Activation, planLayers } from './plan.ts';

/** Size of what goes from layer to layer: a picture of bins × frames with so many channels. */
export interface TensorShape {
  readonly bins: number;
  readonly frames: number;
  readonly channels: number;
}

/** One layer of the network, as a person would want to know it. */
export interface LayerSummary {
  readonly part: 'encoder' | 'decoder';
  /** From 0, within its part. */
  readonly index: number;
  /** `encoder_0` … `decoder_5`. */
  readonly name: string;
  /** What the layer takes, the skip connection's channels included. */
  readonly input: TensorShape;
  readonly output: TensorShape;
  /** Rows (and columns) of the kernel. */
  readonly kernel: number;
  readonly stride: number;
  /** Whether it has batch norm. */
  readonly norm: boolean;
  readonly activation: Activation;
  /** Index of the encoder layer whose output is joined to the input; undefined where there is none. */
  readonly skipFrom?: number;
  /** Numbers in the model's files: kernel, bias, and batch norm's scale, shift, mean and variance. */
  readonly parameters: number;
  /** Those of them that training adjusts by gradients: all but batch norm's mean and variance. */
  readonly trainable: number;
  /** Multiply-adds of the convolution for one patch. */
  readonly multiplyAdds: number;
}

/** What networkLayers needs of a manifest. */
export interface DescribedNetwork {
  readonly network: NetworkDescription;
  readonly patch: PatchDescription;
}

/**
 * The layers of a model's U-Net in the order of computation, with what each costs. Parameters and multiply-adds are
 * counted as is usual (He et al. 2016, table 1: a multiply-add for each kernel tap at each output of a convolution, at
 * each input of a transposed one; biases, norms and activations not counted).
 *
 * @example
 * networkLayers(manifest).reduce((sum, layer) => sum + layer.parameters, 0); // 9 826 321 for the paper's network
 */
export function networkLayers({ network, patch }: DescribedNetwork): readonly LayerSummary[] {
  const depth = network.encoderFilters.length;
  const { kernel, stride } = network;
  const area = kernel * kernel;
  /** Shape after `level` halvings. */
  const at = (level: number, channels: number): TensorShape => ({
    bins: patch.bins / stride ** level,
    frames: patch.frames / stride ** level,
    channels,
  });
  return planLayers(network).map(({ part, index, name, inputs, outputs, norm, activation }) => {
    const encoder = part === 'encoder';
    const level = encoder ? index : depth - index;
    const input = at(level, inputs);
    const output = at(encoder ? level + 1 : level - 1, outputs);
    const convolution = area * inputs * outputs + (network.bias ? outputs : 0);
    const places = encoder ? output.bins * output.frames : input.bins * input.frames;
    return {
      part,
      index,
      name,
      input,
      output,
      kernel,
      stride,
      norm,
      activation,
      ...(!encoder && index > 0 && { skipFrom: depth - 1 - index }),
      parameters: convolution + (norm ? 4 * outputs : 0),
      trainable: convolution + (norm ? 2 * outputs : 0),
      multiplyAdds: places * area * inputs * outputs,
    };
  });
}

/** Sums over all layers. */
export function networkTotals(layers: readonly LayerSummary[]): {
  readonly parameters: number;
  readonly multiplyAdds: number;
} {
  const sum = (pick: (layer: LayerSummary) => number) => layers.reduce((total, layer) => total + pick(layer), 0);
  return { parameters: sum((layer) => layer.parameters), multiplyAdds: sum((layer) => layer.multiplyAdds) };
}
