import { expect, test } from 'vitest';
import { renderMix } from '../../../src/player/export/render-stems.ts';
import { createStretcher } from '../../../src/player/load-stretcher.ts';
import { Mixer } from '../../../src/player/mixer.ts';
import { songSource } from '../../../src/songs/storage/song-source.ts';
import { RATE, render } from '../rendered.ts';

const SECONDS = 4;
const [BAND_HZ, VOICE_HZ] = [150, 440];

const sine = (hz: number, gain: number) =>
  Float32Array.from({ length: SECONDS * RATE }, (_, n) => gain * Math.sin((2 * Math.PI * hz * n) / RATE));

/** Amplitude of a sine near a frequency in a second of sound, under a Hann window: a stretch is off by some cents. */
function amplitude(samples: Float32Array, near: number): number {
  let most = 0;
  for (let hz = near - 1.5; hz <= near + 1.5; hz += 0.25) {
    let [sin, cos] = [0, 0];
    for (let n = 0; n < samples.length; n++) {
      const weight = 1 - Math.cos((2 * Math.PI * n) / samples.length);
      sin += weight * samples[n] * Math.sin((2 * Math.PI * hz * n) / RATE);
      cos += weight * samples[n] * Math.cos((2 * Math.PI * hz * n) / RATE);
    }
    most = Math.max(most, (2 * Math.hypot(sin, cos)) / samples.length);
  }
  return most;
}

// The player stretches the stems and then mixes, the export mixes and then stretches: the gains are known there.
test.each([
  [0.8, -2, { vocals: 0.5, accompaniment: 1 }],
  [0.8, 3, { vocals: 0, accompaniment: 1 }],
  [1.25, 0, { vocals: 1, accompaniment: 0.25 }],
])(
  'at speed %f and %i semitones a saved mix holds both stems as loud as they are heard',
  async (speed, semitones, levels) => {
    const voice = sine(VOICE_HZ, 0.5);
    const band = sine(BAND_HZ, 0.4);
    const original = voice.map((value, n) => value + band[n]);
    const mixer = new Mixer(RATE, RATE);
    mixer.setSource({ original: [original], vocals: [voice], length: original.length });
    mixer.setDone([{ start: 0, end: original.length }]);
    mixer.setStretcher(await createStretcher(2, RATE));
    mixer.setRateAndKey({ speed, semitones });
    mixer.setMix(levels.vocals, levels.accompaniment);
    mixer.play();
    const heard = render(mixer, 2 * RATE);
    const source = songSource({ sampleRate: RATE, channels: [original] }, { sampleRate: RATE, channels: [voice] });
    const saved: number[] = [];
    for await (const [channel] of renderMix(source, { levels, rateAndKey: { speed, semitones }, loop: undefined }))
      saved.push(...channel);
    expect(saved.length).toBe(Math.round(original.length / speed));
    const second = (samples: Float32Array) => samples.subarray(RATE, 2 * RATE);
    for (const [hz, gain] of [
      [VOICE_HZ, 0.5 * levels.vocals],
      [BAND_HZ, 0.4 * levels.accompaniment],
    ] as const) {
      const shifted = hz * 2 ** (semitones / 12);
      for (const samples of [heard, Float32Array.from(saved)]) {
        expect(Math.abs(amplitude(second(samples), shifted) - gain)).toBeLessThan(0.02);
      }
    }
  },
);
