import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/core/errors.ts';
import { idealBinaryMask, idealRatioMask, idealRatioMaskSeparation } from '../../src/metrics/oracle.ts';
import { sdr } from '../../src/metrics/sdr.ts';
import fixture from '../fixtures/metrics.json' with { type: 'json' };
import { type Layout, makeSources } from './sources.ts';

const vocals = Float32Array.of(0, 1, 3, 1, 0);
const accompaniment = Float32Array.of(0, 1, 1, 3, 2);

describe('the ideal masks', () => {
  it('are |V|² / (|V|² + |A|²) by default, and 0 in silence', () => {
    expect(idealRatioMask(vocals, accompaniment)).toEqual(Float32Array.of(0, 0.5, 0.9, 0.1, 0));
  });

  it('are the ratio of magnitudes for α = 1', () => {
    expect(idealRatioMask(vocals, accompaniment, 1)).toEqual(Float32Array.of(0, 0.5, 0.75, 0.25, 0));
  });

  it('neither overflow nor underflow', () => {
    expect(idealRatioMask(Float32Array.of(3e38, 1e-44), Float32Array.of(3e38, 1e-44), 4)).toEqual(
      Float32Array.of(0.5, 0.5),
    );
  });

  it('are 1 where the voice is louder, for the binary mask', () => {
    expect(idealBinaryMask(vocals, accompaniment)).toEqual(Float32Array.of(0, 0, 1, 0, 0));
  });

  it('reject an α that is not positive, and different lengths', () => {
    expect(() => idealRatioMask(vocals, accompaniment, 0)).toThrow(ParameterError);
    expect(() => idealRatioMask(vocals, new Float32Array(2))).toThrow(ParameterError);
    expect(() => idealBinaryMask(vocals, new Float32Array(2))).toThrow(ParameterError);
  });
});

describe('idealRatioMaskSeparation', () => {
  it.each(fixture.oracle)(
    'matches the SiSEC oracle on scipy’s STFT: $layout, α = $alpha, $fftSize/$hop',
    (expected) => {
      const [voice, band] = makeSources(expected.layout as Layout).references;
      const separated = idealRatioMaskSeparation(voice, band, expected);
      expect(sdr(voice, separated.vocals)).toBeCloseTo(expected.sdr, 4);
      expected.vocals.forEach((channel, c) => {
        channel.forEach((value, i) => {
          expect(Math.abs(separated.vocals[c][i * expected.every] - value)).toBeLessThan(1e-6);
        });
      });
    },
  );

  it('returns two stems that add up to the mixture', () => {
    const [voice, band] = makeSources('stereo').references;
    const separated = idealRatioMaskSeparation(voice, band);
    voice.forEach((channel, c) => {
      channel.forEach((value, n) => {
        const sum = separated.vocals[c][n] + separated.accompaniment[c][n];
        expect(Math.abs(sum - value - band[c][n])).toBeLessThan(1e-6);
      });
    });
  });

  it('rejects sources of different lengths', () => {
    expect(() => idealRatioMaskSeparation([vocals], [vocals.slice(1)])).toThrow(ParameterError);
  });
});
