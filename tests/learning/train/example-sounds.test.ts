import { describe, expect, test } from 'vitest';
import { exampleSounds } from '../../../src/learning/train/example-sounds.ts';
import { SMALL_UNET } from '../../../src/learning/train/small-unet.ts';

const { sampleRate, stft, patch } = SMALL_UNET;
const LENGTH = (patch.frames - 1) * stft.hop + stft.fftSize;
const BIN_HZ = sampleRate / stft.fftSize;

const tone = (hz: number) =>
  Float32Array.from({ length: LENGTH }, (_, n) => 0.3 * Math.sin((2 * Math.PI * hz * n) / sampleRate));

const tone1500 = tone(1500);

/** A mask that is 1 below a frequency and 0 above it. */
const maskBelow = (hz: number) =>
  Float32Array.from({ length: patch.bins * patch.frames }, (_, at) =>
    (patch.firstBin + Math.floor(at / patch.frames)) * BIN_HZ < hz ? 1 : 0,
  );

/** Amplitude of a tone in the middle second of a sound: its Fourier sum. */
function amplitude(sound: Float32Array, hz: number): number {
  let [re, im] = [0, 0];
  for (let n = sampleRate; n < 2 * sampleRate; n++) {
    re += sound[n] * Math.cos((2 * Math.PI * hz * n) / sampleRate);
    im += sound[n] * Math.sin((2 * Math.PI * hz * n) / sampleRate);
  }
  return (2 * Math.hypot(re, im)) / sampleRate;
}

describe('what an example sounds like', () => {
  test('a mask of 1 everywhere leaves the mixture as it is', () => {
    // The network has no bin at 0 Hz, so the mean is not kept.
    const sound = { mixture: tone(300).map((value, n) => value + tone1500[n]), voice: tone(300) };
    const sounds = exampleSounds({ sound }, new Float32Array(patch.bins * patch.frames).fill(1), SMALL_UNET);
    const worst = sounds.product.reduce((most, value, n) => Math.max(most, Math.abs(value - sounds.mixture[n])), 0);
    expect(worst).toBeLessThan(1e-3);
    expect([sounds.mixture.length, sounds.voice.length, sounds.product.length]).toEqual(
      Array(3).fill(LENGTH - stft.fftSize / 2),
    );
    // Frame 0 is centred on the first sample.
    expect(sounds.voice[0]).toBe(sound.voice[stft.fftSize / 2]);
  });

  test('a mask of the low frequencies keeps the low tone and removes the high ones, above its bins, too', () => {
    const [low, high, higher] = [300, 1500, 3000].map(tone);
    const mixture = low.map((value, n) => value + high[n] + higher[n]);
    const { product } = exampleSounds({ sound: { mixture, voice: low } }, maskBelow(700), SMALL_UNET);
    expect(amplitude(product, 300)).toBeCloseTo(0.3, 2);
    expect(amplitude(product, 1500)).toBeLessThan(0.003);
    expect(amplitude(product, 3000)).toBeLessThan(0.003);
  });

  test('the mask changes when the sound does', () => {
    const mask = Float32Array.from({ length: patch.bins * patch.frames }, (_, at) => (at % patch.frames < 16 ? 0 : 1));
    const { product, mixture } = exampleSounds({ sound: { mixture: tone(400), voice: tone(400) } }, mask, SMALL_UNET);
    const middle = 15.5 * stft.hop;
    const rms = (sound: Float32Array, from: number, to: number) =>
      Math.sqrt(sound.subarray(from, to).reduce((sum, value) => sum + value * value, 0) / (to - from));
    expect(rms(product, 0, middle - stft.hop)).toBeLessThan(0.01 * rms(mixture, 0, middle - stft.hop));
    expect(rms(product, middle + stft.hop, mixture.length)).toBeCloseTo(
      rms(mixture, middle + stft.hop, mixture.length),
      3,
    );
  });
});
