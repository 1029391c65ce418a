import { expect, it } from 'vitest';
import { gateSilence } from '../../src/dsp/silence-gate.ts';

const ROWS = 20;
const BINS = 4;
const flat = (value: number) => new Float32Array(ROWS * BINS).fill(value);

it('closes a mask that lets through too little to be a voice, and leaves a voice alone', () => {
  const mask = flat(0.05);
  mask.fill(0.8, 0, 10 * BINS);
  gateSilence(mask, flat(1), BINS, 2);
  // Share of power: 0.64 and 0.0025, which is under the threshold where no voice is within two frames.
  expect(mask[0]).toBeCloseTo(0.8, 6);
  expect(mask[9 * BINS]).toBeCloseTo(0.8, 6);
  expect(mask[11 * BINS]).toBeCloseTo(0.05, 6);
  expect(mask[12 * BINS]).toBe(0);
  expect(mask[19 * BINS]).toBe(0);
});

it('weighs bins by the mixture’s power', () => {
  const mask = flat(0);
  const magnitude = flat(0.01);
  for (let row = 0; row < ROWS; row++) {
    mask[row * BINS] = 1;
    magnitude[row * BINS + 1] = 1;
  }
  const quiet = mask.slice();
  gateSilence(quiet, magnitude, BINS, 3);
  expect(quiet.every((value) => value === 0)).toBe(true);
  for (let row = 0; row < ROWS; row++) magnitude[row * BINS] = 0.5;
  gateSilence(mask, magnitude, BINS, 3);
  expect(mask[0]).toBe(1);
});

it('opens a mask of the accompaniment instead', () => {
  const mask = flat(0.95);
  gateSilence(mask, flat(1), BINS, 2, true);
  expect(mask.every((value) => value === 1)).toBe(true);
});

it('gives numbers for silence', () => {
  const mask = flat(0.5);
  gateSilence(mask, flat(0), BINS, 2);
  expect(mask.every((value) => Number.isFinite(value))).toBe(true);
});
