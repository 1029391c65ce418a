import { ModelError } from '../../src/errors.ts';
import type { NetworkDescription } from '../../src/model/manifest.ts';
import { planLayers } from '../../src/model/plan.ts';
import type { NamedWeights, Weight } from '../../src/model/weights.ts';
import type { Safetensors } from './safetensors.ts';

const NORM_NAMES = { weight: 'gamma', bias: 'beta', running_mean: 'moving_mean', running_var: 'moving_variance' };

/** PyTorch name, TF.js name and PyTorch shape of every tensor of the network. */
function torchTensors(network: NetworkDescription) {
  return planLayers(network).flatMap(({ part, index, name, inputs, outputs, norm }) => {
    // Conv2d keeps (out, in, kh, kw), ConvTranspose2d (in, out, kh, kw).
    const channels = part === 'encoder' ? [outputs, inputs] : [inputs, outputs];
    const torch = `${part}.${index}`;
    const kernel = [...channels, network.kernel, network.kernel];
    const tensors = [{ torch: `${torch}.conv.weight`, tf: `${name}_conv/kernel`, shape: kernel }];
    if (network.bias) tensors.push({ torch: `${torch}.conv.bias`, tf: `${name}_conv/bias`, shape: [outputs] });
    if (norm) {
      for (const [from, to] of Object.entries(NORM_NAMES)) {
        tensors.push({ torch: `${torch}.norm.${from}`, tf: `${name}_norm/${to}`, shape: [outputs] });
      }
    }
    return tensors;
  });
}

/**
 * PyTorch's weights under TF.js's names and in its layouts.
 *
 * @throws ModelError that lists every tensor that is missing, surplus, of the wrong shape or not finite.
 */
export function torchToTf(tensors: Safetensors['tensors'], network: NetworkDescription, where: string): NamedWeights {
  const weights = new Map<string, Weight>();
  const faults: string[] = [];
  const expected = torchTensors(network);
  for (const { torch, tf, shape } of expected) {
    const tensor = tensors.get(torch);
    if (!tensor) faults.push(`${torch} is missing`);
    else if (tensor.shape.join() !== shape.join()) {
      faults.push(`${torch} is ${tensor.shape.join('×') || 'a scalar'}, not ${shape.join('×')}`);
    } else if (!allFinite(tensor.values)) faults.push(`${torch} has values that are not finite`);
    else weights.set(tf, toTfLayout(tensor));
  }
  const names = new Set(expected.map(({ torch }) => torch));
  for (const name of tensors.keys()) if (!names.has(name)) faults.push(`${name} belongs to no layer`);
  if (faults.length > 0) {
    throw new ModelError(
      `The tensors of ${where} do not fit the network: ${faults.join('; ')}.`,
      'Check “network” in the metadata or in --config against the network that was trained.',
    );
  }
  return weights;
}

function allFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

/** Kernels (a, b, kh, kw) become (kh, kw, b, a): right for both kinds of convolution. Vectors stay. */
function toTfLayout({ shape, values }: { shape: readonly number[]; values: Float32Array }): Weight {
  if (shape.length !== 4) return { shape, values: Float32Array.from(values) };
  const [a, b, height, width] = shape;
  const area = height * width;
  const moved = new Float32Array(values.length);
  let to = 0;
  for (let tap = 0; tap < area; tap++) {
    for (let j = 0; j < b; j++) for (let i = 0; i < a; i++) moved[to++] = values[(i * b + j) * area + tap];
  }
  return { shape: [height, width, b, a], values: moved };
}
