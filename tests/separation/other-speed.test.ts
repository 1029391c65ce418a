import { describe, expect, it } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { ParameterError } from '../../src/errors.ts';
import { type Predictor, separate } from '../../src/separation/separate.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';
import { fakeModel, greatestDifference, manifest, noise, sine } from './fake-model.ts';

const RATE = 16000;
const { bins } = manifest.patch;
/** What the second hearing's mask counts, and the third's beside the mean of both. */
const SHARES = [0.4, 0.3];

/** The mask of the whole song, frame by frame, and its stems. */
async function heard(song: AudioData, model: Predictor, options: SeparationOptions = {}) {
  const mask: number[][] = [];
  const stems = new Float32Array(song.channels[0].length);
  let worst = 0;
  for await (const { picture, vocals, accompaniment, start, scale } of separate(song, model, options)) {
    for (let frame = 0; frame < picture.frames && picture.firstFrame + frame < scale.frames; frame++) {
      mask[picture.firstFrame + frame] = Array.from(picture.mask.subarray(frame * bins, (frame + 1) * bins));
    }
    vocals.forEach((channel, c) => {
      const whole = channel.map((value, n) => value + accompaniment[c][n] - song.channels[c][start + n]);
      worst = whole.reduce((most, value) => Math.max(most, Math.abs(value)), worst);
    });
    stems.set(vocals[0], start);
  }
  return { mask, stems, worst };
}

/** The greatest distance of the cells from what they should be; where that is undefined, anything will do. */
function furthest(mask: readonly (readonly number[])[], wanted: (frame: number, bin: number) => number | undefined) {
  let worst = 0;
  mask.forEach((row, frame) => {
    row.forEach((value, bin) => {
      worst = Math.max(worst, Math.abs(value - (wanted(frame, bin) ?? value)));
    });
  });
  return worst;
}

