import { describe, expect, it } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import type { PredictOptions, Predictor } from '../../src/model/predictor.ts';
import { PREVIEW_FRAMES } from '../../src/separation/preview.ts';
import { Priority } from '../../src/separation/priority.ts';
import { separate } from '../../src/separation/separate.ts';
import type { SeparationChunk, SeparationOptions } from '../../src/separation/types.ts';
import { fakeModel, greatestDifference, manifest, noise } from './fake-model.ts';

const RATE = 8192;
const SECONDS = 65;
/** Seconds from one frame of the fake model to the next. */
const FRAME = 768 / 8192;
const PATCH = 2 * PREVIEW_FRAMES;

const stereo = (seconds = SECONDS): AudioData => ({
  sampleRate: RATE,
  channels: [noise(RATE * seconds, 1), noise(RATE * seconds, 2)],
});

/** A mask that depends on what is heard alone, so that it is the same in every patch. */
const byLoudness = (_patch: number, _frame: number, bin: number, magnitude: number) =>
  0.5 + 0.5 * Math.sin(3 * magnitude + 0.1 * bin);

/** A model with patches of twice the preview's frames, which notes what it is asked for. */
function model(rule = byLoudness, isQuickerWhenShort = true): Predictor & { readonly asked: (number | undefined)[] } {
  const asked: (number | undefined)[] = [];
  const fake = fakeModel(rule, { patch: { ...manifest.patch, frames: PATCH } });
  return {
    ...fake,
    asked,
    isQuickerWhenShort,
    predict(patches: Float32Array, count: number, divisor?: number, options?: PredictOptions) {
      asked.push(options?.frames);
      return fake.predict(patches, count, divisor);
    },
  };
}

/** All chunks; after chunk n it asks for the sample `jumps[n]`. */
async function chunksOf(
  song: AudioData,
  predictor: Predictor,
  options: SeparationOptions = {},
  jumps: Readonly<Record<number, number>> = {},
): Promise<SeparationChunk[]> {
  const priority = new Priority();
  const chunks: SeparationChunk[] = [];
  for await (const chunk of separate(song, predictor, { ...options, priority })) {
    const jump = jumps[chunks.length];
    if (jump !== undefined) priority.at(jump);
    chunks.push(chunk);
  }
  return chunks;
}

const lengthOf = ({ vocals }: SeparationChunk) => vocals[0].length;
const stemsOf = ({ vocals, accompaniment }: SeparationChunk) => [...vocals, ...accompaniment];

/** The samples of a chunk, as other chunks have them. */
function sameSamples(chunk: SeparationChunk, others: readonly SeparationChunk[]): Float32Array[] {
  const whole = stemsOf(chunk).map(() => new Float32Array(SECONDS * RATE));
  for (const other of others) for (const [n, stem] of stemsOf(other).entries()) whole[n].set(stem, other.start);
  return whole.map((stem) => stem.slice(chunk.start, chunk.start + lengthOf(chunk)));
}

describe('a preview', () => {
  it('comes first, of the song’s beginning, and the rest is as without it', async () => {
    const song = stereo();
    const predictor = model();
    const [preview, ...rest] = await chunksOf(song, predictor, { previews: true });
    expect(preview).toMatchObject({ isPreview: true, start: 0, doneSamples: 0, totalSamples: SECONDS * RATE });
    expect(preview.spectrogram.frames).toBe(0);
    // What its frames reach, less the last ones.
    expect(lengthOf(preview) / RATE).toBeGreaterThan((PREVIEW_FRAMES - 20) * FRAME);
    expect(lengthOf(preview) / RATE).toBeLessThan(PREVIEW_FRAMES * FRAME);
    expect(predictor.asked).toEqual([PREVIEW_FRAMES, ...rest.map(() => undefined)]);
    const without = await chunksOf(song, model());
    expect(rest.map(({ isPreview, start, doneSamples }) => ({ isPreview, start, doneSamples }))).toEqual(
      without.map(({ start, doneSamples }) => ({ isPreview: undefined, start, doneSamples })),
    );
    for (const [n, chunk] of rest.entries()) {
      for (const [c, stem] of stemsOf(chunk).entries())
        expect(greatestDifference(stem, stemsOf(without[n])[c])).toBe(0);
    }
  });

  it('has the samples that follow, where the mask does not depend on the patch', async () => {
    const [preview, ...rest] = await chunksOf(stereo(), model(), { previews: true });
    for (const [n, stem] of sameSamples(preview, rest).entries()) {
      expect(greatestDifference(stemsOf(preview)[n], stem)).toBeLessThan(1e-5);
    }
  });

  it('comes of each place that is asked for, from there on', async () => {
    const place = 45 * RATE + 123;
    const chunks = await chunksOf(stereo(), model(), { previews: true }, { 1: place });
    const previews = chunks.filter(({ isPreview }) => isPreview);
    expect(previews.map(({ start }) => start)).toEqual([0, place]);
    expect(chunks.indexOf(previews[1])).toBe(2);
    expect(lengthOf(previews[1]) / RATE).toBeGreaterThan((PREVIEW_FRAMES - 60) * FRAME);
    const rest = chunks.filter(({ isPreview }) => !isPreview);
    for (const [n, stem] of sameSamples(previews[1], rest).entries()) {
      expect(greatestDifference(stemsOf(previews[1])[n], stem)).toBeLessThan(1e-5);
    }
    // Each sample comes once beside the previews.
    expect(rest.reduce((sum, chunk) => sum + lengthOf(chunk), 0)).toBe(SECONDS * RATE);
  });

  it('leaves out what is separated already', async () => {
    const done = [{ start: 2 * RATE, end: 60 * RATE }];
    const [preview] = await chunksOf(stereo(), model(), { previews: true, done });
    expect(preview).toMatchObject({ isPreview: true, start: 0 });
    expect(lengthOf(preview)).toBe(2 * RATE);
  });

  it('reaches the song’s end', async () => {
    const place = (SECONDS - 1) * RATE;
    const chunks = await chunksOf(stereo(), model(), { previews: true }, { 0: place });
    const preview = chunks.find(({ isPreview, start }) => isPreview && start > 0);
    expect(preview?.start).toBe(place);
    expect(lengthOf(preview!)).toBe(RATE);
  });

  it('uses the kind of mask that was asked for', async () => {
    const options = { previews: true, mask: { kind: 'hard' } } as const;
    const rule = () => 0.6;
    const [preview, ...rest] = await chunksOf(stereo(), model(rule), options);
    const [soft] = await chunksOf(stereo(), model(rule), { previews: true });
    expect(greatestDifference(preview.vocals[0], sameSamples(preview, rest)[0])).toBeLessThan(1e-5);
    expect(greatestDifference(preview.vocals[0], soft.vocals[0])).toBeGreaterThan(0.1);
  });

  it.each([
    ['nobody asks for previews', {}, true, SECONDS],
    ['a short patch takes as long as a whole one', { previews: true }, false, SECONDS],
    ['the song is not longer than a patch', { previews: true }, true, 20],
  ])('does not come where %s', async (_why, options, quick, seconds) => {
    const chunks = await chunksOf(stereo(seconds), model(byLoudness, quick), options);
    expect(chunks.some(({ isPreview }) => isPreview)).toBe(false);
    expect(chunks.length).toBeGreaterThan(0);
  });
});
