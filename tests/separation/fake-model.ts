import type { ModelManifest, StoredNetwork } from '../../src/model/manifest.ts';
import type { Predictor } from '../../src/model/predictor.ts';

export const network = {
  family: 'unet',
  kernel: 5,
  encoderFilters: [4],
  decoderFilters: [1],
  order: 'norm-activation',
  slope: 0.2,
  epsilon: 1e-3,
  bias: true,
  outputActivation: 'sigmoid',
  skipOrder: 'decoder-encoder',
  output: 'mask',
  files: [{ path: 'model.json', bytes: 1, sha256: '0'.repeat(64) }],
} as const satisfies StoredNetwork;

/** Whether the network predicts the accompaniment instead of the vocals. */
export const OF_ACCOMPANIMENT: Partial<ModelManifest> = { networks: { accompaniment: network } };

/** The paper's sizes. The high band continues the mask at the top of the band. */
export const manifest: ModelManifest = {
  version: 2,
  id: 'fake',
  title: { en: 'Fake' },
  licence: 'MIT',
  source: 'tests',
  sampleRate: 8192,
  channels: 1,
  stft: { fftSize: 1024, windowLength: 1024, hop: 768, window: 'hann', centred: true },
  patch: { frames: 128, firstBin: 1, bins: 512 },
  normalisation: { kind: 'patch-maximum' },
  compression: { kind: 'none' },
  networks: { vocals: network },
  combine: { kind: 'single' },
  highBand: { rule: 'mean', fromHz: 2000, gain: 1 },
  trainedOn: {},
  evaluation: {},
  probe: { bins: 512, frames: 128, seed: 1, positions: [0], values: [0] },
};

/** Patches of 3 s: a quarter of the song has as many patches and seams as with the paper's. */
export const SHORT_PATCHES: Partial<ModelManifest> = { patch: { ...manifest.patch, frames: 32 } };

/**
 * A model with a known mask. `rule` computes it for a patch, a frame in the patch and a bin, in each channel of the
 * model. Patches are counted over all calls.
 */
export function fakeModel(
  rule: (patch: number, frame: number, bin: number, magnitude: number) => number,
  changes: Partial<ModelManifest> = {},
): Predictor & { calls: number[] } {
  const changed = { ...manifest, ...changes };
  const {
    channels,
    patch: { frames, bins },
  } = changed;
  let patch = 0;
  const calls: number[] = [];
  return {
    calls,
    manifest: changed,
    async predict(patches, count) {
      calls.push(count);
      const masks = new Float32Array(patches.length);
      for (let n = 0, i = 0; n < count; n++, patch++) {
        for (let column = 0; column < channels * frames; column++) {
          const frame = column % frames;
          for (let bin = 0; bin < bins; bin++, i++) masks[i] = rule(patch, frame, bin, patches[i]);
        }
      }
      return masks;
    },
  };
}

/** Uniform noise in [-0.5, 0.5) with a fixed seed. */
export function noise(samples: number, seed = 1): Float32Array {
  const signal = new Float32Array(samples);
  let state = seed;
  for (let n = 0; n < samples; n++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    signal[n] = state / 2 ** 32 - 0.5;
  }
  return signal;
}

/** A sine of `hertz` and amplitude 0.5. */
export function sine(hertz: number, sampleRate: number, samples: number): Float32Array {
  const signal = new Float32Array(samples);
  for (let n = 0; n < samples; n++) signal[n] = 0.5 * Math.sin((2 * Math.PI * hertz * n) / sampleRate);
  return signal;
}

/** The parts, end to end. */
export function concatenate(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function rms(signal: Float32Array, from = 0, to = signal.length): number {
  let sum = 0;
  for (let n = from; n < to; n++) sum += signal[n] ** 2;
  return Math.sqrt(sum / Math.max(1, to - from));
}

export function greatestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let n = 0; n < a.length; n++) worst = Math.max(worst, Math.abs(a[n] - b[n]));
  return worst;
}
