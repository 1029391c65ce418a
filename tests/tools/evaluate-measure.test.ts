import { describe, expect, test } from 'vitest';
import { type Estimates, measure as measureOne } from '../../tools/lib/evaluate-measure.ts';
import { chooseMethods } from '../../tools/lib/evaluate-methods.ts';
import type { Stems } from '../../tools/lib/evaluate-stems.ts';
import { idealModel } from '../../tools/lib/ideal-model.ts';
import { separateWhole } from '../../tools/lib/separate-whole.ts';
import { fakeModel, noise } from '../separation/fake-model.ts';
import { tone } from './evaluate-files.ts';

const RATE = 8000;

function stems(vocals: readonly Float32Array[], accompaniment: readonly Float32Array[]): Stems {
  const mixture = vocals.map((channel, c) => channel.map((value, n) => value + accompaniment[c][n]));
  return { sampleRate: RATE, vocals, accompaniment, mixture, notes: [] };
}

const scaled = (sound: Float32Array, gain: number): Float32Array => sound.map((value) => gain * value);
const dB = (ratio: number): number => 10 * Math.log10(ratio);

const [MIXTURE, IDEAL] = chooseMethods([], { baselines: false });

/** Mixture, model and ideal ratio mask beside each other. */
async function measure(song: Stems, model: Estimates, { bss = false } = {}) {
  const mixture = measureOne(song, await MIXTURE.estimate(song, () => {}), bss);
  const own = measureOne(song, model, bss);
  const ideal = measureOne(song, await IDEAL.estimate(song, () => {}));
  const of = (target: 'vocals' | 'accompaniment') => ({
    mixture: mixture[target],
    model: own[target],
    idealRatioMask: ideal[target],
  });
  return { vocals: of('vocals'), accompaniment: of('accompaniment') };
}

