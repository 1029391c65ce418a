import { describe, expect, test } from 'vitest';
import { SEAM_SECONDS } from '../../src/player/loop.ts';
import { FADE_SECONDS } from '../../src/player/mixer.ts';
import type { MixerSource } from '../../src/player/result-reader.ts';
import { BLOCK, largestStep, mixerOf, RATE, render } from './rendered.ts';

const FADE = Math.round(FADE_SECONDS * RATE);
const SEAM = Math.round(SEAM_SECONDS * RATE);

/** A sine that fits no loop: where it is cut, it jumps. */
function song(seconds: number, hz = 433): MixerSource {
  const length = Math.round(seconds * RATE);
  const original = Float32Array.from({ length }, (_, n) => 0.8 * Math.cos((2 * Math.PI * hz * n) / RATE));
  return { original: [original], vocals: [new Float32Array(length)], length };
}

const OWN_STEP = (2 * Math.PI * 433 * 0.8) / RATE;
/** Two signals, up to 1.6 apart, cross-faded over the seam. */
const SEAM_STEP = OWN_STEP + 1.6 / SEAM;

describe('a loop', () => {
  test('repeats after exactly its length, and equals the song outside the seam, bit for bit', () => {
    const source = song(2);
    const mixer = mixerOf(source);
    const loop = { start: 20_011, end: 41_003 };
    const length = loop.end - loop.start;
    mixer.setLoop(loop);
    mixer.seek(loop.start);
    mixer.play();
    const out = render(mixer, 5 * length);
    const heard = source.original[0].subarray(loop.start, loop.end - SEAM);
    for (let round = 1; round < 5; round++) {
      expect(out.subarray(round * length, (round + 1) * length - SEAM)).toEqual(heard);
    }
    expect(mixer.state().position).toBe(loop.start);
  });

  test('has no step beyond the signal’s own and the slope of the cross-fade, at any position', () => {
    const source = song(1);
    for (const loop of [
      { start: 12_345, end: 23_456 },
      { start: 0, end: 23_456 },
      { start: 100, end: 30_000 },
      { start: 0, end: source.length },
      { start: 12_345, end: source.length },
    ]) {
      const mixer = mixerOf(source);
      mixer.setLoop(loop);
      mixer.seek(loop.start);
      mixer.play();
      const out = render(mixer, 3 * (loop.end - loop.start) + 1000);
      expect(largestStep(out.subarray(FADE))).toBeLessThan(SEAM_STEP);
      const before = source.original[0][loop.end - 1];
      const cut = Math.abs(source.original[0][loop.start] - before);
      // The bound would not hold without the seam, so the test can fail.
      if (loop.start === 12_345 && loop.end === 23_456) expect(cut).toBeGreaterThan(2 * SEAM_STEP);
    }
  });

  test('drifts by 0 samples in ten minutes of blocks of 128', () => {
    const source = song(3, 100);
    const mixer = mixerOf(source);
    const loop = { start: 30_000, end: 30_000 + 86_413 };
    mixer.setLoop(loop);
    mixer.play();
    const blocks = Math.floor((600 * RATE) / BLOCK);
    const out = [new Float32Array(BLOCK)];
    for (let n = 0; n < blocks; n++) mixer.render(out);
    const into = (blocks * BLOCK - loop.end) % 86_413;
    expect(mixer.state().position).toBe(loop.start + into);
    if (into > BLOCK) expect(out[0][0]).toBe(source.original[0][loop.start + into - BLOCK]);
  });

  test('ends at once when it is switched off, and the song plays to its end', () => {
    const source = song(1);
    const mixer = mixerOf(source);
    mixer.setLoop({ start: 10_000, end: 20_000 });
    mixer.seek(10_000);
    mixer.play();
    render(mixer, 15_000);
    mixer.setLoop(undefined);
    const out = render(mixer, RATE);
    expect(mixer.state()).toMatchObject({ ended: true, position: source.length });
    expect(out.subarray(0, source.length - 15_000)).toEqual(source.original[0].subarray(15_000));
  });

  test('whose end moves before the position jumps to its start, with a fade', () => {
    const source = song(1);
    const mixer = mixerOf(source);
    mixer.play();
    const first = render(mixer, 20_000);
    mixer.setLoop({ start: 5000, end: 19_990 });
    const second = render(mixer, 20_000);
    expect(largestStep(Float32Array.from([...first, ...second]))).toBeLessThan(SEAM_STEP + 0.8 / FADE);
    expect(mixer.state().position).toBe(5000 + ((20_000 - FADE) % 14_990));
  });

  test('that moves in the middle of its seam does not click', () => {
    const source = song(1);
    const mixer = mixerOf(source);
    mixer.setLoop({ start: 10_000, end: 20_000 });
    mixer.seek(19_000);
    mixer.play();
    const first = render(mixer, 1000 - SEAM / 2);
    mixer.setLoop({ start: 10_000, end: 30_000 });
    const second = render(mixer, 5000);
    mixer.setLoop(undefined);
    const third = render(mixer, 5000);
    expect(largestStep(Float32Array.from([...first, ...second, ...third]))).toBeLessThan(SEAM_STEP + 0.8 / FADE);
  });

  test('is ignored after its end: the song plays to its own end', () => {
    const mixer = mixerOf(song(1));
    mixer.setLoop({ start: 10_000, end: 20_000 });
    mixer.seek(25_000);
    mixer.play();
    render(mixer, 1280);
    expect(mixer.state()).toMatchObject({ position: 26_280, loop: undefined });
  });
});

