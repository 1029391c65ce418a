import { expect, test } from 'vitest';
import { freeMemory } from '../../src/core/memory.ts';

test('leaves arrays empty that have no more use, also where two lie in one buffer, and shared ones as they are', () => {
  const array = new Float32Array(8);
  const parts = [array.subarray(0, 4), array.subarray(4)];
  const shared = new Float32Array(new SharedArrayBuffer(16));
  freeMemory([...parts, shared]);
  freeMemory(parts);
  expect(parts.map(({ length }) => length)).toEqual([0, 0]);
  expect(shared.length).toBe(4);
});
