import type { Json, LayerTensorNames, Preset } from './preset.ts';
import type { NamedTensor } from './types.ts';

type Part = 'encoder' | 'decoder';

/** Layers looked for; the paper has six a part, and twelve halvings leave one bin of 4096. */
const MOST_LAYERS = 12;

/**
 * What stands before the names of a preset's tensors in a checkpoint: `module.` for PyTorch's DataParallel, the name of
 * a scope or a chain. The prefix under which most kernels are found; empty when none is.
 */
export function commonPrefix(tensors: readonly NamedTensor[], preset: Preset): string {
  return kernelPrefix(tensors, preset)[0];
}

/** The systems that a checkpoint with these tensors may be of: those that call a kernel as it does. */
export function likelyPresets(tensors: readonly NamedTensor[], presets: readonly Preset[]): readonly Preset[] {
  return presets.filter((preset) => kernelPrefix(tensors, preset)[1] > 0);
}

/** The prefix under which most kernels are found, and how many they are. */
function kernelPrefix(tensors: readonly NamedTensor[], preset: Preset): readonly [string, number] {
  const found = new Map<string, number>([['', 0]]);
  for (const part of ['encoder', 'decoder'] as const) {
    for (let index = 0; index < MOST_LAYERS; index++) {
      const kernel = preset.tensors[part].kernel(index, 0);
      for (const { name } of tensors) {
        if (!name.endsWith(kernel)) continue;
        const prefix = name.slice(0, -kernel.length);
        // “deconv1/W” is no “conv1/W” with a prefix.
        if (prefix === '' || /[./:]$/.test(prefix)) found.set(prefix, (found.get(prefix) ?? 0) + 1);
      }
    }
  }
  return [...found].reduce((best, entry) => (entry[1] > best[1] ? entry : best));
}

/**
 * The fields of the manifest's `network` that follow from the tensors: filters, and whether there are biases. Where the
 * tensors of a layer disagree, most decide, so that the error names the odd one.
 */
export function inferNetwork(tensors: readonly NamedTensor[], preset: Preset, prefix: string): Json {
  const given = new Map(tensors.map(({ name, shape }) => [name, shape]));
  const shapeOf = (part: Part, tensor: keyof LayerTensorNames, index: number, depth: number) =>
    given.get(prefix + preset.tensors[part][tensor](index, depth));
  const parts: readonly Part[] = ['encoder', 'decoder'];
  const indices = Array.from({ length: MOST_LAYERS }, (_, index) => index);
  const depth = 1 + Math.max(-1, ...indices.filter((index) => parts.some((part) => shapeOf(part, 'kernel', index, 0))));
  if (depth === 0) return {};

  /** Axis of a checkpoint's kernel that counts its outputs. */
  const outputAxis = { encoder: preset.kernelAxes[3], decoder: preset.kernelAxes[2] };
  const filters = (part: Part, index: number): number => {
    const votes = new Map<number, number>();
    const vote = (side: number | undefined) => {
      if (side !== undefined && side > 0) votes.set(side, (votes.get(side) ?? 0) + 1);
    };
    vote(shapeOf(part, 'kernel', index, depth)?.[outputAxis[part]]);
    for (const vector of ['bias', 'gamma', 'beta', 'mean', 'variance'] as const) {
      vote(shapeOf(part, vector, index, depth)?.[0]);
    }
    return [...votes].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [1, 0])[0];
  };
  const layers = indices.slice(0, depth);
  return {
    encoderFilters: layers.map((index) => filters('encoder', index)),
    decoderFilters: layers.map((index) => (index === depth - 1 ? 1 : filters('decoder', index))),
    bias: parts.some((part) => layers.some((index) => shapeOf(part, 'bias', index, depth) !== undefined)),
  };
}
