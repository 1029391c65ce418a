import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/core/errors.ts';
import { makeWindow, type WindowKind } from '../../src/dsp/window.ts';
import fixture from '../fixtures/dsp.json' with { type: 'json' };
import { greatestDifference } from './noise.ts';

describe('makeWindow', () => {
  it.each(fixture.windows)('matches scipy’s periodic $kind window of $length samples', ({ kind, length, values }) => {
    const window = makeWindow(kind as WindowKind, length);
    expect(greatestDifference(window, values)).toBeLessThan(1e-14);
  });

  it('is never negative', () => {
    expect(Math.min(...makeWindow('blackman', 1024))).toBe(0);
  });

  it.each([0, -4, 2.5, Number.NaN])('rejects a length of %s', (length) => {
    expect(() => makeWindow('hann', length)).toThrow(ParameterError);
  });

  it('rejects an unknown kind', () => {
    expect(() => makeWindow('kaiser' as WindowKind, 8)).toThrow(/kaiser/);
  });
});
