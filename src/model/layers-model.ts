import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { NetworkDescription, PatchDescription } from './manifest.ts';
import { type LayerPlan, planLayers } from './plan.ts';
import type { NamedWeights } from './weights.ts';

/**
 * The network as an ordinary TF.js layers model, [n, rows, frames, channels] → the same: what is saved as
 * model.json, and the truth for network.ts. Written for inference: dropout, which does nothing there, is left out.
 * Not for the page: it is several times slower than network.ts and brings tfjs-layers along.
 *
 * Source: Jansson et al., ISMIR 2017, section 3.1.
 */
export function buildLayersModel(
  network: NetworkDescription,
  patch: PatchDescription,
  weights: NamedWeights,
): LayersModel {
  const plan = planLayers(network);
  const shape = [patch.bins, patch.frames, plan[0].inputs];
  const input = layers.input({ shape, name: 'magnitude' });
  const skips: SymbolicTensor[] = [];
  let x = input;
  for (const layer of plan) {
    if (layer.part === 'decoder' && layer.index > 0) {
      // Decoder 0 takes the deepest encoder output alone; from there each meets the encoder output of its own size.
      const skip = skips[skips.length - 1 - layer.index];
      const pair = network.skipOrder === 'decoder-encoder' ? [x, skip] : [skip, x];
      x = layers.concatenate({ axis: -1, name: `${layer.name}_skip` }).apply(pair) as SymbolicTensor;
    }
    x = applyLayer(x, layer, network);
    if (layer.part === 'encoder') skips.push(x);
  }
  const built = model({ inputs: input, outputs: x, name: 'unet' });
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

function applyLayer(x: SymbolicTensor, layer: LayerPlan, network: NetworkDescription): SymbolicTensor {
  const convolution = layer.part === 'encoder' ? layers.conv2d : layers.conv2dTranspose;
  const steps = [
    convolution({
      filters: layer.outputs,
      kernelSize: network.kernel,
      strides: network.stride,
      padding: network.padding,
      useBias: network.bias,
      // Overwritten at once; zeros spare the random numbers.
      kernelInitializer: 'zeros',
      name: `${layer.name}_conv`,
    }),
  ] as { apply(x: SymbolicTensor): unknown }[];
  const norm = layers.batchNormalization({ epsilon: network.epsilon, name: `${layer.name}_norm` });
  const activation = activationLayer(layer);
  if (!layer.norm) steps.push(activation);
  else if (network.order === 'norm-activation') steps.push(norm, activation);
  else steps.push(activation, norm);
  return steps.reduce((at, step) => step.apply(at) as SymbolicTensor, x);
}

function activationLayer({ activation, name }: LayerPlan) {
  const options = { name: `${name}_activation` };
  switch (activation.kind) {
    case 'leaky-relu':
      return layers.leakyReLU({ alpha: activation.slope, ...options });
    case 'relu':
      return layers.reLU(options);
    case 'sigmoid':
      return layers.activation({ activation: 'sigmoid', ...options });
  }
}
