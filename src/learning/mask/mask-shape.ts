import { applyMaskKind } from '../../dsp/mask.ts';

/** How a mask of the vocals is used. */
export interface MaskShape {
  /** soft: as it is; hard: 1 from the threshold on, else 0. */
  readonly kind: 'soft' | 'hard';
  /** [0, 1] */
  readonly threshold: number;
  /** Exponent of a soft mask, > 0: above 1 it takes more away, below 1 less. */
  readonly strength: number;
  /** What is cut out: the accompaniment's mask is what the vocals' leaves. */
  readonly part: 'vocals' | 'accompaniment';
}

/** The network's mask of the vocals, made hard, or raised to the strength. A new array. */
export function vocalsMask(mask: Float32Array, { kind, threshold, strength }: MaskShape): Float32Array<ArrayBuffer> {
  const shaped = Float32Array.from(mask);
  if (kind === 'hard') return applyMaskKind(shaped, { kind, threshold });
  if (strength !== 1) for (let i = 0; i < shaped.length; i++) shaped[i] **= strength;
  return shaped;
}

/** The mask of the part that is cut out. A new array. */
export function shapeMask(mask: Float32Array, shape: MaskShape): Float32Array<ArrayBuffer> {
  const shaped = vocalsMask(mask, shape);
  if (shape.part === 'accompaniment') for (let i = 0; i < shaped.length; i++) shaped[i] = 1 - shaped[i];
  return shaped;
}
