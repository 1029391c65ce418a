import type { PatchDescription } from '../manifest.ts';
import { elementCount } from '../tensor-layout.ts';
import {
  type Activation,
  type LayerBlock,
  type LayerGraph,
  type LayerNode,
  type Operation,
  weightShapesOf,
} from './layer-graph.ts';

/** The size of a layer's input or output. */
export interface TensorShape {
  readonly bins: number;
  readonly frames: number;
  readonly channels: number;
}

/** One block of the network, for display. */
export interface LayerSummary {
  readonly part: LayerBlock['part'];
  /** From 0, within its part. */
  readonly index: number;
  /** `encoder_0` … `decoder_5`, `output_0`. */
  readonly name: string;
  /** The convolution's input, with the skip connection's channels. */
  readonly input: TensorShape;
  readonly output: TensorShape;
  readonly convolution: 'convolution' | 'transposed-convolution';
  /** Rows (and columns) of the kernel. */
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** What follows the convolution, in the order of computation. */
  readonly steps: readonly ('batch-norm' | 'activation')[];
  readonly activation?: Activation;
  /** The encoder block that the skip connection comes from, and its channels; undefined without a skip connection. */
  readonly skip?: { readonly from: number; readonly channels: number };
  /** Numbers in the model's files: the kernel, the bias, and the batch norm's scale, shift, mean and variance. */
  readonly parameters: number;
  /** The parameters that training adjusts by gradients: all but the batch norm's mean and variance. */
  readonly trainable: number;
  /** Multiply-adds of the convolution for one patch. */
  readonly multiplyAdds: number;
}

/**
 * Lists the blocks of a network in the order of computation, with the cost of each for one patch. Multiply-adds are
 * counted as in He et al. 2016, table 1: one for each kernel tap at each output of a convolution, or at each input of a
 * transposed convolution; biases, batch norms and activations are not counted.
 *
 * @param patch the size of the network's input
 *
 * @example
 * networkLayers(graph, patch).reduce((sum, layer) => sum + layer.parameters, 0); // 9 826 321 for the paper's network
 */
export function networkLayers(
  graph: LayerGraph,
  patch: Pick<PatchDescription, 'bins' | 'frames'>,
): readonly LayerSummary[] {
  let at: TensorShape = { bins: patch.bins, frames: patch.frames, channels: graph.channels };
  return graph.blocks.map((block) => {
    const summary = summarise(block, at);
    at = summary.output;
    return summary;
  });
}

function summarise({ part, index, name, nodes }: LayerBlock, before: TensorShape): LayerSummary {
  const convolution = nodes.find(isConvolution)!;
  const { operation, channels } = convolution;
  const transposed = operation.kind === 'transposed-convolution';
  const stride = transposed ? 2 : operation.stride;
  const scale = transposed ? stride : 1 / stride;
  const input = { ...before, channels: operation.inputs };
  const output = { bins: before.bins * scale, frames: before.frames * scale, channels };
  const positions = transposed ? input.bins * input.frames : output.bins * output.frames;
  const shapes = nodes.flatMap((node) => [...weightShapesOf(node)]);
  const count = (of: typeof shapes) => of.reduce((sum, [, shape]) => sum + elementCount(shape), 0);
  const kinds = nodes.slice(nodes.indexOf(convolution) + 1).map((node) => node.operation.kind);
  const active = nodes.map((node) => node.operation).find((each) => each.kind === 'activation');
  const joined = nodes.map((node) => node.operation).find((each) => each.kind === 'concatenate');
  return {
    part,
    index,
    name,
    input,
    output,
    convolution: operation.kind,
    kernel: operation.size,
    stride,
    dilation: transposed ? 1 : operation.dilation,
    steps: kinds as LayerSummary['steps'],
    ...(active && { activation: active.activation }),
    ...(joined && { skip: { from: joined.skip.from, channels: operation.inputs - before.channels } }),
    parameters: count(shapes),
    trainable: count(shapes.filter(([weight]) => !/\/moving_(mean|variance)$/.test(weight))),
    multiplyAdds: positions * operation.size ** 2 * operation.inputs * channels,
  };
}

type Convolution = LayerNode & {
  readonly operation: Extract<Operation, { readonly kind: 'convolution' | 'transposed-convolution' }>;
};

function isConvolution(node: LayerNode): node is Convolution {
  return node.operation.kind === 'convolution' || node.operation.kind === 'transposed-convolution';
}

/** Adds up the parameters and the multiply-adds of all layers. */
export function networkTotals(layers: readonly LayerSummary[]): {
  readonly parameters: number;
  readonly multiplyAdds: number;
} {
  const sum = (pick: (layer: LayerSummary) => number) => layers.reduce((total, layer) => total + pick(layer), 0);
  return { parameters: sum((layer) => layer.parameters), multiplyAdds: sum((layer) => layer.multiplyAdds) };
}
