import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { PatchDescription } from '../manifest.ts';
import type { NamedWeights } from '../weights.ts';
import { INPUT, type LayerGraph, type LayerNode, nodesOf } from './layer-graph.ts';

/**
 * Builds the network as an ordinary TF.js layers model, [n, bins, frames, channels] → the same. Conversion saves it as
 * model.json, and the tests compare compile-fused.ts with it. It has no dropout, which does nothing at inference. The
 * page does not use it: it is several times slower than the fused network and needs tfjs-layers.
 *
 * @param size bins and frames of the input: multiples of 2 to the power of the graph's depth
 */
export function buildLayersModel(
  graph: LayerGraph,
  { bins, frames }: Pick<PatchDescription, 'bins' | 'frames'>,
  weights: NamedWeights,
): LayersModel {
  const input = layers.input({ shape: [bins, frames, graph.channels], name: INPUT });
  const outputs = new Map<string, SymbolicTensor>([[INPUT, input]]);
  let last = input;
  for (const node of nodesOf(graph)) {
    const inputs = node.inputs.map((name) => outputs.get(name)!);
    last = layerOf(node).apply(inputs.length === 1 ? inputs[0] : inputs) as SymbolicTensor;
    outputs.set(node.name, last);
  }
  const built = model({ inputs: input, outputs: last, name: 'unet' });
  tf.tidy(() =>
    built.setWeights(
      built.weights.map(({ originalName }) => {
        const { shape, values } = weights.get(originalName)!;
        return tf.tensor(values, [...shape]);
      }),
    ),
  );
  return built;
}

interface AnyLayer {
  apply(x: SymbolicTensor | SymbolicTensor[]): unknown;
}

function layerOf({ name, operation, channels }: LayerNode): AnyLayer {
  switch (operation.kind) {
    case 'convolution': {
      const { size, stride, dilation, bias } = operation;
      return layers.conv2d({ ...convolution(channels, size, bias), strides: stride, dilationRate: dilation, name });
    }
    case 'transposed-convolution':
      return layers.conv2dTranspose({ ...convolution(channels, operation.size, operation.bias), strides: 2, name });
    case 'batch-norm':
      return layers.batchNormalization({ epsilon: operation.epsilon, name });
    case 'concatenate':
      return layers.concatenate({ axis: -1, name });
    case 'activation':
      return activationLayer(name, operation.activation);
  }
}

function convolution(filters: number, kernelSize: number, useBias: boolean) {
  // The caller replaces the kernel at once, so zeros save drawing random numbers.
  return { filters, kernelSize, useBias, padding: 'same', kernelInitializer: 'zeros' } as const;
}

function activationLayer(name: string, activation: (LayerNode['operation'] & { kind: 'activation' })['activation']) {
  switch (activation.kind) {
    case 'leaky-relu':
      return layers.leakyReLU({ alpha: activation.slope, name });
    case 'relu':
      return layers.reLU({ name });
    case 'elu':
      return layers.elu({ name });
    case 'sigmoid':
      return layers.activation({ activation: 'sigmoid', name });
  }
}
