import { expect, it } from 'vitest';
import type { SpectrogramColumns } from '../../src/dsp/spectrogram-scale.ts';
import { MaskConfidence } from '../../src/separation/mask-confidence.ts';

const BINS = 4;

/** Columns of one level, whose bins have these masks. */
function columns(masks: readonly number[], firstFrame = 0, frames = 10, level = 0.1): SpectrogramColumns {
  const repeated = Float32Array.from({ length: frames * BINS }, (_, i) => masks[i % masks.length]);
  const mixture = new Float32Array(frames * BINS).fill(level);
  return { firstFrame, frames, bins: BINS, mixture, mask: repeated };
}

function confidenceOf(...given: SpectrogramColumns[]) {
  const confidence = new MaskConfidence(100);
  for (const one of given) confidence.add(one);
  return confidence.confidence;
}

it.each([
  ['bins that are voice or not', [1, 0, 1, 0], 'sure'],
  // Voice 0.81, undecided 4 · 0.9 · 0.1 = 0.36 of the energy: +3.5 dB.
  ['masks near 1', [0.9], 'sure'],
  // Voice 0.25, undecided 1: −6 dB.
  ['masks of one half', [0.5], 'unsure'],
  // Voice 0.64, undecided 0.64: 0 dB; at 0.75: 0.5625 against 0.75: −1.2 dB.
  ['masks of 0.8', [0.8], 'sure'],
  ['masks of 0.75', [0.75], 'unsure'],
  // Voice 0.0025: −26 dB of the mixture.
  ['masks near 0', [0.05], 'little-voice'],
  // Voice 0.01 of the energy: −20 dB; undecided 0.36: −15.6 dB.
  ['masks of 0.1', [0.1], 'unsure'],
] as const)('%s', (_, masks, expected) => {
  expect(confidenceOf(columns(masks))).toBe(expected);
});

it('weighs by energy: what is 40 dB softer does not count', () => {
  expect(confidenceOf(columns([1, 0]), columns([0.5], 10, 10, 0.001))).toBe('sure');
  expect(confidenceOf(columns([1, 0], 0, 10, 0.001), columns([0.5], 10))).toBe('unsure');
});

it('columns that come again replace the earlier ones', () => {
  expect(confidenceOf(columns([0.5]), columns([1, 0]))).toBe('sure');
  expect(confidenceOf(columns([1, 0]), columns([0.5]))).toBe('unsure');
});

it('says nothing about silence', () => {
  expect(confidenceOf()).toBeUndefined();
  expect(confidenceOf(columns([0.5], 0, 10, 0))).toBeUndefined();
});
