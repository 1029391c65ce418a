import { Mixer } from '../../src/player/mixer.ts';
import type { MixerSource } from '../../src/player/result-reader.ts';

export const RATE = 44_100;
export const BLOCK = 128;

export function mixerOf(source: MixerSource, done = source.length): Mixer {
  const mixer = new Mixer(RATE, RATE);
  mixer.setSource(source);
  mixer.setDone([{ start: 0, end: done }]);
  return mixer;
}

export function render(mixer: Mixer, samples: number): Float32Array {
  const out = new Float32Array(samples);
  for (let n = 0; n < samples; n += BLOCK) mixer.render([out.subarray(n, Math.min(samples, n + BLOCK))]);
  return out;
}

export function largestStep(samples: Float32Array): number {
  let largest = 0;
  for (let n = 1; n < samples.length; n++) largest = Math.max(largest, Math.abs(samples[n] - samples[n - 1]));
  return largest;
}
