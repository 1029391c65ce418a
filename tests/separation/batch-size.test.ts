import { expect, it } from 'vitest';
import { batchSizeOf } from '../../src/separation/batch-size.ts';

const sized = (bins: number, frames: number, channels: number) => ({ bins, frames, channels });

it('gives graphics hardware four small patches at a time, or one large one, and wasm one', () => {
  const [small, large] = [sized(512, 128, 1), sized(1024, 512, 2)];
  expect(['webgpu', 'webgl', 'wasm', 'cpu'].map((backend) => batchSizeOf(backend, small))).toEqual([4, 4, 1, 1]);
  expect(['webgpu', 'webgl', 'wasm', 'cpu'].map((backend) => batchSizeOf(backend, large))).toEqual([1, 1, 1, 1]);
  expect(batchSizeOf('webgl', sized(512, 256, 1))).toBe(2);
});
