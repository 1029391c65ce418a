import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/core/errors.ts';
import { isInvertible, OverlapAdder, overlapWeights } from '../../src/dsp/overlap-add.ts';
import { makeWindow } from '../../src/dsp/window.ts';
import { noise, relativeError } from './noise.ts';

/** Frames of two channels, windowed, as pairs. */
function frameOf(channels: readonly Float32Array[], window: Float64Array, start: number): number[] {
  return Array.from({ length: 2 * window.length }, (_, i) => {
    const n = i >> 1;
    return (channels[i & 1][start + n] ?? 0) * window[n];
  });
}

describe('OverlapAdder', () => {
  it.each([
    [64, 16, 2],
    [64, 48, 2],
    [64, 27, 1],
    [64, 64, 1],
  ] as const)(
    'reconstructs the sound from windowed frames, however often samples are taken: %i/%i',
    (size, hop, count) => {
      const window = makeWindow(hop === size ? 'hamming' : 'hann', size);
      const signal = [noise(1, 500), noise(2, 500)];
      for (const every of [1, 3, 1000]) {
        const adder = new OverlapAdder({ window, hop, channels: count, start: -size / 2 });
        const pieces: Float32Array[][] = [];
        const frames = Math.ceil(499 / hop) + 1;
        for (let m = 0; m < frames; m++) {
          adder.add(frameOf(signal, window, m * hop - size / 2));
          if (m % every === 0) {
            expect(adder.position).toBe(pieces.reduce((sum, [piece]) => sum + piece.length, 0));
            pieces.push(adder.take(500));
          }
        }
        pieces.push(adder.flush(500));
        for (let channel = 0; channel < count; channel++) {
          const whole = pieces.flatMap((piece) => [...piece[channel]]);
          expect(relativeError(whole, signal[channel])).toBeLessThan(1e-6);
        }
      }
    },
  );

  it('returns no sample that a later frame could still change', () => {
    const adder = new OverlapAdder({ window: makeWindow('hann', 8), hop: 2, channels: 1, start: -4 });
    const frame = new Array(16).fill(1);
    const available = [0, 1, 2, 3, 4].map(() => {
      adder.add(frame);
      return adder.available;
    });
    expect(available).toEqual([0, 0, 2, 4, 6]);
  });

  it('reads a single channel from either part, scaled', () => {
    const window = makeWindow('rectangular', 4);
    const adder = new OverlapAdder({ window, hop: 4, channels: 1 });
    adder.add([1, 10, 2, 20, 3, 30, 4, 40], 0.5, 1);
    expect([...adder.flush(4)[0]]).toEqual([5, 10, 15, 20]);
  });

  it('rejects an end beyond its frames, and frames after the end', () => {
    const adder = new OverlapAdder({ window: makeWindow('hann', 8), hop: 2, channels: 1, start: -4 });
    expect(() => adder.flush(1)).toThrow(ParameterError);
    adder.add(new Array(16).fill(1));
    expect(() => adder.flush(5)).toThrow(/do not reach/);
    expect(adder.flush(3)[0].length).toBe(3);
    expect(() => adder.add(new Array(16).fill(1))).toThrow(ParameterError);
  });

  it.each([0, 1.5, 8, 9])('rejects Hann windows of 8 samples %s apart', (hop) => {
    expect(() => new OverlapAdder({ window: makeWindow('hann', 8), hop, channels: 1 })).toThrow(ParameterError);
  });
});

describe('the overlap condition', () => {
  it('has weights of 1 for √Hann with hop N/2, and of 1.5 for Hann with hop N/4', () => {
    for (const weight of overlapWeights(makeWindow('sine', 64), 32)) expect(weight).toBeCloseTo(1, 12);
    for (const weight of overlapWeights(makeWindow('hann', 64), 16)) expect(weight).toBeCloseTo(1.5, 12);
  });

  it('holds for the paper’s 1024/768, and fails without overlap', () => {
    expect(isInvertible(makeWindow('hann', 1024), 768)).toBe(true);
    expect(isInvertible(makeWindow('hann', 1024), 1024)).toBe(false);
  });
});