describe('a song of ten minutes', () => {
  test('keeps the position exact to the sample, rendered in blocks of 128', () => {
    // The samples themselves do not matter: the position is what drifts, or does not.
    const length = 600 * RATE;
    const one = new Float32Array(length);
    const mixer = mixerOf({ original: [one], vocals: [one], length });
    mixer.setMix(0, 1);
    mixer.play();
    const out = [new Float32Array(BLOCK)];
    const blocks = Math.floor(length / BLOCK);
    for (let n = 0; n < blocks; n++) mixer.render(out);
    expect(mixer.state().position).toBe(blocks * BLOCK);
  });
});

describe('the count-in', () => {
  test('clicks on each beat while the song waits, and starts it exact to the sample', () => {
    const source = song(2);
    const mixer = mixerOf(source);
    mixer.seek(1000);
    mixer.play({ beats: 3, interval: 0.25 });
    const interval = Math.round(0.25 * RATE);
    const clicks = render(mixer, 3 * interval - 1);
    expect(mixer.state()).toMatchObject({ position: 1000, counting: 1, playing: true });
    for (let beat = 0; beat < 3; beat++) {
      const click = clicks.subarray(beat * interval, beat * interval + 1000);
      const rest = clicks.subarray(beat * interval + 3000, (beat + 1) * interval - 1);
      expect(Math.max(...click)).toBeGreaterThan(0.25);
      expect(rest.every((value) => value === 0)).toBe(true);
    }
    render(mixer, 1);
    const out = render(mixer, 5000);
    expect(out.subarray(FADE)).toEqual(source.original[0].subarray(1000 + FADE, 6000));
    expect(mixer.state().counting).toBe(0);
  });

  test('ends with a pause, and does not run again in the middle of the song', () => {
    const mixer = mixerOf(song(1));
    mixer.play({ beats: 4, interval: 0.1 });
    render(mixer, 1000);
    mixer.pause();
    const out = render(mixer, 10_000);
    expect(out.every((value) => value === 0)).toBe(true);
    expect(mixer.state()).toMatchObject({ position: 0, playing: false, counting: 0 });
    mixer.play();
    render(mixer, BLOCK);
    mixer.play({ beats: 4, interval: 0.1 });
    expect(mixer.state()).toMatchObject({ position: BLOCK, counting: 0 });
  });
});
