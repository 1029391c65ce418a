import { describe, expect, test } from 'vitest';
import { SEAM_SECONDS } from '../../src/player/loop.ts';
import { FADE_SECONDS, Mixer } from '../../src/player/mixer.ts';
import type { MixerSource } from '../../src/player/result-reader.ts';
import { STAND_IN_SECONDS } from '../../src/player/song-reader.ts';
import { RAMP_SECONDS } from '../../src/player/stem-gains.ts';
import { BLOCK, largestStep, mixerOf, RATE, render } from './rendered.ts';

const FADE = Math.round(FADE_SECONDS * RATE);
const STAND_IN = Math.round(STAND_IN_SECONDS * RATE);
const SEAM = Math.round(SEAM_SECONDS * RATE);
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

  test('switches without a step beyond that of the signal and the ramp, and without a shift in time', () => {
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

  test('a hard cut would exceed that bound: the test can fail', () => {
    const source = song(1);
    const cut = Float32Array.from(source.original[0], (value, n) => (n < 20_000 ? value : source.vocals[0][n]));
    expect(largestStep(cut)).toBeGreaterThan(2 * OWN_STEP + (2 * 0.9) / RAMP + 0.9 / FADE);
  });

  test('seeks with a fade-out and a fade-in, and then plays exactly the song', () => {
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

  test('seeks at once during silence, and stays within the song', () => {
    const mixer = mixerOf(song(1));
    mixer.seek(-5);
    expect(mixer.state().position).toBe(0);
    mixer.seek(1e9);
    expect(mixer.state().position).toBe(RATE);
  });

  test('fades out at pause, stops, and resumes there', () => {
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

  test('plays the original where stems are missing, cross-fades without a step, and reads no missing samples', () => {
    const source = song(4);
    const [original, truth] = [source.original[0], source.vocals[0].slice()];
    const [first, second] = [40_000, 90_000];
    // What is not separated holds a value that must never be heard.
    source.vocals[0].fill(9, first, second);
    const mixer = mixerOf(source, 0);
    const ranges = [
      { start: 0, end: first },
      { start: second, end: source.length },
    ];
    mixer.setDone(ranges);
    mixer.setMix(1, 0);
    mixer.play();
    const out = render(mixer, 130_000);
    // A gain moves from the band's 0.5 to nothing in STAND_IN samples: nothing is steeper than that and the signal.
    expect(largestStep(out.subarray(FADE))).toBeLessThan(OWN_STEP + 0.5 / STAND_IN);
    expect(out.subarray(FADE, first - 2 * STAND_IN)).toEqual(truth.subarray(FADE, first - 2 * STAND_IN));
    expect(out.subarray(first, second)).toEqual(original.subarray(first, second));
    expect(out.subarray(second + 2 * STAND_IN)).toEqual(truth.subarray(second + 2 * STAND_IN, 130_000));
    // In between, a mean of both whose weights add up to 1: band × share + voice.
    for (let n = first - STAND_IN - BLOCK; n < first; n++) {
      const share = (out[n] - truth[n]) / (original[n] - truth[n]);
      if (Math.abs(original[n] - truth[n]) > 0.1) expect(share).toBeGreaterThan(-1e-3);
      if (Math.abs(original[n] - truth[n]) > 0.1) expect(share).toBeLessThan(1 + 1e-3);
    }
    expect(mixer.state().position).toBe(130_000);
  });

  test('a cut at the border would be audible: the test can fail', () => {
    const source = song(1);
    const cut = Float32Array.from(source.original[0], (value, n) => (n < 20_013 ? value : source.vocals[0][n]));
    expect(largestStep(cut)).toBeGreaterThan(OWN_STEP + 0.5 / STAND_IN);
  });

  test('cross-fades to a stem that arrives during playback, and reports which it plays', () => {
    const source = song(3);
    const mixer = mixerOf(source, 0);
    mixer.setMix(0, 1);
    expect(mixer.state().standsIn).toBe(false);
    mixer.play();
    const before = render(mixer, 100 * BLOCK);
    expect(before.subarray(FADE)).toEqual(source.original[0].subarray(FADE, 100 * BLOCK));
    expect(mixer.state().standsIn).toBe(true);
    // Less than half a second ahead is not worth a fade that would have to be taken back.
    mixer.setDone([{ start: 0, end: 110 * BLOCK }]);
    const still = render(mixer, BLOCK);
    expect(still).toEqual(source.original[0].subarray(100 * BLOCK, 101 * BLOCK));
    mixer.setDone([{ start: 0, end: source.length }]);
    const after = render(mixer, 100 * BLOCK);
    expect(mixer.state().standsIn).toBe(false);
    const all = Float32Array.from([...before, ...still, ...after]);
    expect(largestStep(all.subarray(FADE))).toBeLessThan(OWN_STEP + 0.4 / STAND_IN);
    const from = 101 * BLOCK + STAND_IN;
    for (let n = from; n < all.length; n++) {
      expect(Math.abs(all[n] - (source.original[0][n] - source.vocals[0][n]))).toBeLessThan(1e-6);
    }
  });

  test('begins with the stem or the original without a fade after a seek', () => {
    const source = song(4);
    const mixer = mixerOf(source, 0);
    mixer.setDone([{ start: 88_200, end: source.length }]);
    mixer.setMix(1, 0);
    mixer.seek(88_200);
    mixer.play();
    const stem = render(mixer, 3000);
    expect(stem.subarray(FADE)).toEqual(source.vocals[0].subarray(88_200 + FADE, 88_200 + 3000));
    mixer.seek(20_000);
    const out = render(mixer, 3000);
    const { position } = mixer.state();
    expect(out.subarray(3000 - 1000)).toEqual(source.original[0].subarray(position - 1000, position));
  });

  test('plays the original at the level of the louder stem', () => {
    const source = song(1);
    const mixer = mixerOf(source, 0);
    mixer.setMix(0.25, 0.5);
    mixer.play();
    const out = render(mixer, 5000);
    for (let n = FADE; n < 5000; n++) expect(Math.abs(out[n] - 0.5 * source.original[0][n])).toBeLessThan(1e-6);
    mixer.setMix(0, 0);
    render(mixer, 20 * BLOCK);
    expect(render(mixer, BLOCK).every((value) => value === 0)).toBe(true);
  });

  test.each([
    ['before the loop', { start: 40_000, end: 60_000 }, [{ start: 39_000, end: 100_000 }]],
    ['at the loop’s start', { start: 40_000, end: 60_000 }, [{ start: 50_000, end: 100_000 }]],
    ['behind the loop', { start: 40_000, end: 60_000 }, [{ start: 0, end: 60_000 }]],
    ['in a loop from the beginning', { start: 0, end: 60_000 }, [{ start: 30_000, end: 60_500 }]],
  ])('reads no missing samples %s, and loops without a step', (_name, loop, ranges) => {
    const source = song(3);
    const there = (n: number) => ranges.some(({ start, end }) => start <= n && n < end);
    for (let n = 0; n < source.length; n++) if (!there(n)) source.vocals[0][n] = 50;
    const mixer = mixerOf(source, 0);
    mixer.setDone(ranges);
    mixer.setMix(1, 0);
    mixer.setLoop(loop);
    mixer.seek(loop.start);
    mixer.play();
    const out = render(mixer, 100_000);
    // A hundredth of what is missing would be more. At the seam the loop itself adds at most the sum of two slopes.
    expect(Math.max(...out.map(Math.abs))).toBeLessThan(0.91);
    expect(largestStep(out)).toBeLessThan(2 * OWN_STEP + 0.9 / FADE + 1.8 / SEAM);
  });

  test('keeps playing the original through missing stems, and with equal gains', () => {
    const source = song(1);
    source.vocals[0].fill(0);
    const mixer = mixerOf(source, 0);
    mixer.play();
    const out = render(mixer, 10_000);
    expect(out.subarray(FADE)).toEqual(source.original[0].subarray(FADE, 10_000));
    expect(mixer.state().standsIn).toBe(false);
  });

  test('ends at the last sample and starts again from the first', () => {
    const source = song(0.1);
    const mixer = mixerOf(source);
    mixer.play();
    const out = render(mixer, 40 * BLOCK);
    expect(mixer.state()).toMatchObject({ position: source.length, playing: false, standsIn: false, ended: true });
    expect(out[source.length - 1]).toBe(source.original[0][source.length - 1]);
    expect(out.subarray(source.length).every((value) => value === 0)).toBe(true);
    mixer.play();
    const again = render(mixer, 4 * BLOCK);
    expect(again.subarray(FADE)).toEqual(source.original[0].subarray(FADE, 4 * BLOCK));
  });

  test('plays each channel of a stereo song, and a mono song on both output channels', () => {
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

  test('plays a song of another sample rate at its own speed', () => {
    const songRate = 22_050;
    const sine = Float32Array.from({ length: songRate }, (_, n) => Math.sin((2 * Math.PI * 200 * n) / songRate));
    const mixer = new Mixer(songRate, RATE);
    mixer.setSource({ original: [sine], vocals: [sine], length: sine.length });
    mixer.setDone([{ start: 0, end: sine.length }]);
    mixer.play();
    const out = render(mixer, 20_000);
    // Linear interpolation errs by at most (2π·200/22050)² / 8.
    for (let n = FADE; n < 20_000; n++) {
      expect(Math.abs(out[n] - Math.sin((2 * Math.PI * 200 * n) / RATE))).toBeLessThan(5e-4);
    }
    expect(mixer.state().position).toBe(10_000);
  });
});
