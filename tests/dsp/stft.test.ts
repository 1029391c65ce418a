import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/core/errors.ts';
import { type Spectrogram, Stft, type StftOptions } from '../../src/dsp/stft.ts';
import type { WindowKind } from '../../src/dsp/window.ts';
import fixture from '../fixtures/dsp.json' with { type: 'json' };
import { greatestDifference, gridMask, magnitudesOf, noise, relativeError, unpack } from './noise.ts';

const keptFrames = (values: Float32Array, bins: number, kept: readonly number[]) =>
  kept.flatMap((frame) => [...values.subarray(frame * bins, (frame + 1) * bins)]);

describe('the forward transform', () => {
  it.each(fixture.stft)(
    'matches librosa and scipy: $fftSize/$windowLength/$hop, $window, $padding, centred $centred',
    ({ kept, re, im, ...parameters }) => {
      const stft = new Stft(parameters as StftOptions);
      const spectrum = stft.forward(noise(parameters.seed, parameters.samples));
      expect(spectrum.frames - parameters.referenceFrames).toBeOneOf([0, 1]);
      expect(greatestDifference(keptFrames(spectrum.re, stft.bins, kept), unpack(re))).toBeLessThan(1e-5);
      expect(greatestDifference(keptFrames(spectrum.im, stft.bins, kept), unpack(im))).toBeLessThan(1e-5);
    },
  );

  it('gives a full-scale cosine on a bin half the window’s sum, and its starting phase', () => {
    const stft = new Stft({ fftSize: 512, hop: 512, centred: false });
    const signal = new Float32Array(512).map((_, n) => Math.cos((2 * Math.PI * 20 * n) / 512 + 1));
    const { re, im } = stft.forward(signal);
    expect(Math.hypot(re[20], im[20])).toBeCloseTo(128, 3);
    expect(Math.atan2(im[20], re[20])).toBeCloseTo(1, 5);
    expect(Math.hypot(re[100], im[100])).toBeLessThan(1e-4);
  });

  it('gives a click a flat spectrum in the frame centred on it', () => {
    const stft = new Stft({ fftSize: 256, hop: 64 });
    const signal = new Float32Array(1000);
    signal[5 * 64] = 1;
    const magnitude = magnitudesOf(stft, signal);
    const frame = magnitude.subarray(5 * stft.bins, 6 * stft.bins);
    expect(greatestDifference(frame, new Float32Array(stft.bins).fill(1))).toBeLessThan(1e-6);
    expect(Math.max(...magnitude.subarray(9 * stft.bins, 10 * stft.bins))).toBe(0);
  });

  it('computes the magnitudes of its complex values', () => {
    const stft = new Stft({ fftSize: 128, hop: 32 });
    const signal = noise(3, 500);
    const { re, im } = stft.forward(signal);
    const expected = re.map((value, i) => Math.hypot(value, im[i]));
    expect(greatestDifference(magnitudesOf(stft, signal), expected)).toBeLessThan(1e-5);
  });

  it('writes a single frame at an offset, and nothing else', () => {
    const stft = new Stft({ fftSize: 64, hop: 16 });
    const signal = noise(4, 300);
    const whole = stft.forward(signal);
    const re = new Float32Array(100).fill(9);
    const im = new Float32Array(100).fill(9);
    stft.forwardFrame(signal, 3, { re, im }, 50);
    expect(re.slice(50, 83)).toEqual(whole.re.slice(3 * 33, 4 * 33));
    expect(im.slice(50, 83)).toEqual(whole.im.slice(3 * 33, 4 * 33));
    expect([...re.slice(0, 50), ...re.slice(83), ...im.slice(0, 50), ...im.slice(83)].every((v) => v === 9)).toBe(true);
  });
});