describe('measure', () => {
  // Orthogonal stems of powers Pv and Pa in all.
  const [left, right, band] = [tone(440, 0.4, RATE, 3), tone(550, 0.2, RATE, 3), tone(660, 0.1, RATE, 3)];
  const song = stems([left, right], [band, scaled(band, -2)]);
  const ratio = (0.4 ** 2 + 0.2 ** 2) / (0.1 ** 2 + 0.2 ** 2);

  test('the mixture’s SDR is the ratio of the stems’ powers', async () => {
    const { vocals, accompaniment } = await measure(
      song,
      await separateWhole(
        song,
        fakeModel(() => 0.5),
      ),
    );
    expect(vocals.mixture.sdr).toBeCloseTo(dB(ratio), 4);
    expect(accompaniment.mixture.sdr).toBeCloseTo(-dB(ratio), 4);
    expect(vocals.mixture.framewiseSdr).toBeCloseTo(dB(ratio), 4);
  });

  test.each([0.25, 0.5, 0.9])('a mask of %d everywhere leaves the distortion that it must', async (mask) => {
    const { vocals, accompaniment } = await measure(
      song,
      await separateWhole(
        song,
        fakeModel(() => mask),
      ),
    );
    // v − m(v + a) = (1 − m)v − m·a, and a − (1 − m)(v + a) is the same with its sign changed.
    const distortion = (1 - mask) ** 2 * ratio + mask ** 2;
    for (const key of ['sdr', 'framewiseSdr'] as const) {
      expect(vocals.model[key]).toBeCloseTo(dB(ratio / distortion), 3);
      expect(accompaniment.model[key]).toBeCloseTo(dB(1 / distortion), 3);
    }
  });

  test('the ideal ratio mask parts stems that share no frequency, and no others', async () => {
    const apart = await measure(song, song);
    expect(apart.vocals.idealRatioMask.sdr).toBeGreaterThan(25);
    expect(apart.accompaniment.idealRatioMask.sdr).toBeGreaterThan(20);
    // a = 2v: the mask is 1/(1 + 2²) everywhere, v̂ = 3v/5 and â = 12v/5.
    const voice = noise(3 * RATE);
    const alike = await measure(stems([voice], [scaled(voice, 2)]), stems([voice], [scaled(voice, 2)]));
    expect(alike.vocals.idealRatioMask.sdr).toBeCloseTo(dB(1 / 0.4 ** 2), 3);
    expect(alike.accompaniment.idealRatioMask.sdr).toBeCloseTo(dB(1 / 0.2 ** 2), 3);
  });

  test('the ideal ratio mask is applied to the mixture that is given', async () => {
    // A mixture of v + 2a, though the stem is a = 2v: the rest is 4v, so the mask is 1/17 and v̂ = 5v/17.
    const voice = noise(3 * RATE);
    const mastered = { ...stems([voice], [scaled(voice, 2)]), mixture: [scaled(voice, 5)] };
    const { vocals, accompaniment } = await measure(mastered, mastered);
    expect(vocals.idealRatioMask.sdr).toBeCloseTo(dB(1 / (12 / 17) ** 2), 3);
    expect(accompaniment.idealRatioMask.sdr).toBeCloseTo(dB(1 / ((80 / 17 - 2) / 2) ** 2), 3);
  });

  test('the ideal mask of a model of two channels tells a voice on the left from a band on the right', async () => {
    const [voice, band, silence] = [noise(12 * RATE, 1), noise(12 * RATE, 2), new Float32Array(12 * RATE)];
    const song = stems([voice, silence], [silence, band]);
    const { manifest } = fakeModel(() => 0);
    const measured = async (channels: 1 | 2) => {
      const ideal = await idealModel(song, { ...manifest, channels });
      return measureOne(song, await separateWhole(song, ideal));
    };
    const [alone, both] = [await measured(1), await measured(2)];
    expect(both.vocals.sdr).toBeGreaterThan(Number(alone.vocals.sdr) + 15);
    expect(both.accompaniment.sdr).toBeGreaterThan(Number(alone.accompaniment.sdr) + 15);
  });

  test('the median over frames is that of the frames in which the stem sounds', async () => {
    // Four seconds: the band at 1, 2, 4 and 8 tenths of the voice; then a second without voice.
    const voice = tone(440, 0.5, RATE, 5).fill(0, 4 * RATE);
    const louder = tone(660, 0.5, RATE, 5).map((value, n) => value * [0.1, 0.2, 0.4, 0.8, 1][Math.floor(n / RATE)]);
    const song = stems([voice], [louder]);
    const { vocals } = await measure(song, song);
    expect(vocals.mixture.framewiseSdr).toBeCloseTo((dB(1 / 0.2 ** 2) + dB(1 / 0.4 ** 2)) / 2, 4);
    expect(vocals.mixture.sdr).toBeCloseTo(dB(4 / (0.1 ** 2 + 0.2 ** 2 + 0.4 ** 2 + 0.8 ** 2 + 1)), 4);
  });

  test('BSS Eval is given to mixture and model where it is asked for', async () => {
    const voice = noise(4 * RATE, 1);
    const band = scaled(noise(4 * RATE, 2), 0.5);
    const song = stems([voice], [band]);
    const estimate = {
      vocals: [voice.map((v, n) => v + 0.1 * band[n])],
      accompaniment: [band.map((a, n) => a + 0.5 * voice[n])],
    };
    const { vocals, accompaniment } = await measure(song, estimate, { bss: true });
    expect((await measure(song, estimate)).vocals.model.bssSdr).toBeUndefined();
    expect(vocals.idealRatioMask.bssSdr).toBeUndefined();
    // Version 4's SDR is the plain one, to what 16 bits round off.
    for (const target of [vocals, accompaniment]) {
      expect(target.model.bssSdr).toBeCloseTo(target.model.framewiseSdr as number, 3);
      expect(target.mixture.bssSdr).toBeCloseTo(target.mixture.framewiseSdr as number, 3);
    }
    // Interference is the other stem, to what the filters can fit by chance. Nothing else is in it: no artefacts.
    expect(Math.abs((vocals.mixture.bssSir as number) - dB(4))).toBeLessThan(0.5);
    expect(Math.abs((vocals.model.bssSir as number) - dB(400))).toBeLessThan(0.5);
    expect(Math.abs((accompaniment.model.bssSir as number) - dB(1))).toBeLessThan(0.5);
    expect(vocals.model.bssSar).toBeGreaterThan(60);
  });

  test('a silent stem has no SDR, and the other is perfect in the mixture', async () => {
    const song = stems([new Float32Array(RATE)], [noise(RATE)]);
    const { vocals, accompaniment } = await measure(song, song, { bss: true });
    expect(vocals.mixture.sdr).toBeNaN();
    expect(vocals.mixture.bssSdr).toBeNaN();
    expect(accompaniment.mixture.sdr).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a separation with a silent stem', () => {
  test('has no BSS Eval, as nothing is defined there', () => {
    const song = stems([noise(2 * RATE, 1)], [noise(2 * RATE, 2)]);
    const estimate = { vocals: song.mixture, accompaniment: [new Float32Array(2 * RATE)] };
    const { accompaniment } = measureOne(song, estimate, true);
    expect(accompaniment.bssSdr).toBeUndefined();
    expect(accompaniment.sdr).toBe(0);
  });
});

describe('the ideal mask of a model', () => {
  test('parts in the model’s band what its bins tell apart', async () => {
    const song = stems([tone(440, 0.4, RATE, 30)], [tone(1200, 0.2, RATE, 30)]);
    const model = await idealModel(song, fakeModel(() => 0).manifest);
    const { vocals, accompaniment } = measureOne(song, await separateWhole(song, model));
    expect(vocals.sdr).toBeGreaterThan(25);
    expect(accompaniment.sdr).toBeGreaterThan(20);
  });
});

describe('separateWhole', () => {
  test('puts the pieces together to stems of the song’s length that add up to it', async () => {
    // More than two patches of 12 s.
    const song = stems([tone(440, 0.4, RATE, 30.1)], [tone(660, 0.2, RATE, 30.1)]);
    const seen: (readonly [number, number])[] = [];
    const model = fakeModel((patch) => (patch === 0 ? 0.8 : 0.3));
    const { vocals, accompaniment } = await separateWhole(song, model, (done, total) => seen.push([done, total]));
    const [mixture] = song.mixture;
    const seconds = mixture.length / RATE;
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toEqual([seconds, seconds]);
    const worst = (from: number, to: number, error: (n: number) => number) => {
      let most = 0;
      for (let n = from * RATE; n < to * RATE; n++) most = Math.max(most, Math.abs(error(n)));
      return most;
    };
    expect(worst(0, seconds, (n) => mixture[n] - vocals[0][n] - accompaniment[0][n])).toBeLessThan(1e-4);
    expect(worst(1, 4, (n) => vocals[0][n] - 0.8 * mixture[n])).toBeLessThan(1e-3);
    expect(worst(20, 29, (n) => vocals[0][n] - 0.3 * mixture[n])).toBeLessThan(1e-3);
  });

  test('refuses a model whose output is no numbers', async () => {
    const song = stems([noise(RATE, 1)], [noise(RATE, 2)]);
    await expect(
      separateWhole(
        song,
        fakeModel(() => Number.NaN),
      ),
    ).rejects.toThrow('The model “fake” produced invalid values (NaN or infinity).');
  });
});
