import { describe, expect, test } from 'vitest';
import { mixdown, toMono } from '../../src/audio/mixdown.ts';

/** `count` channels; in sample i only channel i is 1: column i of the result is the gain of channel i. */
function impulses(count: number): Float32Array[] {
  return Array.from({ length: count }, (_, c) => Float32Array.from({ length: count }, (_, i) => (i === c ? 1 : 0)));
}

const gains = (count: number): number[][] =>
  mixdown({ sampleRate: 48000, channels: impulses(count) }).channels.map((channel) => [...channel]);

const h = Math.fround(Math.SQRT1_2);

describe('mixdown', () => {
  test('leaves mono and stereo as they are', () => {
    const audio = { sampleRate: 8000, channels: impulses(2) };
    expect(mixdown(audio)).toBe(audio);
    expect(gains(1)).toEqual([[1]]);
  });

  // The values of the "Up-mixing and down-mixing" table of the Web Audio API.
  test('mixes quad and 5.1 as Web Audio does', () => {
    expect(gains(4)).toEqual([
      [0.5, 0, 0.5, 0],
      [0, 0.5, 0, 0.5],
    ]);
    expect(gains(6)).toEqual([
      [1, 0, h, 0, h, 0],
      [0, 1, h, 0, 0, h],
    ]);
  });

  test('mixes 3, 5, 7 and 8 channels by ITU-R BS.775: centre and surrounds at −3 dB', () => {
    expect(gains(3)).toEqual([
      [1, 0, h],
      [0, 1, h],
    ]);
    expect(gains(5)).toEqual([
      [1, 0, h, h, 0],
      [0, 1, h, 0, h],
    ]);
    expect(gains(7)).toEqual([
      [1, 0, h, 0, 0.5, h, 0],
      [0, 1, h, 0, 0.5, 0, h],
    ]);
    expect(gains(8)).toEqual([
      [1, 0, h, 0, h, 0, h, 0],
      [0, 1, h, 0, 0, h, 0, h],
    ]);
  });

  test('keeps the first two of more than eight channels', () => {
    expect(gains(9)).toEqual(
      impulses(9)
        .slice(0, 2)
        .map((channel) => [...channel]),
    );
  });

  test('does not scale down what is louder than full scale', () => {
    const loud = Array.from({ length: 6 }, () => Float32Array.of(1));
    expect(mixdown({ sampleRate: 44100, channels: loud }).channels[0][0]).toBeCloseTo(1 + 2 * Math.SQRT1_2, 6);
  });
});

test('toMono is the mean of the channels', () => {
  expect([...toMono({ sampleRate: 1, channels: [Float32Array.of(1, -0.5), Float32Array.of(0, 0.25)] })]).toEqual([
    0.5, -0.125,
  ]);
  expect([...toMono({ sampleRate: 1, channels: [Float32Array.of(0.75)] })]).toEqual([0.75]);
  expect(toMono({ sampleRate: 1, channels: impulses(4) })).toEqual(Float32Array.of(0.25, 0.25, 0.25, 0.25));
});