describe('hearing a song at several speeds', () => {
  const song = { sampleRate: RATE, channels: [noise(RATE * 30)] };

  it.each([
    [2, [17 / 18]],
    [3, [17 / 18, 6 / 7]],
  ])('carries masks back to the frequencies of the song: %i', async (speeds, parts) => {
    const edge = 200;
    const { mask } = await heard(
      song,
      fakeModel((_patch, _frame, bin) => (bin < edge ? 1 : 0)),
      { speeds },
    );
    // Bin n of the network is (n + 1) · 8 Hz, and at 18/17 of the speed it is (n + 1) · 8 · 17/18 Hz of the song.
    const edges = parts.map((part) => (edge + 1) * part - 1);
    const wanted = (_frame: number, bin: number) => {
      if (bin >= edge) return 0;
      if (edges.some((other) => bin >= other - 2 && bin <= other + 1)) return undefined;
      return edges.reduce((left, other, n) => (bin > other ? left * (1 - SHARES[n]) : left), 1);
    };
    expect(mask.length).toBeGreaterThan(300);
    expect(furthest(mask, wanted)).toBeLessThan(1e-5);
  });

  it.each([2, 3])('carries them back to the moments of the song, to its end: %i', async (speeds) => {
    // A tone from 10 s to 20 s; the mask is open where the network hears it.
    const tone = sine(500, RATE, RATE * 30).map((value, n) => (n >= RATE * 10 && n < RATE * 20 ? value : 0));
    const model = fakeModel((_patch, _frame, _bin, magnitude) => (magnitude > 1 ? 1 : 0));
    const { mask } = await heard({ sampleRate: RATE, channels: [tone] }, model, { speeds });
    const seconds = manifest.stft.hop / manifest.sampleRate;
    const bin = Math.round(500 / 8) - 1;
    expect(mask.length).toBe(30 / seconds + 1);
    const wanted = (frame: number, at: number) => {
      const time = frame * seconds;
      if (at !== bin || Math.abs(time - 10) < 0.2 || Math.abs(time - 20) < 0.2) return undefined;
      return time > 10 && time < 20 ? 1 : 0;
    };
    expect(furthest(mask, wanted)).toBeLessThan(1e-5);
  });

  it('leaves the top of the band, which the second hearing does not have, to the first', async () => {
    const { mask } = await heard(
      song,
      fakeModel(() => 0.8),
      { speeds: 2 },
    );
    expect(furthest(mask, () => 0.8)).toBeLessThan(1e-5);
    let patches = 0;
    const alternating = fakeModel(() => 0);
    const model: Predictor = {
      manifest,
      // The two hearings come by turns here: one patch each.
      predict: async (given, count) => {
        const masks = await alternating.predict(given, count);
        return masks.fill(patches++ % 2);
      },
    };
    const { mask: mixed } = await heard({ sampleRate: RATE, channels: [noise(RATE * 5)] }, model, { speeds: 2 });
    expect(mixed[10][300]).toBeCloseTo(SHARES[0], 5);
    expect(mixed[10][bins - 1]).toBeCloseTo(0, 5);
  });

  it.each<[string, SeparationOptions]>([
    ['a hard mask', { mask: { kind: 'hard' }, speeds: 2 }],
    ['a mask for each channel', { channels: 'left-right', speeds: 3 }],
  ])('gives stems that add up: %s', async (_name, options) => {
    const stereo = { sampleRate: RATE, channels: [noise(RATE * 20, 1), noise(RATE * 20, 2)] };
    const lively = (_patch: number, frame: number, bin: number, magnitude: number) =>
      0.5 + 0.5 * Math.sin(magnitude * 3 + bin * 0.1 + frame * 0.05);
    const { worst, mask } = await heard(stereo, fakeModel(lively), options);
    expect(worst).toBeLessThan(1e-6);
    // The kind of the mask is that of what counts in the end.
    if (options.mask) expect(mask.flat().every((value) => value === 0 || value === 1)).toBe(true);
  });

  it('is what the manifest says, unless a person says otherwise', async () => {
    const rule = (_patch: number, _frame: number, bin: number) => (bin < 200 ? 1 : 0);
    const twice = await heard(song, fakeModel(rule, { speeds: 2 }));
    expect(greatestDifference(twice.stems, (await heard(song, fakeModel(rule), { speeds: 2 })).stems)).toBe(0);
    const once = await heard(song, fakeModel(rule, { speeds: 2 }), { speeds: 1 });
    expect(greatestDifference(once.stems, (await heard(song, fakeModel(rule))).stems)).toBe(0);
    expect(greatestDifference(once.stems, twice.stems)).toBeGreaterThan(0.01);
  });

  it('of the accompaniment, too, where that is what the model gives', async () => {
    const rule = () => 0.25;
    const { mask } = await heard(song, fakeModel(rule, { target: 'accompaniment' }), { speeds: 2 });
    expect(furthest(mask, () => 0.75)).toBeLessThan(1e-5);
  });

  it('lets the partner hear the other speeds, unless a person says otherwise', async () => {
    const model: Predictor = {
      manifest,
      predict: async (patches, _count, _maximum, options) =>
        new Float32Array(patches.length).fill(options?.partner ? 1 : 0),
    };
    const of = async (options: SeparationOptions) => (await heard(song, model, options)).mask[10][300];
    expect(await of({ speeds: 1 })).toBe(0);
    expect(await of({ speeds: 2 })).toBeCloseTo(SHARES[0], 5);
    expect(await of({ speeds: 3 })).toBeCloseTo(1 - (1 - SHARES[0]) * (1 - SHARES[1]), 5);
    expect(await of({ speeds: 3, partner: false })).toBe(0);
  });

  it('refuses other numbers of speeds', async () => {
    for (const speeds of [0, 1.5, 4])
      await expect(
        heard(
          song,
          fakeModel(() => 1),
          { speeds },
        ),
      ).rejects.toThrow(ParameterError);
  });
});
