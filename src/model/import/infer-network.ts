import type { BlockTensorNames, Json, Preset, TensorLayout } from './preset.ts';
import type { NamedTensor } from './types.ts';

type Part = 'encoder' | 'decoder';

/** The most blocks of an encoder or decoder. The paper has six; twelve halvings leave one bin of 4096. */
const MAX_BLOCKS = 12;
/** The most networks of a checkpoint. Spleeter has up to five. */
const MAX_NETWORKS = 8;

/** Where to find one network's tensors. */
export interface NetworkSource {
  readonly tensors: readonly NamedTensor[];
  /** The prefix of their names: `module.` for PyTorch's DataParallel, or the name of a scope or a chain. */
  readonly prefix: string;
  /** The network's index, from 0, when layer numbers run on from network to network. */
  readonly network: number;
}

/** A layout, and the networks found with it. */
export interface FoundNetworks {
  readonly layout: TensorLayout;
  readonly sources: readonly NetworkSource[];
  /** How well the tensors fit the layout: the layout's names that exist, minus those that do not. */
  readonly fit: number;
}

/**
 * Finds the networks of a checkpoint, with the best-fitting layout of a preset. Each file holds one or more networks.
 *
 * @returns undefined when no kernel is found
 */
export function findNetworks(
  files: readonly (readonly NamedTensor[])[],
  { layouts }: Pick<Preset, 'layouts'>,
): FoundNetworks | undefined {
  const found = layouts.flatMap((layout): readonly FoundNetworks[] => {
    const sources = files.flatMap((tensors) => sourcesIn(tensors, layout));
    if (sources.length === 0) return [];
    return [{ layout, sources, fit: sources.reduce((sum, source) => sum + fitOf(source, layout), 0) }];
  });
  return found.sort((a, b) => b.fit - a.fit)[0];
}

/** The presets whose layouts fit a checkpoint best; none when no kernel is found. */
export function likelyPresets(
  files: readonly (readonly NamedTensor[])[],
  presets: readonly Preset[],
): readonly Preset[] {
  const fits = presets.map((preset) => findNetworks(files, preset)?.fit ?? Number.NEGATIVE_INFINITY);
  const best = Math.max(...fits);
  return presets.filter((_, n) => fits[n] === best && Number.isFinite(best));
}

function sourcesIn(tensors: readonly NamedTensor[], layout: TensorLayout): readonly NetworkSource[] {
  const prefixes = [...kernelsByPrefix(tensors, layout)];
  const maxKernels = Math.max(0, ...prefixes.map(([, count]) => count));
  const names = new Set(tensors.map(({ name }) => name));
  return prefixes
    .filter(([, count]) => count === maxKernels)
    .map(([prefix]) => prefix)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .flatMap((prefix) => {
      const sources: NetworkSource[] = [{ tensors, prefix, network: 0 }];
      const first = (network: number) => prefix + layout.encoder.kernel(0, 0, network);
      for (let network = 1; network < MAX_NETWORKS; network++) {
        if (first(network) === first(0) || !names.has(first(network))) break;
        sources.push({ tensors, prefix, network });
      }
      return sources;
    });
}

/** Counts the kernels of the first network under each prefix. */
function kernelsByPrefix(tensors: readonly NamedTensor[], layout: TensorLayout): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const part of ['encoder', 'decoder'] as const) {
    for (let index = 0; index < (layout.depth ?? MAX_BLOCKS); index++) {
      const kernel = layout[part].kernel(index, 0, 0);
      for (const { name } of tensors) {
        if (!name.endsWith(kernel)) continue;
        const prefix = name.slice(0, -kernel.length);
        // “deconv1/W” is not “conv1/W” with a prefix.
        if (prefix === '' || /[./:]$/.test(prefix)) found.set(prefix, (found.get(prefix) ?? 0) + 1);
      }
    }
  }
  return found;
}

function fitOf({ tensors, prefix, network }: NetworkSource, layout: TensorLayout): number {
  const names = new Set(tensors.map(({ name }) => name));
  const depth = layout.depth ?? depthOf(names, prefix, layout);
  const blocks = Array.from({ length: depth }, (_, index) => index);
  const wanted = [
    ...blocks.flatMap((index) =>
      (['encoder', 'decoder'] as const).map((part) => prefix + layout[part].kernel(index, depth, network)),
    ),
    ...(layout.output ? [prefix + layout.output.kernel(0, depth, network)] : []),
  ];
  const there = wanted.filter((name) => names.has(name)).length;
  return there - (wanted.length - there);
}

function depthOf(names: ReadonlySet<string>, prefix: string, layout: TensorLayout): number {
  const indices = Array.from({ length: MAX_BLOCKS }, (_, index) => index).filter((index) =>
    (['encoder', 'decoder'] as const).some((part) => names.has(prefix + layout[part].kernel(index, 0, 0))),
  );
  return 1 + Math.max(-1, ...indices);
}

/**
 * Infers fields of a network's description from its tensors: the filters, and whether there are biases. When the
 * tensors of a block disagree, the majority decides, so that the later error names the odd tensor.
 */
export function inferNetwork({ tensors, prefix, network }: NetworkSource, layout: TensorLayout, family: unknown): Json {
  const given = new Map(tensors.map(({ name, shape }) => [name, shape]));
  const depth = layout.depth ?? depthOf(new Set(given.keys()), prefix, layout);
  const shapeOf = (part: Part, tensor: keyof BlockTensorNames, index: number) =>
    given.get(prefix + layout[part][tensor](index, depth, network));
  if (depth === 0) return {};

  /** The axis of a checkpoint's kernel with the output channels. */
  const outputAxis = { encoder: layout.kernelAxes[3], decoder: layout.kernelAxes[2] };
  const filters = (part: Part, index: number): number => {
    const votes = new Map<number, number>();
    const vote = (side: number | undefined) => {
      if (side !== undefined && side > 0) votes.set(side, (votes.get(side) ?? 0) + 1);
    };
    vote(shapeOf(part, 'kernel', index)?.[outputAxis[part]]);
    for (const vector of ['bias', 'gamma', 'beta', 'mean', 'variance'] as const) {
      vote(shapeOf(part, vector, index)?.[0]);
    }
    return [...votes].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [1, 0])[0];
  };
  const blocks = Array.from({ length: depth }, (_, index) => index);
  const encoderFilters = blocks.map((index) => filters('encoder', index));
  if (family === 'spleeter') return { filters: encoderFilters };
  return {
    encoderFilters,
    decoderFilters: blocks.map((index) => (index === depth - 1 ? 1 : filters('decoder', index))),
    bias: (['encoder', 'decoder'] as const).some((part) =>
      blocks.some((index) => shapeOf(part, 'bias', index) !== undefined),
    ),
  };
}