describe('the inverse transform', () => {
  it.each(fixture.inverse)('of a masked spectrum matches librosa: $fftSize/$hop, $window', (parameters) => {
    const stft = new Stft({ ...parameters, window: parameters.window as WindowKind });
    const spectrum = stft.forward(noise(parameters.seed, parameters.samples));
    for (let frame = 0; frame < spectrum.frames; frame++) {
      gridMask(frame, stft.bins).forEach((gain, bin) => {
        spectrum.re[frame * stft.bins + bin] *= gain;
        spectrum.im[frame * stft.bins + bin] *= gain;
      });
    }
    const signal = stft.inverse(spectrum, parameters.samples);
    expect(relativeError(signal, unpack(parameters.signal))).toBeLessThan(1e-6);
  });

  const round = (options: StftOptions, signal: Float32Array) => {
    const stft = new Stft(options);
    return stft.inverse(stft.forward(signal), signal.length);
  };

  it.each([
    [1024, 768, 'hann'],
    [1024, 512, 'hann'],
    [1024, 256, 'hann'],
    [1024, 1, 'hann'],
    [1024, 341, 'hann'],
    [1024, 900, 'hann'],
    [4096, 1024, 'hann'],
    [2048, 1024, 'sine'],
    [512, 512, 'rectangular'],
    [512, 512, 'hamming'],
    [512, 300, 'blackman'],
    [2, 1, 'hann'],
    [4, 2, 'sine'],
  ] as const)('returns the signal to 1e-6, including the first and last sample: %i/%i %s', (fftSize, hop, window) => {
    const samples = hop === 1 ? 1500 : 5003;
    const signal = noise(11, samples);
    for (const padding of ['zero', 'reflect'] as const) {
      const back = round({ fftSize, hop, window, padding }, signal);
      expect(relativeError(back, signal)).toBeLessThan(1e-6);
      expect(greatestDifference(back, signal)).toBeLessThan(1e-5);
    }
  });

  it('returns the signal for every accepted hop', () => {
    const signal = noise(12, 700);
    let accepted = 0;
    for (const window of ['hann', 'hamming', 'blackman', 'sine', 'rectangular'] as const) {
      for (let hop = 1; hop <= 70; hop++) {
        const stft = new Stft({ fftSize: 64, windowLength: 60, hop, window });
        if (!stft.invertible) {
          expect(() => round({ fftSize: 64, windowLength: 60, hop, window }, signal)).toThrow(ParameterError);
          continue;
        }
        accepted++;
        expect(relativeError(round({ fftSize: 64, windowLength: 60, hop, window }, signal), signal)).toBeLessThan(1e-6);
      }
    }
    expect(accepted).toBeGreaterThan(250);
  });

  it.each([0, 1, 2, 3, 383, 384, 511, 512, 767, 768, 769, 1023, 1024, 1025, 1537])('returns %i samples', (length) => {
    const signal = noise(13, length);
    for (const padding of ['zero', 'reflect'] as const) {
      const back = round({ fftSize: 1024, hop: 768, padding }, signal);
      expect(back.length).toBe(length);
      expect(relativeError(back, signal)).toBeLessThan(1e-6);
    }
  });

  it('returns all but a Hann window’s edge at both ends when frames are not centred', () => {
    const signal = noise(14, 3000);
    const back = round({ fftSize: 256, hop: 128, centred: false }, signal);
    expect(back[0]).toBe(0);
    expect(relativeError(back.slice(20, 2980), signal.slice(20, 2980))).toBeLessThan(1e-6);
  });

  it('fills uncovered samples with silence, and cuts at the requested length', () => {
    const stft = new Stft({ fftSize: 64, hop: 32 });
    const signal = noise(15, 400);
    const spectrum = stft.forward(signal);
    const long = stft.inverse(spectrum, 600);
    expect(relativeError(long.slice(0, 400), signal)).toBeLessThan(1e-6);
    expect(long.slice(450).every((value) => value === 0)).toBe(true);
    expect(relativeError(stft.inverse(spectrum, 100), signal.slice(0, 100))).toBeLessThan(1e-6);
  });

  it.each([
    [1024, 1024],
    [1024, 1023],
    [1024, 2000],
  ])('does not exist for a Hann window of %i moved by %i', (fftSize, hop) => {
    expect(() => round({ fftSize, hop }, noise(1, 5000))).toThrow(/hop|moved/);
  });

  it('rejects a spectrum of another size', () => {
    const spectrum: Spectrogram = { frames: 2, bins: 65, re: new Float32Array(130), im: new Float32Array(130) };
    expect(() => new Stft({ fftSize: 256, hop: 64 }).inverse(spectrum, 100)).toThrow(ParameterError);
    expect(() => new Stft({ fftSize: 128, hop: 32 }).inverse({ ...spectrum, frames: 3 }, 100)).toThrow(ParameterError);
    expect(() => new Stft({ fftSize: 128, hop: 32 }).inverse(spectrum, -1)).toThrow(ParameterError);
  });
});

describe('frameCount', () => {
  it('has a frame centred at or after every sample', () => {
    const stft = new Stft({ fftSize: 1024, hop: 768 });
    expect([0, 1, 2, 769, 770].map((samples) => stft.frameCount(samples))).toEqual([0, 1, 2, 2, 3]);
  });

  it('covers every sample when frames are not centred', () => {
    const stft = new Stft({ fftSize: 1024, hop: 512, centred: false });
    expect([0, 1, 1024, 1025, 1536, 1537].map((samples) => stft.frameCount(samples))).toEqual([0, 1, 1, 2, 2, 3]);
  });
});

describe('invalid sizes', () => {
  it.each([
    { fftSize: 1000, hop: 250 },
    { fftSize: 1, hop: 1 },
    { fftSize: 0, hop: 1 },
    { fftSize: Number.NaN, hop: 1 },
    { fftSize: 1024, hop: 0 },
    { fftSize: 1024, hop: 0.5 },
    { fftSize: 1024, hop: 256, windowLength: 2048 },
    { fftSize: 1024, hop: 256, windowLength: 1 },
    { fftSize: 1024, hop: 256, padding: 'wrap' as 'zero' },
  ])('are rejected: %o', (options) => {
    expect(() => new Stft(options)).toThrow(ParameterError);
  });
});
