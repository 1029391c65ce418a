import type { LayerSummary, TensorShape } from '../../model/graph/summary.ts';

/** A rectangle, in pixels of the drawing. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A tensor of the network as a block: its height stands for the size in time and frequency, its width for the number of
 * channels.
 */
export interface Block {
  readonly shape: TensorShape;
  /** The layer that puts it out; undefined: the input. */
  readonly layer?: LayerSummary;
  readonly box: Box;
  /** The channels that a skip connection adds, as a second block beside it. */
  readonly joined?: Box;
  /** Place of the text of its shape, middle of the line. */
  readonly label: { readonly x: number; readonly y: number };
  /** The area in which a pointer chooses it. */
  readonly cell: Box;
}

/** A line between two blocks. */
export interface Edge {
  /** `same`: keeps the size. */
  readonly kind: 'down' | 'up' | 'same' | 'skip';
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

export interface NetworkLayout {
  readonly width: number;
  readonly height: number;
  readonly blocks: readonly Block[];
  readonly edges: readonly Edge[];
}

const TOP = 22;
const LABEL = 18;
/** Room between a label and the block under it, for an arrow. */
const GAP = 16;
const MAX_HEIGHT = 44;
const MIN_HEIGHT = 10;

/**
 * Lays out a U-Net as a U. The encoder goes down on the left, the decoder comes up on the right. Tensors of one size
 * share a row; the smallest lies in the middle at the bottom. Layers after the decoder get rows of their own above it.
 *
 * @param layers as networkLayers gives them, the encoder first
 * @param width of the drawing, pixels
 */
export function networkLayout(layers: readonly LayerSummary[], width: number): NetworkLayout {
  const encoder = layers.filter((layer) => layer.part === 'encoder');
  const decoder = layers.filter((layer) => layer.part === 'decoder');
  const last = layers.filter((layer) => layer.part === 'output');
  const depth = encoder.length;
  const maxChannels = Math.max(...layers.map(({ output }) => output.channels));
  const widest = Math.min(72, width * 0.17);
  const blockWidth = (channels: number) => 5 + (widest - 5) * (Math.log2(channels + 1) / Math.log2(maxChannels + 1));
  const blockHeight = (row: number) => Math.max(MIN_HEIGHT, MAX_HEIGHT * 0.8 ** row);
  const topRow = blockHeight(0) + LABEL + GAP;
  const tops: number[] = [TOP + last.length * topRow];
  for (let row = 1; row <= depth; row++) tops.push(tops[row - 1] + blockHeight(row - 1) + LABEL + GAP);
  const columns = { left: width * 0.25, right: width * 0.75, middle: width * 0.5 };

  const block = (y: number, row: number, x: number, shape: TensorShape, layer?: LayerSummary, joined = 0): Block => {
    const own = blockWidth(shape.channels);
    const more = joined > 0 ? blockWidth(joined) : 0;
    const box = { x: x - (own + more) / 2, y, width: own, height: blockHeight(row) };
    return {
      shape,
      layer,
      box,
      ...(more > 0 && { joined: { ...box, x: box.x + own, width: more } }),
      label: { x, y: box.y + box.height + 13 },
      cell: {
        x: x - width * 0.235,
        y: box.y - GAP / 2,
        width: width * 0.47,
        height: box.height + LABEL + GAP / 2,
      },
    };
  };

  const down = encoder.map((layer, index) =>
    block(tops[index + 1], index + 1, index === depth - 1 ? columns.middle : columns.left, layer.output, layer),
  );
  const up = decoder.map((layer, index) => {
    const skip = decoder[index + 1];
    return block(
      tops[depth - 1 - index],
      depth - 1 - index,
      columns.right,
      layer.output,
      layer,
      skip ? skip.input.channels - layer.output.channels : 0,
    );
  });
  const above = last.map((layer, n) =>
    block(TOP + (last.length - 1 - n) * topRow, 0, columns.right, layer.output, layer),
  );
  const input = block(tops[0], 0, columns.left, encoder[0].input);
  return {
    width,
    height: tops[depth] + blockHeight(depth) + LABEL + 6,
    blocks: [input, ...down, ...up, ...above],
    edges: [
      ...edges([input, ...down], 'down'),
      ...edges([down[depth - 1], ...up], 'up'),
      ...edges([up[depth - 1], ...above], 'same'),
      ...skips(down, up),
    ],
  };
}

/** Lines from each block to the next: between rows, or to the side where the U turns. */
function edges(blocks: readonly Block[], kind: 'down' | 'up' | 'same'): readonly Edge[] {
  return blocks.slice(1).map((to, n) => {
    const from = blocks[n];
    const a = middle(from);
    const b = middle(to);
    if (Math.abs(a.x - b.x) < 1) {
      return kind === 'down'
        ? { kind, from: [a.x, from.label.y + 5], to: [b.x, to.box.y - 3] }
        : { kind, from: [a.x, from.box.y - 3], to: [b.x, to.label.y + 5] };
    }
    return kind === 'down'
      ? { kind, from: [a.x, from.label.y + 5], to: [to.box.x - 5, b.y] }
      : { kind, from: [from.box.x + from.box.width + 5, a.y], to: [b.x, to.label.y + 5] };
  });
}

function skips(down: readonly Block[], up: readonly Block[]): readonly Edge[] {
  return up.flatMap((to): readonly Edge[] => {
    if (!to.joined) return [];
    const from = down.find(({ box }) => box.y === to.box.y);
    if (!from) return [];
    const y = from.box.y + from.box.height / 2;
    return [{ kind: 'skip', from: [from.box.x + from.box.width + 6, y], to: [to.box.x - 6, y] }];
  });
}

function middle({ box, joined }: Block): { readonly x: number; readonly y: number } {
  return { x: box.x + (box.width + (joined?.width ?? 0)) / 2, y: box.y + box.height / 2 };
}
