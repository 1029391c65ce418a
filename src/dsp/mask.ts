import { ParameterError } from '../core/errors.ts';

/**
 * How to apply a mask. `soft`: as predicted. `hard`: 1 where mask ≥ threshold, else 0 (default threshold 0.5, as in
 * Xiao-Ming's Chainer version). `sharp`: mask^exponent / (mask^exponent + (1 − mask)^exponent); exponent 1 is soft, and
 * a greater exponent is closer to hard.
 */
export type MaskKind =
  | { readonly kind: 'soft' }
  | { readonly kind: 'hard'; readonly threshold?: number }
  | { readonly kind: 'sharp'; readonly exponent: number };

/**
 * Converts a predicted mask to another kind, in place.
 *
 * @param mask values in [0, 1], any length
 * @returns the same array
 * @throws ParameterError for a threshold outside [0, 1] or an exponent that is not positive
 * @example
 * applyMaskKind(mask, { kind: 'hard', threshold: 0.5 });
 */
export function applyMaskKind<T extends Float32Array>(mask: T, kind: MaskKind): T {
  switch (kind.kind) {
    case 'soft':
      return mask;
    case 'hard': {
      const threshold = kind.threshold ?? 0.5;
      if (!(threshold >= 0 && threshold <= 1)) {
        throw new ParameterError('mask.threshold', { threshold });
      }
      for (let i = 0; i < mask.length; i++) mask[i] = mask[i] >= threshold ? 1 : 0;
      return mask;
    }
    case 'sharp': {
      const { exponent } = kind;
      if (!(exponent > 0 && Number.isFinite(exponent))) {
        throw new ParameterError('mask.exponent', { exponent });
      }
      if (exponent === 1) return mask;
      for (let i = 0; i < mask.length; i++) {
        // As a power of (1 − m) / m, so that a great exponent cannot give 0 / 0.
        const value = Math.min(1, Math.max(0, mask[i]));
        mask[i] = 1 / (1 + ((1 - value) / value) ** exponent);
      }
      return mask;
    }
    default:
      throw new ParameterError('mask.kind', { kind: (kind as { kind: string }).kind });
  }
}

/** Computes the mask of the other stem, 1 − mask, in place. */
export function complement(mask: Float32Array): void {
  for (let i = 0; i < mask.length; i++) mask[i] = 1 - mask[i];
}
