import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Stem } from '../../../src/model/manifest.ts';
import { Patch } from '../../../src/model/patch.ts';
import { combineMasks } from '../../../src/model/runtime/combine-masks.ts';
import { fixturePath, maxDifference } from '../fixtures.ts';
import { readSpleeter } from '../spleeter-fixtures.ts';

interface Combined {
  readonly exponent: number;
  readonly epsilon: number;
  readonly masks: readonly (readonly number[])[];
  /** NumPy's mask of the first network. */
  readonly mask: readonly number[];
}

/** By training/reference/combine_reference.py. */
const { magnitudes, cases, logits } = JSON.parse(readFileSync(fixturePath('combine.json'), 'utf8')) as {
  readonly magnitudes: readonly number[];
  readonly cases: readonly Combined[];
  readonly logits: Combined & { readonly logits: readonly (readonly number[])[] };
};

const STEMS: readonly Stem[] = ['vocals', 'accompaniment', 'drums', 'bass', 'piano'];
const mixture = Float32Array.from(magnitudes);
const asMasks = (masks: readonly (readonly number[])[]) =>
  masks.map((mask, n) => [STEMS[n], Float32Array.from(mask)] as const);

describe('combineMasks', () => {
  it.each(cases.map((combined) => [combined.masks.length, combined.exponent, combined.epsilon, combined] as const))(
    'matches NumPy for %i networks, exponent %f and epsilon %f',
    (_, exponent, epsilon, { masks, mask }) => {
      const out = new Float32Array(mixture.length).fill(9);
      const given = asMasks(masks);
      combineMasks(given, mixture, { kind: 'ratio', exponent, epsilon }, out);
      expect(maxDifference(out, mask)).toBeLessThan(1e-6);
      expect(given).toEqual(asMasks(masks));
    },
  );

  it('does not depend on the position of the vocals among the networks', () => {
    const [{ masks, mask, exponent, epsilon }] = cases.slice(3);
    const out = new Float32Array(mixture.length);
    combineMasks(asMasks(masks).reverse(), mixture, { kind: 'ratio', exponent, epsilon }, out);
    expect(maxDifference(out, mask)).toBeLessThan(1e-6);
  });

  it('can write the result into one of the masks', () => {
    const [{ masks, mask, exponent, epsilon }] = cases;
    for (const which of [0, 1]) {
      const given = asMasks(masks);
      combineMasks(given, mixture, { kind: 'ratio', exponent, epsilon }, given[which][1]);
      expect(maxDifference(given[which][1], mask)).toBeLessThan(1e-6);
    }
  });

  it('uses the mask of a single vocals network, or 1 − mask for the accompaniment', () => {
    const mask = Float32Array.of(0, 0.25, 1);
    const out = new Float32Array(3);
    combineMasks([['vocals', mask]], Float32Array.of(0, 1, 2), { kind: 'single' }, out);
    expect([...out]).toEqual([0, 0.25, 1]);
    combineMasks([['accompaniment', mask]], Float32Array.of(0, 1, 2), { kind: 'single' }, out);
    expect([...out]).toEqual([1, 0.75, 0]);
  });
});

describe('Patch with logits', () => {
  it('turns logits of any size into masks by a softmax and combines them, like NumPy', async () => {
    const { description } = await readSpleeter('spleeter-logit');
    // 2 channels × 3 frames × 4 bins: the fixture's cells in order.
    const [channels, frames, bins] = [2, 3, 4];
    const scaling = { ...description, patch: { ...description.patch, frames, bins } };
    const cell = (bin: number, frame: number, channel: number) => (channel * frames + frame) * bins + bin;
    const outputs = logits.logits.map((values, n) => {
      const output = new Float32Array(mixture.length);
      for (let bin = 0, at = 0; bin < bins; bin++) {
        for (let frame = 0; frame < frames; frame++) {
          for (let channel = 0; channel < channels; channel++) output[at++] = values[cell(bin, frame, channel)];
        }
      }
      return [(['vocals', 'bass', 'piano'] as const)[n], output] as const;
    });
    const mask = new Float32Array(mixture.length);
    expect(new Patch(mixture, scaling, 2).readMask(outputs, mask)).toBe(true);
    expect(maxDifference(mask, logits.mask)).toBeLessThan(1e-6);
    outputs[2][1][5] = Number.NaN;
    expect(new Patch(mixture, scaling, 2).readMask(outputs, mask)).toBe(false);
  });
});
