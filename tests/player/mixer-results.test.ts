import { describe, expect, test } from 'vitest';
import { BlockTable } from '../../src/player/block-table.ts';
import { FADE_SECONDS, Mixer } from '../../src/player/mixer.ts';
import { RESULT_FADE_SECONDS } from '../../src/player/result-reader.ts';
import { BLOCK_SAMPLES } from '../../src/songs/storage/player-source.ts';
import { BLOCK, largestStep, RATE, render } from './rendered.ts';

const LENGTH = 2 * RATE;
const FADE = Math.round(FADE_SECONDS * RATE);
const RESULT_FADE = Math.round(RESULT_FADE_SECONDS * RATE);

const sine = (hertz: number, gain: number) =>
  Float32Array.from({ length: LENGTH }, (_, n) => gain * Math.sin((2 * Math.PI * hertz * n) / RATE));

const original = sine(440, 0.4);
/** What two networks found in the same original. */
const found = [sine(587, 0.3), sine(880, 0.2)] as const;

/** Largest step of the original plus both vocals, from their slopes. */
const OWN_STEP = (2 * Math.PI * (0.4 * 440 + 0.3 * 587 + 0.2 * 880)) / RATE;

function mixerOfBoth(): Mixer {
  const mixer = new Mixer(RATE, RATE);
  for (const [result, vocals] of found.entries()) {
    mixer.setSource({ original: [original], vocals: [vocals], length: LENGTH }, result);
    mixer.setDone([{ start: 0, end: LENGTH }], result);
  }
  return mixer;
}

const near = (out: Float32Array, from: number, truth: (n: number) => number) => {
  for (let n = 0; n < out.length; n++) expect(Math.abs(out[n] - truth(from + n))).toBeLessThan(1e-6);
};

describe('two results of one song', () => {
  test('switch at the same sample, without a gap and without a step beyond that of the signals and the cross-fade', () => {
    const mixer = mixerOfBoth();
    mixer.setMix(1, 0);
    mixer.play();
    const pieces = [render(mixer, 80 * BLOCK)];
    for (const of of [1, 0, 1, 0, 1]) {
      mixer.hear({ of });
      // Shorter than a cross-fade at times: a switch may come in the middle of another.
      pieces.push(render(mixer, pieces.length % 2 ? 4 * BLOCK : 40 * BLOCK));
    }
    pieces.push(render(mixer, 20 * BLOCK));
    const out = Float32Array.from(pieces.flatMap((piece) => [...piece]));
    const end = out.length;
    expect(mixer.state().position).toBe(end);
    const heard = out.subarray(FADE);
    expect(largestStep(heard)).toBeLessThan(OWN_STEP + (0.3 + 0.2) / RESULT_FADE);
    // It never falls silent for as long as half a period of the slower sine.
    let quiet = 0;
    let longest = 0;
    for (const value of heard) {
      quiet = Math.abs(value) < 0.002 ? quiet + 1 : 0;
      longest = Math.max(longest, quiet);
    }
    expect(longest).toBeLessThan(RATE / 587 / 2);
    near(pieces[0].subarray(FADE), FADE, (n) => found[0][n]);
    near(out.subarray(end - 500), end - 500, (n) => found[1][n]);
  });

  test('a hard cut would exceed that bound: the test can fail', () => {
    // Where the two differ by more than the bound.
    const cut = found[0].findIndex((value, n) => n > FADE && Math.abs(value - found[1][n]) > 0.45);
    const out = Float32Array.from(found[0], (value, n) => (n < cut ? value : found[1][n]));
    expect(largestStep(out)).toBeGreaterThan(OWN_STEP + (0.3 + 0.2) / RESULT_FADE);
  });

  test('keep the original bit for bit', () => {
    const mixer = mixerOfBoth();
    mixer.play();
    render(mixer, 8 * BLOCK);
    mixer.hear({ of: 1 });
    render(mixer, 20 * BLOCK);
    expect(render(mixer, 8 * BLOCK)).toEqual(original.subarray(28 * BLOCK, 36 * BLOCK));
  });

  test('are heard as accompaniment, too', () => {
    const mixer = mixerOfBoth();
    mixer.setMix(0, 1);
    mixer.hear({ of: 1 });
    mixer.play();
    near(render(mixer, 40 * BLOCK).subarray(FADE), FADE, (n) => original[n] - found[1][n]);
  });

  test('their difference is the vocals of one minus the vocals of the other, without the original', () => {
    const mixer = mixerOfBoth();
    mixer.setMix(1, 0);
    mixer.play();
    render(mixer, 8 * BLOCK);
    mixer.hear({ of: 1, minus: 0 });
    render(mixer, 20 * BLOCK);
    near(render(mixer, 40 * BLOCK), 28 * BLOCK, (n) => found[1][n] - found[0][n]);
    mixer.hear({ of: 0 });
    render(mixer, 20 * BLOCK);
    near(render(mixer, 8 * BLOCK), 88 * BLOCK, (n) => found[0][n]);
  });

  test('one that is on disk is heard as soon as its blocks are in memory; until then the other plays on', () => {
    const mixer = mixerOfBoth();
    const blocks = new BlockTable(LENGTH);
    mixer.setSource({ original: [], vocals: [], length: LENGTH, blocks }, 1);
    mixer.setMix(1, 0);
    mixer.play();
    render(mixer, 8 * BLOCK);
    mixer.hear({ of: 1 });
    near(render(mixer, 40 * BLOCK), 8 * BLOCK, (n) => found[0][n]);
    const [wanted] = mixer.wantedBlocks();
    expect(wanted.result).toBe(1);
    for (const index of wanted.blocks) {
      const cut = (samples: Float32Array) => samples.slice(index * BLOCK_SAMPLES, (index + 1) * BLOCK_SAMPLES);
      blocks.take({ index, piece: { original: [cut(original)], vocals: [cut(found[1])] } });
    }
    render(mixer, 20 * BLOCK);
    near(render(mixer, 8 * BLOCK), 68 * BLOCK, (n) => found[1][n]);
  });

  test('one that is dropped fades out all the same, and gives its number to another', () => {
    const mixer = mixerOfBoth();
    mixer.setMix(1, 0);
    mixer.hear({ of: 1 });
    mixer.play();
    const before = render(mixer, 40 * BLOCK);
    mixer.hear({ of: 0 });
    mixer.drop(1);
    const after = render(mixer, 40 * BLOCK);
    const out = Float32Array.from([...before, ...after]);
    expect(largestStep(out.subarray(FADE))).toBeLessThan(OWN_STEP + (0.3 + 0.2) / RESULT_FADE);
    near(after.subarray(-500), 80 * BLOCK - 500, (n) => found[0][n]);
    const third = sine(330, 0.1);
    mixer.setSource({ original: [original], vocals: [third], length: LENGTH }, 1);
    mixer.setDone([{ start: 0, end: LENGTH }], 1);
    mixer.hear({ of: 1 });
    render(mixer, 20 * BLOCK);
    near(render(mixer, 8 * BLOCK), 100 * BLOCK, (n) => third[n]);
  });

  test('where the new one is not separated, the original fades in', () => {
    const mixer = mixerOfBoth();
    mixer.setDone([], 1);
    mixer.setMix(1, 0);
    mixer.play();
    render(mixer, 40 * BLOCK);
    mixer.hear({ of: 1 });
    render(mixer, 60 * BLOCK);
    expect(mixer.state().standsIn).toBe(true);
    expect(render(mixer, 8 * BLOCK)).toEqual(original.subarray(100 * BLOCK, 108 * BLOCK));
  });
});
