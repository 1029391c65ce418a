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

  describe('whose end a player reaches before the whole patch is there', () => {
    /** Asks for the end of the preview at `place` while the whole patch is computed, as a player does. */
    async function askedAtItsEnd(place: number) {
      const priority = new Priority();
      const fake = model();
      let opened: () => void = () => undefined;
      const open = new Promise<void>((resolve) => {
        opened = resolve;
      });
      const slow: Predictor = {
        ...fake,
        concurrency: () => 2,
        async predict(...values) {
          const masks = await fake.predict(...values);
          if (values[3]?.frames === undefined) await open;
          return masks;
        },
      };
      const chunks: SeparationChunk[] = [];
      if (place > 0) priority.at(place);
      for await (const chunk of separate(stereo(), slow, { previews: true, priority })) {
        chunks.push(chunk);
        if (!chunk.isPreview || chunk.start !== place) continue;
        setTimeout(() => {
          priority.at(chunk.start + lengthOf(chunk) - 100);
          setTimeout(opened, 5);
        }, 5);
      }
      return { chunks, asked: fake.asked };
    }

    it('goes on with that patch, and keeps all of it', async () => {
      const { chunks, asked } = await askedAtItsEnd(0);
      expect(chunks[1]).toMatchObject({ start: 0 });
      expect(chunks.filter(({ isPreview }) => isPreview)).toHaveLength(1);
      expect(chunks.map(({ start }) => start)).toEqual(chunks.map(({ start }) => start).sort((a, b) => a - b));
      const straight = model();
      await chunksOf(stereo(), straight, { previews: true });
      expect(asked).toHaveLength(straight.asked.length);
    });

    it('goes on with it where the preview is longer, too', async () => {
      // The patch from frame 0 on is final up to frame 224.
      const place = Math.round(218 * FRAME * RATE);
      const { chunks } = await askedAtItsEnd(place);
      const [preview, first, second] = chunks;
      expect(preview).toMatchObject({ isPreview: true, start: place });
      expect(first.start).toBeLessThanOrEqual(place);
      expect(first.start + lengthOf(first)).toBeLessThan(place + lengthOf(preview));
      expect(second.start).toBe(first.start + lengthOf(first));
      expect(chunks.filter(({ isPreview }) => isPreview)).toHaveLength(1);
    });
  });

  it('is one of the place that was asked for last', async () => {
    const song = stereo();
    const chunks = await chunksOf(song, model(), { previews: true }, { 0: 50 * RATE, 1: 30 * RATE });
    expect(chunks.slice(0, 3).map(({ isPreview, start }) => [isPreview, start])).toEqual([
      [true, 0],
      [true, 50 * RATE],
      [true, 30 * RATE],
    ]);
  });

  it('ends with the song’s reading, without using the segment before again', async () => {
    const [left, right] = stereo().channels;
    let broken = false;
    const song = {
      sampleRate: RATE / 2,
      channelCount: 2,
      samples: left.length,
      async read(start: number, end: number) {
        if (broken) throw new Error('The song was closed.');
        return [left.subarray(start, end), right.subarray(start, end)];
      },
    };
    const priority = new Priority();
    const chunks = separate(song, model(), { previews: true, priority });
    for (let n = 0; n < 2; n++) await chunks.next();
    broken = true;
    priority.at(left.length - 1000);
    await expect(chunks.next()).rejects.toThrow('The song was closed.');
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
