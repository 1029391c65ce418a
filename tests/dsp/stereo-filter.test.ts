import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/core/errors.ts';
import { StereoMaskFilter, type StereoMaskFilterOptions } from '../../src/dsp/stereo-filter.ts';
import fixture from '../fixtures/dsp.json' with { type: 'json' };
import { gridMask, noise, relativeError, unpack } from './noise.ts';

type MaskOf = (frame: number, bins: number) => Float32Array;

function filtered(options: StereoMaskFilterOptions, sound: Float32Array[], maskOf: MaskOf, takeEvery = 7): number[][] {
  const filter = new StereoMaskFilter(options);
  const out: number[][] = sound.map(() => []);
  const keep = (piece: Float32Array[]) => piece.forEach((channel, c) => void out[c].push(...channel));
  for (let frame = 0; frame < filter.frameCount(sound[0].length); frame++) {
    filter.process(sound, frame, maskOf(frame, filter.bins));
    if (frame % takeEvery === 0) {
      expect(filter.position).toBe(out[0].length);
      keep(filter.take());
    }
  }
  keep(filter.flush(sound[0].length));
  return out;
}

const ones: MaskOf = (_, bins) => new Float32Array(bins).fill(1);

describe('StereoMaskFilter', () => {
  it.each([
    [4096, 1024, 'hann'],
    [4096, 2048, 'hann'],
    [4096, 2048, 'sine'],
    [512, 100, 'sine'],
    [4, 2, 'hann'],
  ] as const)('returns the whole sound for a mask of ones: %i/%i %s', (fftSize, hop, window) => {
    const left = noise(1, 9001);
    const right = noise(2, 9001);
    const stereo = filtered({ fftSize, hop, window, channels: 2 }, [left, right], ones);
    expect(relativeError(stereo[0], left)).toBeLessThan(1e-6);
    expect(relativeError(stereo[1], right)).toBeLessThan(1e-6);
    const [mono] = filtered({ fftSize, hop, window, channels: 1 }, [left], ones);
    expect(relativeError(mono, left)).toBeLessThan(1e-6);
  });

  it.each([0, 1, 2, 63, 64, 65, 127, 129])('returns a sound of %i samples', (length) => {
    const sound = [noise(3, length), noise(4, length)];
    for (const channels of [1, 2] as const) {
      const out = filtered({ fftSize: 256, hop: 64, channels }, sound.slice(0, channels), ones);
      out.forEach((channel, c) => {
        expect(relativeError(channel, sound[c])).toBeLessThan(1e-6);
      });
    }
  });

  // These two stored cases have a hop of at most half the window, as the filter requires.
  it.each(fixture.inverse.slice(1))('matches librosa’s stft and istft: $fftSize/$hop, $window', (parameters) => {
    const sound = noise(parameters.seed, parameters.samples);
    const expected = unpack(parameters.signal);
    const options = { ...parameters, window: parameters.window as 'hann' | 'sine' };
    const [mono] = filtered({ ...options, channels: 1 }, [sound], gridMask);
    expect(relativeError(mono, expected)).toBeLessThan(1e-6);
    // The other channel's content has no effect.
    const other = noise(99, parameters.samples);
    expect(relativeError(filtered({ ...options, channels: 2 }, [sound, other], gridMask)[0], expected)).toBeLessThan(
      1e-6,
    );
    expect(relativeError(filtered({ ...options, channels: 2 }, [other, sound], gridMask)[1], expected)).toBeLessThan(
      1e-6,
    );
  });

  it('keeps a tone in an unmasked bin and removes a tone in a masked bin', () => {
    const tone = (bin: number) => new Float32Array(4096).map((_, n) => Math.sin((2 * Math.PI * bin * n) / 512));
    const [low, high] = [tone(20), tone(200)];
    const mixture = low.map((value, n) => value + high[n]);
    const lowPass: MaskOf = (_, bins) => new Float32Array(bins).map((_, bin) => (bin < 100 ? 1 : 0));
    const [left, right] = filtered({ fftSize: 512, hop: 128, channels: 2 }, [mixture, high], lowPass);
    expect(relativeError(left.slice(512, -512), low.slice(512, -512))).toBeLessThan(1e-4);
    expect(Math.max(...right.slice(512, -512).map(Math.abs))).toBeLessThan(1e-4);
  });

  it('returns the same samples, however often they are taken', () => {
    const sound = [noise(5, 3000), noise(6, 3000)];
    for (const hop of [64, 128, 77]) {
      const options = { fftSize: 256, hop, channels: 2 } as const;
      const once = filtered(options, sound, gridMask, 1e9);
      expect(once[1].length).toBe(3000);
      expect(filtered(options, sound, gridMask, 1)).toEqual(once);
    }
  });

  it('applies a mask for each channel like two filters of one channel', () => {
    const sound = [noise(7, 3001), noise(8, 3001)];
    const options = { fftSize: 256, hop: 128, window: 'sine' } as const;
    const masksOf = [gridMask, (frame: number, bins: number) => gridMask(5 * frame + 3, bins)];
    const filter = new StereoMaskFilter({ ...options, channels: 2 });
    for (let frame = 0; frame < filter.frameCount(3001); frame++) {
      const [left, right] = masksOf.map((maskOf) => maskOf(frame, filter.bins));
      filter.process(sound, frame, left, right);
    }
    for (const [c, channel] of filter.flush(3001).entries()) {
      const [alone] = filtered({ ...options, channels: 1 }, [sound[c]], masksOf[c]);
      expect(relativeError(channel, Float32Array.from(alone))).toBeLessThan(1e-6);
    }
  });

  it('keeps one channel and silences the other', () => {
    const sound = [noise(1, 999), noise(2, 999)];
    const filter = new StereoMaskFilter({ fftSize: 256, hop: 128, channels: 2 });
    const [all, none] = [new Float32Array(129).fill(1), new Float32Array(129)];
    for (let frame = 0; frame < filter.frameCount(999); frame++) filter.process(sound, frame, all, none);
    const [left, right] = filter.flush(999);
    expect(relativeError(left, sound[0])).toBeLessThan(1e-6);
    expect(Math.max(...right.map(Math.abs))).toBeLessThan(1e-6);
  });

  it.each([1, 2] as const)('computes the total power of %i channel(s)', (channels) => {
    const sound = [noise(1, 1000), noise(2, 1000)].slice(0, channels);
    const filter = new StereoMaskFilter({ fftSize: 256, hop: 128, window: 'sine', channels });
    filter.analyse(sound, 0);
    const power = new Float32Array(129);
    filter.power(power);
    // Parseval: a frame's energy is the mean of its power over all N bins. The first frame holds 128 samples.
    let energy = 0;
    for (const channel of sound) {
      for (let n = 0; n < 128; n++) energy += (channel[n] * Math.sin((Math.PI * (n + 128)) / 256)) ** 2;
    }
    const mean = power.reduce((sum, value, bin) => sum + value * (bin === 0 || bin === 128 ? 1 : 2), 0) / 256;
    expect(mean / energy).toBeCloseTo(1, 5);
  });

  it('returns silence for a mask of zeros', () => {
    const zeros: MaskOf = (_, bins) => new Float32Array(bins);
    const [left] = filtered({ fftSize: 256, hop: 128, channels: 2 }, [noise(1, 999), noise(2, 999)], zeros);
    expect(left.length).toBe(999);
    expect(left.every((value) => value === 0)).toBe(true);
  });

  it('rejects frames out of order, other shapes, and an early end', () => {
    const sound = [noise(1, 1000), noise(2, 1000)];
    const filter = new StereoMaskFilter({ fftSize: 256, hop: 128, channels: 2 });
    const mask = new Float32Array(129);
    expect(() => filter.process(sound, 1, mask)).toThrow(/Frame 1 was passed instead of frame 0/);
    expect(() => filter.process(sound.slice(0, 1), 0, mask)).toThrow(ParameterError);
    expect(() => filter.process([sound[0], noise(1, 7)], 0, mask)).toThrow(ParameterError);
    expect(() => filter.process(sound, 0, new Float32Array(128))).toThrow(ParameterError);
    expect(() => filter.process(sound, 0, mask, new Float32Array(128))).toThrow(ParameterError);
    filter.process(sound, 0, mask);
    expect(() => filter.flush(1000)).toThrow(/missing/);
  });

  it.each([
    { fftSize: 1000, hop: 250, channels: 1 as const },
    { fftSize: 1024, hop: 768, channels: 1 as const },
    { fftSize: 1024, hop: 0, channels: 1 as const },
    { fftSize: 1024, hop: 256, channels: 3 as 2 },
  ])('rejects %o', (options) => {
    expect(() => new StereoMaskFilter(options)).toThrow(ParameterError);
  });
});
