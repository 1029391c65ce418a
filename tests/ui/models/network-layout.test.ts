import { describe, expect, test } from 'vitest';
import { networkLayers } from '../../../src/model/graph/summary.ts';
import { buildUnet } from '../../../src/model/graph/unet.ts';
import { type Box, networkLayout } from '../../../src/ui/models/network-layout.ts';
import { manifest, network } from '../../separation/fake-model.ts';

const graph = buildUnet({
  ...network,
  encoderFilters: [16, 32, 64, 128, 256, 512],
  decoderFilters: [256, 128, 64, 32, 16, 1],
});
const layers = networkLayers(graph, manifest.patch);

const inside = (box: Box, width: number, height: number) =>
  box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
const apart = (a: Box, b: Box) =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

describe.each([270, 640])('the drawing of a network, %i pixels wide', (width) => {
  const layout = networkLayout(layers, width);

  test('has every tensor within it, none upon another', () => {
    expect(layout.blocks.length).toBe(layers.length + 1);
    const bodies = layout.blocks.flatMap(({ box, joined }) => (joined ? [box, joined] : [box]));
    for (const body of bodies) expect(inside(body, width, layout.height)).toBe(true);
    for (const [n, a] of bodies.entries()) for (const b of bodies.slice(n + 1)) expect(apart(a, b)).toBe(true);
  });

  test('lets every layer be pointed at by itself', () => {
    const cells = layout.blocks.filter(({ layer }) => layer).map(({ cell }) => cell);
    for (const cell of cells) expect(inside(cell, width, layout.height)).toBe(true);
    for (const [n, a] of cells.entries()) for (const b of cells.slice(n + 1)) expect(apart(a, b)).toBe(true);
    // WCAG 2.2, 2.5.8.
    for (const { width: w, height: h } of cells) expect(Math.min(w, h)).toBeGreaterThanOrEqual(24);
  });

  test('joins what is joined: a edge to each layer, and a skip connection to all of the decoder but the first', () => {
    const count = (kind: string) => layout.edges.filter((edge) => edge.kind === kind).length;
    expect([count('down'), count('up'), count('skip')]).toEqual([6, 6, 5]);
    for (const { kind, from, to } of layout.edges) if (kind === 'skip') expect(from[1]).toBe(to[1]);
  });

  test('puts tensors of one size in one row', () => {
    const rows = new Map<number, number>();
    for (const { shape, box } of layout.blocks) {
      expect(rows.get(shape.bins) ?? box.y).toBe(box.y);
      rows.set(shape.bins, box.y);
    }
    expect(rows.size).toBe(7);
  });
});
