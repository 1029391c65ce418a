import type { BlockTensorNames, Json, Preset, TensorLayout } from './preset.ts';
import type { NamedTensor } from './types.ts';

type Part = 'encoder' | 'decoder';

/** Blocks looked for; the paper has six a part, and twelve halvings leave one bin of 4096. */
const MAX_BLOCKS = 12;
/** Networks looked for; Spleeter has five at most. */
const MAX_NETWORKS = 8;

/** Where one network's tensors are. */
export interface NetworkSource {
  readonly tensors: readonly NamedTensor[];
  /** What stands before their names: `module.` for PyTorch's DataParallel, the name of a scope or a chain. */
  readonly prefix: string;
  /** Its number among the networks that its names count over, from 0. */
  readonly network: number;
}

/** A layout, and the networks that are found with it. */
export interface FoundNetworks {
  readonly layout: TensorLayout;
  readonly sources: readonly NetworkSource[];
  /** How well the tensors fit the layout: those that it names, less those that it names in vain. */
  readonly fit: number;
}

/**
 * The networks of a checkpoint by the layout of a preset that fits best; of several files each holds one or more.
 *
 * @returns undefined where no kernel is found
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

/** The presets whose layouts fit a checkpoint best. */
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
  const most = Math.max(0, ...prefixes.map(([, count]) => count));
  const names = new Set(tensors.map(({ name }) => name));
  return prefixes
    .filter(([, count]) => count === most)
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

/** The prefixes under which kernels of the first network are found, and how many there are. */
function kernelsByPrefix(tensors: readonly NamedTensor[], layout: TensorLayout): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const part of ['encoder', 'decoder'] as const) {
    for (let index = 0; index < (layout.depth ?? MAX_BLOCKS); index++) {
      const kernel = layout[part].kernel(index, 0, 0);
      for (const { name } of tensors) {
        if (!name.endsWith(kernel)) continue;
        const prefix = name.slice(0, -kernel.length);
        // “deconv1/W” is no “conv1/W” with a prefix.
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
 * The fields of a network's description that follow from its tensors: filters, and whether there are biases. Where the
 * tensors of a block disagree, most decide, so that the error names the odd one.
 */
export function inferNetwork({ tensors, prefix, network }: NetworkSource, layout: TensorLayout, family: unknown): Json {
  const given = new Map(tensors.map(({ name, shape }) => [name, shape]));
  const depth = layout.depth ?? depthOf(new Set(given.keys()), prefix, layout);
  const shapeOf = (part: Part, tensor: keyof BlockTensorNames, index: number) =>
    given.get(prefix + layout[part][tensor](index, depth, network));
  if (depth === 0) return {};

  /** Axis of a checkpoint's kernel that counts its outputs. */
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
