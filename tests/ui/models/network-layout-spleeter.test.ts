import { describe, expect, test } from 'vitest';
import { buildSpleeter } from '../../../src/model/graph/spleeter.ts';
import { networkLayers } from '../../../src/model/graph/summary.ts';
import { type Box, networkLayout } from '../../../src/ui/models/network-layout.ts';

const graph = buildSpleeter({
  family: 'spleeter',
  filters: [16, 32, 64, 128, 256, 512],
  epsilon: 1e-3,
  encoder: { kind: 'leaky-relu', slope: 0.2 },
  decoder: { kind: 'relu' },
  output: 'mask',
});
const layers = networkLayers(graph, { bins: 512, frames: 256 });

const inside = (box: Box, width: number, height: number) =>
  box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
const apart = (a: Box, b: Box) =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

describe.each([270, 640])('the drawing of Spleeter’s network, %i pixels wide', (width) => {
  const { blocks, edges, height } = networkLayout(layers, width);
  const slabOf = (name: string) => blocks.find(({ layer }) => layer?.name === name)!;

  test('has six blocks a side, and the output above the last of the decoder', () => {
    expect(blocks.length).toBe(14);
    const [output, last] = [slabOf('output_0'), slabOf('decoder_5')];
    expect(output.label.y).toBeLessThan(last.box.y);
    expect(output.label.x).toBe(last.label.x);
    expect(blocks[0].box.y).toBe(last.box.y);
  });

  test('has every tensor and every cell within it, none upon another', () => {
    const bodies = blocks.flatMap(({ box, joined }) => (joined ? [box, joined] : [box]));
    const cells = blocks.filter(({ layer }) => layer).map(({ cell }) => cell);
    for (const boxes of [bodies, cells]) {
      for (const box of boxes) expect(inside(box, width, height)).toBe(true);
      for (const [n, a] of boxes.entries()) for (const b of boxes.slice(n + 1)) expect(apart(a, b)).toBe(true);
    }
  });

  test('draws each skip connection to the block that reads it', () => {
    const skips = edges.filter(({ kind }) => kind === 'skip');
    expect(skips.length).toBe(5);
    for (const layer of layers) {
      if (!layer.skip) continue;
      const { box } = slabOf(`encoder_${layer.skip.from}`);
      // The skip joins what the block before gives out.
      const { box: to, joined } = slabOf(`decoder_${layer.index - 1}`);
      expect(joined).toBeDefined();
      expect(to.y).toBe(box.y);
      expect(skips.some(({ from }) => from[1] === box.y + box.height / 2)).toBe(true);
    }
    expect(edges.filter(({ kind }) => kind === 'same').length).toBe(1);
  });
});
