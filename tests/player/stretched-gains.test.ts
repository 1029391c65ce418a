import { beforeAll, describe, expect, test } from 'vitest';
import { FADE_SECONDS, Mixer } from '../../src/player/mixer.ts';
import { RAMP_SECONDS } from '../../src/player/stem-gains.ts';
import type { Stretcher } from '../../src/player/stretcher.ts';
import { BLOCK, largestStep, RATE, render } from './rendered.ts';

const RAMP = Math.round(RAMP_SECONDS * RATE);
const SECONDS = 4;

/** Hz of the two stems: both have whole periods in `WINDOW`, so that one measures as nothing where the other is. */
const BAND_HZ = 400;
const VOICE_HZ = 1100;
const WINDOW = RATE / 100;

let createStretcher: (channels: number, sampleRate: number) => Promise<Stretcher>;

beforeAll(async () => {
  ({ createStretcher } = await import('../../src/player/load-stretcher.ts'));
});

const sine = (hz: number, amplitude: number) =>
  Float32Array.from({ length: SECONDS * RATE }, (_, n) => amplitude * Math.sin((2 * Math.PI * hz * n) / RATE));

/**
 * A song of two sines, 0.5 and 0.3 high; of its vocals `missing` is not separated, and holds what must not be heard.
 */
async function mixerOf(speed: number, semitones = 0, missing = { start: 0, end: 0 }): Promise<Mixer> {
  const vocals = sine(VOICE_HZ, 0.3);
  const original = sine(BAND_HZ, 0.5).map((value, n) => value + vocals[n]);
  vocals.fill(50, missing.start, missing.end);
  const mixer = new Mixer(RATE, RATE);
  const { length } = original;
  mixer.setSource({ original: [original], vocals: [vocals], length });
  mixer.setDone([
    { start: 0, end: missing.start },
    { start: missing.end, end: length },
  ]);
  mixer.setStretcher(await createStretcher(2, RATE));
  mixer.setRateAndKey({ speed, semitones });
  mixer.play();
  return mixer;
}

/** Amplitude of a frequency in the window that begins at `from`, by projection on sine and cosine. */
function amplitude(samples: Float32Array, from: number, hz: number): number {
  let [sin, cos] = [0, 0];
  for (let n = from; n < from + WINDOW; n++) {
    sin += samples[n] * Math.sin((2 * Math.PI * hz * n) / RATE);
    cos += samples[n] * Math.cos((2 * Math.PI * hz * n) / RATE);
  }
  return (2 * Math.hypot(sin, cos)) / WINDOW;
}

const CHANGE = 300 * BLOCK;

/** What comes out where gains go from one pair to another at sample `CHANGE`. */
async function changed(before: readonly [number, number], after: readonly [number, number]): Promise<Float32Array> {
  const mixer = await mixerOf(0.8);
  mixer.setMix(...before);
  const out = [render(mixer, CHANGE)];
  mixer.setMix(...after);
  out.push(render(mixer, CHANGE));
  return Float32Array.from(out.flatMap((piece) => [...piece]));
}

