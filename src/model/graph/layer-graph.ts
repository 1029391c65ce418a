/** The name by which nodes refer to the network's input. */
export const INPUT = 'magnitude';

export type Activation =
  | { readonly kind: 'leaky-relu'; readonly slope: number }
  | { readonly kind: 'relu' }
  | { readonly kind: 'elu' }
  | { readonly kind: 'sigmoid' };

/** What a node computes. Convolutions use TensorFlow's padding “same”. */
export type Operation =
  | {
      readonly kind: 'convolution';
      /** Rows and columns of the kernel. */
      readonly size: number;
      readonly stride: number;
      readonly dilation: number;
      readonly inputs: number;
      readonly bias: boolean;
    }
  /** Stride 2: the output has twice as many rows and columns. */
  | { readonly kind: 'transposed-convolution'; readonly size: number; readonly inputs: number; readonly bias: boolean }
  | { readonly kind: 'batch-norm'; readonly epsilon: number }
  | { readonly kind: 'activation'; readonly activation: Activation }
  /**
   * Joins the node's inputs along the channels, in order. `skip`: the index of the input that is a skip connection, and
   * the encoder block that it comes from.
   */
  | { readonly kind: 'concatenate'; readonly skip: { readonly input: number; readonly from: number } };

/** One operation of a network. */
export interface LayerNode {
  /** Unique in the graph. The names of the node's weights begin with it. */
  readonly name: string;
  readonly operation: Operation;
  /** The nodes whose outputs it reads, or INPUT. */
  readonly inputs: readonly string[];
  /** Channels of its output. */
  readonly channels: number;
}

/** What people call a layer: a convolution with its batch norm, activation and skip connection. */
export interface LayerBlock {
  readonly part: 'encoder' | 'decoder' | 'output';
  /** From 0, within its part. */
  readonly index: number;
  /** `encoder_0`, `decoder_5`, `output_0`. */
  readonly name: string;
  /** In the order of computation. The last node's output is the block's output. */
  readonly nodes: readonly LayerNode[];
}

/**
 * A network as a list of operations with named inputs. All code that depends on a network's structure reads this list:
 * the fused executor, the layers model, the counts, the diagram and the feature maps.
 */
export interface LayerGraph {
  /** Channels of the input. */
  readonly channels: number;
  /** In the order of computation. The last block's output is the network's output. */
  readonly blocks: readonly LayerBlock[];
  /** How often the encoder halves its input: bins and frames are multiples of 2 to this power. */
  readonly depth: number;
}

/** All nodes in the order of computation. */
export function nodesOf(graph: LayerGraph): readonly LayerNode[] {
  return graph.blocks.flatMap(({ nodes }) => nodes);
}

/** For each node, the nodes that read its output. */
export function readersOf(graph: LayerGraph): ReadonlyMap<string, readonly LayerNode[]> {
  const readers = new Map<string, LayerNode[]>();
  for (const node of nodesOf(graph)) {
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  }
  return readers;
}

const NORM_VALUES = ['gamma', 'beta', 'moving_mean', 'moving_variance'] as const;

/**
 * Names and shapes of a node's weights. Kernels are (kh, kw, in, out), those of transposed convolutions (kh, kw, out,
 * in); vectors are (out).
 */
export function weightShapesOf({ name, operation, channels }: LayerNode): ReadonlyMap<string, readonly number[]> {
  switch (operation.kind) {
    case 'convolution':
    case 'transposed-convolution': {
      const { size, inputs, bias, kind } = operation;
      const ends = kind === 'convolution' ? [inputs, channels] : [channels, inputs];
      return new Map([
        [`${name}/kernel`, [size, size, ...ends]],
        ...(bias ? [[`${name}/bias`, [channels]] as const] : []),
      ]);
    }
    case 'batch-norm':
      return new Map(NORM_VALUES.map((value) => [`${name}/${value}`, [channels]]));
    default:
      return new Map();
  }
}

/** Names and shapes of all weights of a network; see weightShapesOf. */
export function weightShapes(graph: LayerGraph): ReadonlyMap<string, readonly number[]> {
  return new Map(nodesOf(graph).flatMap((node) => [...weightShapesOf(node)]));
}

/** Builds one block node by node. */
export class BlockBuilder {
  readonly #part: LayerBlock['part'];
  readonly #index: number;
  readonly #nodes: LayerNode[] = [];

  constructor(part: LayerBlock['part'], index: number) {
    this.#part = part;
    this.#index = index;
  }

  get name(): string {
    return `${this.#part}_${this.#index}`;
  }

  /** Adds a node that reads `inputs`; returns its name. */
  add(suffix: string, operation: Operation, inputs: readonly string[], channels: number): string {
    const name = `${this.name}_${suffix}`;
    this.#nodes.push({ name, operation, inputs, channels });
    return name;
  }

  build(): LayerBlock {
    return { part: this.#part, index: this.#index, name: this.name, nodes: this.#nodes };
  }
}
