import { applyMaskKind } from '../../dsp/mask.ts';

/** How the network's mask of the vocals is used. */
export interface MaskShape {
  /** `soft`: as the network gave it; `hard`: 1 from the threshold upwards, else 0. */
  readonly kind: 'soft' | 'hard';
  /** [0, 1] */
  readonly threshold: number;
  /** Exponent of a soft mask, above 0. Above 1 it removes more, below 1 less. */
  readonly strength: number;
  /** The part to cut out. The mask of the accompaniment is 1 minus the mask of the vocals. */
  readonly part: 'vocals' | 'accompaniment';
}

/** The mask of the vocals, made hard or raised to the power of the strength, as a new array. */
export function vocalsMask(mask: Float32Array, { kind, threshold, strength }: MaskShape): Float32Array<ArrayBuffer> {
  const shaped = Float32Array.from(mask);
  if (kind === 'hard') return applyMaskKind(shaped, { kind, threshold });
  if (strength !== 1) for (let i = 0; i < shaped.length; i++) shaped[i] **= strength;
  return shaped;
}

/** The mask of the part to cut out, as a new array. */
export function shapeMask(mask: Float32Array, shape: MaskShape): Float32Array<ArrayBuffer> {
  const shaped = vocalsMask(mask, shape);
  if (shape.part === 'accompaniment') for (let i = 0; i < shaped.length; i++) shaped[i] = 1 - shaped[i];
  return shaped;
}