describe('gains at a changed speed', () => {
  test('change from the next sample on, and are constant after a ramp', async () => {
    const stays = await changed([1, 1], [1, 1]);
    const solo = await changed([1, 1], [1, 0]);
    expect(solo.subarray(0, CHANGE)).toEqual(stays.subarray(0, CHANGE));
    const first = solo.findIndex((value, n) => Math.abs(value - stays[n]) > 1e-3);
    expect(first - CHANGE).toBeGreaterThanOrEqual(0);
    expect(first - CHANGE).toBeLessThan(0.002 * RATE);
    // Both stems go on as they were until then; a ramp later the band is gone, and the voice as loud as before.
    expect(amplitude(solo, CHANGE - WINDOW, BAND_HZ)).toBeCloseTo(0.5, 1);
    expect(amplitude(solo, CHANGE + RAMP, BAND_HZ)).toBeLessThan(0.01);
    expect(amplitude(solo, CHANGE - WINDOW, VOICE_HZ)).toBeCloseTo(0.3, 1);
    expect(amplitude(solo, CHANGE + RAMP, VOICE_HZ)).toBeCloseTo(0.3, 1);
  });

  test.each([
    [
      [1, 1],
      [0, 1],
    ],
    [
      [0, 1],
      [1, 0],
    ],
    [
      [1, 0],
      [0, 0],
    ],
    [
      [0, 0],
      [1, 1],
    ],
  ] as const)('from %j to %j without a step beyond that of the signal and the ramp', async (before, after) => {
    const out = await changed(before, after);
    const ownStep = (2 * Math.PI * (0.5 * BAND_HZ + 0.3 * VOICE_HZ)) / RATE;
    // A phase vocoder lets a sine swell a little.
    expect(largestStep(out)).toBeLessThan(1.1 * ownStep + 0.8 / RAMP + 0.8 / (FADE_SECONDS * RATE));
    expect(largestStep(out.subarray(CHANGE - BLOCK, CHANGE + 2 * RAMP))).toBeLessThan(1.1 * ownStep + 0.8 / RAMP);
  });

  test('do not shift the sound in time', async () => {
    const moving = await mixerOf(0.77);
    const still = await mixerOf(0.77);
    for (let block = 0; block < 1000; block++) {
      if (block % 7 === 0) moving.setMix(block % 2, (block / 7) % 3);
      render(moving, BLOCK);
      render(still, BLOCK);
    }
    expect(moving.state().position).toBe(still.state().position);
    expect(Math.abs(moving.state().position - 1000 * BLOCK * 0.77)).toBeLessThan(1);
  });

  test('leave nothing of one stem in the other, also in another key', async () => {
    const up = 2 ** (3 / 12);
    for (const [mix, there, gone] of [
      [[1, 0], VOICE_HZ, BAND_HZ],
      [[0, 1], BAND_HZ, VOICE_HZ],
    ] as const) {
      const mixer = await mixerOf(0.9, 3);
      mixer.setMix(mix[0], mix[1]);
      const out = render(mixer, 2 * RATE).subarray(RATE);
      // Over a second, where the shifted pitches have as good as whole periods.
      const power = (hz: number) => {
        let [sin, cos] = [0, 0];
        for (let n = 0; n < out.length; n++) {
          const window = 1 - Math.cos((2 * Math.PI * n) / out.length);
          sin += window * out[n] * Math.sin((2 * Math.PI * hz * n) / RATE);
          cos += window * out[n] * Math.cos((2 * Math.PI * hz * n) / RATE);
        }
        return sin ** 2 + cos ** 2;
      };
      expect(10 * Math.log10(power(gone * up) / power(there * up))).toBeLessThan(-50);
    }
  });

  test('play the original where stems are missing, also after a switch there', async () => {
    const missing = { start: RATE, end: 3 * RATE };
    const mixer = await mixerOf(0.8, 0, missing);
    mixer.setMix(1, 0);
    // From the voice into what is missing, there to the band, and on into the band behind it.
    const first = render(mixer, 2 * RATE);
    mixer.setMix(0, 1);
    const out = Float32Array.from([...first, ...render(mixer, 2.5 * RATE)]);
    const at = (seconds: number) => Math.round((seconds / 0.8) * RATE);
    expect(out.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeLessThan(0.95);
    const ownStep = (2 * Math.PI * (0.5 * BAND_HZ + 0.3 * VOICE_HZ)) / RATE;
    expect(largestStep(out)).toBeLessThan(1.2 * ownStep + 0.8 / RAMP);
    expect(amplitude(out, at(0.7), BAND_HZ)).toBeLessThan(0.01);
    for (const seconds of [1.1, 1.55, 1.65, 2.5]) {
      expect(amplitude(out, at(seconds), BAND_HZ)).toBeCloseTo(0.5, 1);
      expect(amplitude(out, at(seconds), VOICE_HZ)).toBeCloseTo(0.3, 1);
    }
    expect(amplitude(out, at(3.4), VOICE_HZ)).toBeLessThan(0.01);
    expect(amplitude(out, at(3.4), BAND_HZ)).toBeCloseTo(0.5, 1);
    // Right at the switch nothing is taken away: what is heard is the original before and behind it.
    for (let n = 2 * RATE - WINDOW; n < 2 * RATE + 2 * RAMP; n += WINDOW / 7) {
      expect(amplitude(out, Math.round(n), BAND_HZ)).toBeCloseTo(0.5, 1);
    }
  });
});
