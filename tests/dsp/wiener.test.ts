import { describe, expect, it } from 'vitest';
import { type StereoSpectra, stereoSpectra } from '../../src/dsp/stereo-spectrum.ts';
import { refineByWiener } from '../../src/dsp/wiener.ts';
import { ParameterError } from '../../src/errors.ts';
import fixture from '../fixtures/wiener.json' with { type: 'json' };
import { greatestDifference, noise } from './noise.ts';

const { frames, bins, seeds, maskSeed, cases } = fixture;
const PARTS = ['leftRe', 'leftIm', 'rightRe', 'rightIm'] as const;

function mixtureAndVocals(): { mixture: StereoSpectra; vocals: StereoSpectra } {
  const [leftRe, leftIm, rightRe, rightIm] = seeds.map((seed) => noise(seed, frames * bins));
  const mixture = { leftRe, leftIm, rightRe, rightIm };
  const mask = noise(maskSeed, frames * bins).map((value) => (value + 1) / 2);
  const masked = (part: Float32Array) => part.map((value, i) => value * mask[i]);
  const vocals = {
    leftRe: masked(leftRe),
    leftIm: masked(leftIm),
    rightRe: masked(rightRe),
    rightIm: masked(rightIm),
  };
  return { mixture, vocals };
}

describe('refineByWiener', () => {
  it.each(cases)('equals norbert after $iterations round(s)', (expected) => {
    const { mixture, vocals } = mixtureAndVocals();
    const regularisation = Math.sqrt(Number.EPSILON);
    refineByWiener(mixture, vocals, frames, bins, { iterations: expected.iterations, regularisation });
    for (const part of PARTS) expect(greatestDifference(vocals[part], expected[part])).toBeLessThan(2e-6);
  });

  it('parts two sources that stand at different places, wherever the first estimate leaves both in each', () => {
    // The voice left and right alike, the band on the left only; the first estimate is half of everything, but in the
    // frames where one of them sounds alone.
    const count = 40;
    const mixture = stereoSpectra(count);
    const vocals = stereoSpectra(count);
    const [voice, band] = [noise(21, count), noise(22, count)];
    for (let frame = 0; frame < count; frame++) {
      const v = frame % 4 === 1 ? 0 : voice[frame];
      const b = frame % 4 === 0 ? 0 : band[frame];
      mixture.leftRe[frame] = v + b;
      mixture.rightRe[frame] = v;
      const mask = frame % 4 === 0 ? 1 : frame % 4 === 1 ? 0 : 0.5;
      vocals.leftRe[frame] = mask * (v + b);
      vocals.rightRe[frame] = mask * v;
    }
    const error = () => vocals.leftRe.reduce((sum, value, i) => sum + (i % 4 < 2 ? 0 : (value - voice[i]) ** 2), 0);
    const before = error();
    refineByWiener(mixture, vocals, count, 1, { iterations: 3, regularisation: 1e-8 });
    expect(error()).toBeLessThan(before / 4);
  });

  it('leaves silence silent', () => {
    const [mixture, vocals] = [stereoSpectra(6), stereoSpectra(6)];
    refineByWiener(mixture, vocals, 2, 3, { iterations: 2, regularisation: 1e-8 });
    for (const part of PARTS) expect([...vocals[part]]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('refuses spectra that are too short, and options that mean nothing', () => {
    const [a, b] = [stereoSpectra(6), stereoSpectra(6)];
    expect(() => refineByWiener(a, b, 3, 3, { iterations: 1, regularisation: 1 })).toThrow(ParameterError);
    expect(() => refineByWiener(a, b, 2, 3, { iterations: 0, regularisation: 1 })).toThrow(ParameterError);
    expect(() => refineByWiener(a, b, 2, 3, { iterations: 1, regularisation: 0 })).toThrow(ParameterError);
  });
});
