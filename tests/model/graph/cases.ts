import { buildGraph } from '../../../src/model/graph/build-graph.ts';
import type { LayerGraph } from '../../../src/model/graph/layer-graph.ts';
import type { PatchDescription, Stem } from '../../../src/model/manifest.ts';
import type { NamedWeights } from '../../../src/model/weights.ts';
import { NETWORKS, type NetworkName, readFixture } from '../fixtures.ts';
import { readSpleeter, SPLEETER_STEMS, SPLEETERS, type SpleeterName } from '../spleeter-fixtures.ts';

/** A network of the fixtures, of any family. */
export interface NetworkCase {
  readonly graph: LayerGraph;
  readonly weights: NamedWeights;
  readonly patch: PatchDescription;
  /** PyTorch's input and output, patches × bins × frames × channels. */
  readonly input: Float32Array;
  readonly output: Float32Array;
  readonly shape: [number, number, number, number];
}

/** Names of U-Nets, and of Spleeter's networks such as `spleeter-elu/drums`. */
export const CASES: readonly string[] = [
  ...NETWORKS,
  ...SPLEETERS.flatMap((name) => SPLEETER_STEMS[name].map((stem) => `${name}/${stem}`)),
];

export async function readCase(name: string): Promise<NetworkCase> {
  const [model, stem] = name.split('/');
  if (stem === undefined) {
    const { description, ...fixture } = await readFixture(model as NetworkName);
    return { ...fixture, patch: description.patch };
  }
  const { description, weights, input, shape, outputs } = await readSpleeter(model as SpleeterName);
  const graph = buildGraph(description.networks[stem as Stem]!);
  return {
    graph,
    weights: weights.get(stem as Stem)!,
    patch: description.patch,
    input,
    output: outputs.get(stem as Stem)!,
    shape,
  };
}
