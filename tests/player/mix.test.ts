import { describe, expect, test } from 'vitest';
import { FADE_SECONDS, Mixer } from '../../src/player/mix.ts';
import { type MixerSource, RAMP_SECONDS } from '../../src/player/song-reader.ts';
import { BLOCK, largestStep, mixerOf, RATE, render } from './rendered.ts';

const FADE = Math.round(FADE_SECONDS * RATE);
const RAMP = Math.round(RAMP_SECONDS * RATE);

/** Two sines that never meet at the same phase: 440 Hz as the band, 587 Hz as the voice. */
function song(seconds: number): MixerSource {
  const length = Math.round(seconds * RATE);
  const vocals = Float32Array.from({ length }, (_, n) => 0.4 * Math.sin((2 * Math.PI * 587 * n) / RATE + 0.3));
  const original = Float32Array.from({ length }, (_, n) => 0.5 * Math.cos((2 * Math.PI * 440 * n) / RATE) + vocals[n]);
  return { original: [original], vocals: [vocals], length };
}

/** Largest step of 0.5·cos(440 Hz) + 0.4·sin(587 Hz) from sample to sample, from its slope. */
const OWN_STEP = (2 * Math.PI * (0.5 * 440 + 0.4 * 587)) / RATE;

describe('Mixer', () => {
  test('plays the original bit for bit once it has faded in', () => {
    const source = song(1);
    const mixer = mixerOf(source);
    mixer.play();
    const out = render(mixer, 20_000);
    expect(out[0]).toBe(Math.fround(source.original[0][0] / FADE));
    expect(out.subarray(FADE)).toEqual(source.original[0].subarray(FADE, 20_000));
  });

  test('plays the vocals alone and the accompaniment as original minus vocals', () => {
    const source = song(1);
    const [original, vocals] = [source.original[0], source.vocals[0]];
    for (const [gains, truth] of [
      [[1, 0], (n: number) => vocals[n]],
      [[0, 1], (n: number) => original[n] - vocals[n]],
      [[0.5, 2], (n: number) => 0.5 * vocals[n] + 2 * (original[n] - vocals[n])],
    ] as const) {
      const mixer = mixerOf(source);
      mixer.setMix(gains[0], gains[1]);
      mixer.play();
      const out = render(mixer, 5000);
      for (let n = FADE; n < 5000; n++) expect(Math.abs(out[n] - truth(n))).toBeLessThan(1e-6);
    }
  });

  test('switches without a step beyond that of the signal and the ramp, and without moving in time', () => {
    const source = song(2);
    const mixer = mixerOf(source);
    mixer.play();
    const pieces: Float32Array[] = [];
    for (const [vocals, accompaniment] of [
      [1, 1],
      [1, 0],
      [0, 1],
      [1, 1],
      [2, 0.1],
      [1, 0],
      [1, 1],
    ]) {
      mixer.setMix(vocals, accompaniment);
      // Shorter than a ramp at times: a switch may come in the middle of another.
      pieces.push(render(mixer, pieces.length % 2 ? 5 * BLOCK : 20 * BLOCK));
    }
    const out = Float32Array.from(pieces.flatMap((piece) => [...piece]));
    // Gains reach 2; a ramp moves each gain by at most 2 in RAMP samples, on signals of at most 0.5 and 0.4.
    const bound = 2 * OWN_STEP + (2 * (0.5 + 0.4)) / RAMP + 0.9 / FADE;
    expect(largestStep(out)).toBeLessThan(bound);
    const end = pieces.reduce((sum, piece) => sum + piece.length, 0);
    expect(mixer.state().position).toBe(end);
    expect(out.subarray(end - 500)).toEqual(source.original[0].subarray(end - 500, end));
  });

  test('a hard cut would break that bound: the test can fail', () => {
    const source = song(1);
    const cut = Float32Array.from(source.original[0], (value, n) => (n < 20_000 ? value : source.vocals[0][n]));
    expect(largestStep(cut)).toBeGreaterThan(2 * OWN_STEP + (2 * 0.9) / RAMP + 0.9 / FADE);
  });

  test('seeks with a fade out and in, and then plays exactly what is there', () => {
    const source = song(2);
    const mixer = mixerOf(source);
    mixer.play();
    const before = render(mixer, 10 * BLOCK);
    mixer.seek(40_000);
    expect(mixer.state().position).toBe(40_000);
    const after = render(mixer, 20 * BLOCK);
    const out = Float32Array.from([...before, ...after]);
    expect(largestStep(out)).toBeLessThan(OWN_STEP + 0.9 / FADE);
    // Out in FADE samples, one of them silent, then in from sample 40 000 on.
    const position = mixer.state().position;
    const last = after.subarray(after.length - 1000);
    expect(last).toEqual(source.original[0].subarray(position - 1000, position));
    expect(position).toBe(40_000 + after.length - FADE);
  });

  test('seeks at once where nothing can be heard, and stays within the song', () => {
    const mixer = mixerOf(song(1));
    mixer.seek(-5);
    expect(mixer.state().position).toBe(0);
    mixer.seek(1e9);
    expect(mixer.state().position).toBe(RATE);
  });

  test('fades out at pause, stands still, and goes on from there', () => {
    const source = song(1);
    const mixer = mixerOf(source);
    mixer.play();
    const first = render(mixer, 10 * BLOCK);
    mixer.pause();
    const second = render(mixer, 10 * BLOCK);
    expect(largestStep(Float32Array.from([...first, ...second]))).toBeLessThan(OWN_STEP + 0.9 / FADE);
    expect(second.subarray(FADE).every((value) => value === 0)).toBe(true);
    const { position, playing } = mixer.state();
    expect(playing).toBe(false);
    expect(position).toBeLessThanOrEqual(10 * BLOCK + FADE);
    mixer.play();
    const third = render(mixer, 10 * BLOCK);
    expect(third.subarray(FADE)).toEqual(source.original[0].subarray(position + FADE, position + 10 * BLOCK));
  });

  test('holds before stems that are not separated yet, and goes on when they are', () => {
    const source = song(2);
    const truth = source.vocals[0].slice();
    // What is not separated yet holds a value that must never be heard.
    const done = 30_000;
    source.vocals[0].fill(0.9, done);
    const mixer = mixerOf(source, done);
    mixer.setMix(1, 0);
    mixer.play();
    const out = render(mixer, 40_064);
    const { holding, playing, position } = mixer.state();
    expect([holding, playing]).toEqual([true, true]);
    expect(position).toBeLessThanOrEqual(done);
    expect(position).toBeGreaterThan(done - 2 * FADE);
    expect(Math.max(...out)).toBeLessThan(0.41);
    expect(largestStep(out)).toBeLessThan(OWN_STEP + 0.9 / FADE);
    source.vocals[0].set(truth);
    mixer.setDone(source.length);
    const rest = render(mixer, 40 * BLOCK);
    expect(mixer.state().holding).toBe(false);
    expect(rest.subarray(FADE)).toEqual(truth.subarray(position + FADE, position + 40 * BLOCK));
  });

  test('waits for half a second of stems before it goes on, so that it does not stutter', () => {
    const source = song(3);
    const mixer = mixerOf(source, 0);
    mixer.setMix(0, 1);
    mixer.play();
    mixer.setDone(1000);
    render(mixer, BLOCK);
    expect(mixer.state()).toMatchObject({ holding: true, position: 0 });
    mixer.setDone(RATE);
    render(mixer, BLOCK);
    expect(mixer.state()).toMatchObject({ holding: false, position: BLOCK });
  });

  test('plays the original on through what is not separated, and through equal gains', () => {
    const source = song(1);
    source.vocals[0].fill(0);
    const mixer = mixerOf(source, 0);
    mixer.play();
    const out = render(mixer, 10_000);
    expect(out.subarray(FADE)).toEqual(source.original[0].subarray(FADE, 10_000));
    expect(mixer.state().holding).toBe(false);
  });

  test('takes the original up again when the person switches to it while it holds', () => {
    const source = song(1);
    const mixer = mixerOf(source, 0);
    mixer.setMix(1, 0);
    mixer.play();
    render(mixer, 10 * BLOCK);
    expect(mixer.state().holding).toBe(true);
    mixer.setMix(1, 1);
    const out = render(mixer, 10 * BLOCK);
    expect(out.subarray(FADE)).toEqual(source.original[0].subarray(FADE, 10 * BLOCK));
  });

  test('ends at the last sample and begins again from the first', () => {
    const source = song(0.1);
    const mixer = mixerOf(source);
    mixer.play();
    const out = render(mixer, 40 * BLOCK);
    expect(mixer.state()).toMatchObject({ position: source.length, playing: false, holding: false, ended: true });
    expect(out[source.length - 1]).toBe(source.original[0][source.length - 1]);
    expect(out.subarray(source.length).every((value) => value === 0)).toBe(true);
    mixer.play();
    const again = render(mixer, 4 * BLOCK);
    expect(again.subarray(FADE)).toEqual(source.original[0].subarray(FADE, 4 * BLOCK));
  });

  test('gives both output channels of a stereo song their own samples, and both the one of a mono song', () => {
    const left = Float32Array.from({ length: 4000 }, (_, n) => Math.sin(n / 9));
    const right = Float32Array.from({ length: 4000 }, (_, n) => Math.cos(n / 7));
    const silence = new Float32Array(4000);
    for (const [original, truth] of [
      [
        [left, right],
        [left, right],
      ],
      [[left], [left, left]],
    ]) {
      const mixer = mixerOf({ original, vocals: original.map(() => silence), length: 4000 });
      mixer.play();
      const out = [new Float32Array(2000), new Float32Array(2000)];
      mixer.render(out);
      expect(out[0].subarray(FADE)).toEqual(truth[0].subarray(FADE, 2000));
      expect(out[1].subarray(FADE)).toEqual(truth[1].subarray(FADE, 2000));
    }
  });

  test('reads a song of another rate at its own speed', () => {
    const songRate = 22_050;
    const sine = Float32Array.from({ length: songRate }, (_, n) => Math.sin((2 * Math.PI * 200 * n) / songRate));
    const mixer = new Mixer(songRate, RATE);
    mixer.setSource({ original: [sine], vocals: [sine], length: sine.length });
    mixer.setDone(sine.length);
    mixer.play();
    const out = render(mixer, 20_000);
    // Linear interpolation errs by at most (2π·200/22050)² / 8.
    for (let n = FADE; n < 20_000; n++) {
      expect(Math.abs(out[n] - Math.sin((2 * Math.PI * 200 * n) / RATE))).toBeLessThan(5e-4);
    }
    expect(mixer.state().position).toBe(10_000);
  });
});
