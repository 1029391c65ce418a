import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/core/errors.ts';
import { applyMaskKind, type MaskKind } from '../../src/dsp/mask.ts';

const mask = () => Float32Array.of(0, 0.25, 0.5, 0.75, 1);

describe('applyMaskKind', () => {
  it('does not change a soft mask', () => {
    expect(applyMaskKind(mask(), { kind: 'soft' })).toEqual(mask());
  });

  it('makes a hard mask: 1 from the threshold on', () => {
    expect([...applyMaskKind(mask(), { kind: 'hard' })]).toEqual([0, 0, 1, 1, 1]);
    expect([...applyMaskKind(mask(), { kind: 'hard', threshold: 0.6 })]).toEqual([0, 0, 0, 1, 1]);
  });

  it('sharpens by m^e / (m^e + (1 − m)^e)', () => {
    const sharp = applyMaskKind(mask(), { kind: 'sharp', exponent: 2 });
    [0, 1 / 10, 1 / 2, 9 / 10, 1].forEach((value, i) => {
      expect(sharp[i]).toBeCloseTo(value, 6);
    });
  });

  it('is soft at exponent 1, and hard without NaN at a great exponent', () => {
    expect(applyMaskKind(mask(), { kind: 'sharp', exponent: 1 })).toEqual(mask());
    expect([...applyMaskKind(mask(), { kind: 'sharp', exponent: 2000 })]).toEqual([0, 0, 0.5, 1, 1]);
  });

  it('works in place', () => {
    const values = mask();
    expect(applyMaskKind(values, { kind: 'hard' })).toBe(values);
  });

  it.each<MaskKind>([
    { kind: 'hard', threshold: -0.1 },
    { kind: 'hard', threshold: 1.5 },
    { kind: 'hard', threshold: Number.NaN },
    { kind: 'sharp', exponent: 0 },
    { kind: 'sharp', exponent: -1 },
    { kind: 'sharp', exponent: Number.NaN },
    { kind: 'smooth' } as unknown as MaskKind,
  ])('rejects %o', (kind) => {
    expect(() => applyMaskKind(mask(), kind)).toThrow(ParameterError);
  });
});
