import { describe, expect, test } from 'vitest';
import { type MaskShape, shapeMask } from '../../../src/learning/mask/mask-shape.ts';

const MASK = Float32Array.of(0, 0.25, 0.5, 1);
const AS_IT_IS: MaskShape = { kind: 'soft', threshold: 0.5, strength: 1, part: 'vocals' };

describe('shapeMask', () => {
  test.each([
    [{}, [0, 0.25, 0.5, 1]],
    [{ strength: 2 }, [0, 0.0625, 0.25, 1]],
    [{ strength: 0.5 }, [0, 0.5, Math.SQRT1_2, 1]],
    [{ kind: 'hard' }, [0, 0, 1, 1]],
    [{ kind: 'hard', threshold: 0.2 }, [0, 1, 1, 1]],
    // The strength is a soft mask's.
    [{ kind: 'hard', strength: 2 }, [0, 0, 1, 1]],
    [{ part: 'accompaniment' }, [1, 0.75, 0.5, 0]],
    [{ part: 'accompaniment', kind: 'hard' }, [1, 1, 0, 0]],
  ] as const)('%o', (changes, expected) => {
    const shaped = shapeMask(MASK, { ...AS_IT_IS, ...changes });
    expected.forEach((value, i) => {
      expect(shaped[i]).toBeCloseTo(value, 6);
    });
    expect([...MASK]).toEqual([0, 0.25, 0.5, 1]);
  });
});
