import { describe, expect, it } from 'vitest';
import { Priority } from '../../src/separation/priority.ts';
import { separate } from '../../src/separation/separate.ts';
import type { SeparationChunk, SeparationOptions } from '../../src/separation/types.ts';
import { concatenate, fakeModel, greatestDifference, noise, SHORT_PATCHES } from './fake-model.ts';

const RATE = 8192;
const SONG = { sampleRate: RATE, channels: [noise(RATE * 20)] };

/** A mask that depends on the patch's content. */
const lively = (_patch: number, frame: number, bin: number, magnitude: number) =>
  0.5 + 0.5 * Math.sin(magnitude * 3 + bin * 0.1 + frame * 0.05);

/** A model that answers later calls sooner, as far as `concurrency` calls are open at once. */
function parallelModel(concurrency: number) {
  const model = fakeModel(lively, SHORT_PATCHES);
  const seen = { open: 0, most: 0, calls: 0 };
  const signals: (AbortSignal | undefined)[] = [];
  return {
    seen,
    signals,
    manifest: model.manifest,
    concurrency: () => concurrency,
    async predict(...[patches, count, divisor, options]: Parameters<typeof model.predict>) {
      const own = patches.slice();
      seen.calls++;
      signals.push(options?.signal);
      seen.most = Math.max(seen.most, ++seen.open);
      await new Promise((resolve) => setTimeout(resolve, 5 * (concurrency - seen.open)));
      seen.open--;
      return await model.predict(own, count, divisor, options);
    },
  };
}

async function gather(model: ReturnType<typeof parallelModel>, options?: SeparationOptions) {
  const chunks: SeparationChunk[] = [];
  for await (const chunk of separate(SONG, model, options)) chunks.push(chunk);
  return chunks;
}

const vocalsOf = (chunks: readonly SeparationChunk[]) => concatenate(chunks.map(({ vocals }) => vocals[0]));
const maskOf = (chunks: readonly SeparationChunk[]) => concatenate(chunks.map(({ spectrogram }) => spectrogram.mask));

describe('a model that computes several patches at once', () => {
  it.each([2, 3, 5])('gives the same pieces in the same order, with %i at once', async (concurrency) => {
    const one = parallelModel(1);
    const several = parallelModel(concurrency);
    const expected = await gather(one);
    const chunks = await gather(several);
    expect(chunks.map(({ start }) => start)).toEqual(expected.map(({ start }) => start));
    for (const part of [vocalsOf, maskOf]) expect(greatestDifference(part(chunks), part(expected))).toBe(0);
    expect(one.seen.most).toBe(1);
    expect(several.seen.most).toBe(concurrency);
    expect(several.seen.calls).toBe(one.seen.calls);
  });

  it('begins no patches that are not wanted', async () => {
    const [first] = await gather(parallelModel(1));
    const end = first.vocals[0].length;
    const model = parallelModel(4);
    // All but a part of the first patch is there.
    const done = [{ start: Math.round(end / 2), end: SONG.channels[0].length }];
    const chunks = await gather(model, { done });
    expect(chunks.map(({ start, vocals }) => [start, vocals[0].length])).toEqual([[0, Math.round(end / 2)]]);
    expect(model.seen.calls).toBe(1);
  });

  it('goes to another place without waiting for the patches in progress', async () => {
    const calls: { readonly signal?: AbortSignal; answer(): void }[] = [];
    const model = fakeModel(lively, SHORT_PATCHES);
    const slow = {
      manifest: model.manifest,
      concurrency: () => 2,
      async predict(...[patches, count, divisor, options]: Parameters<typeof model.predict>) {
        const own = patches.slice();
        await new Promise<void>((answer) => calls.push({ signal: options?.signal, answer }));
        return await model.predict(own, count, divisor, options);
      },
    };
    const priority = new Priority();
    const separation = separate(SONG, slow, { priority, previews: true });
    const first = separation.next();
    await expect.poll(() => calls.length).toBe(1);
    const place = RATE * 10;
    priority.at(place);
    await expect.poll(() => calls.length).toBe(2);
    const dropped = () => calls.map(({ signal }) => signal?.aborted);
    expect(dropped()).toEqual([true, false]);
    calls[1].answer();
    const { value } = await first;
    expect(value!.start).toBeLessThanOrEqual(place);
    const end = value!.start + value!.vocals[0].length;
    expect(end).toBeGreaterThan(place);
    // The first patch at a place that a person waits for is computed alone.
    expect(calls.length).toBe(2);
    // The place that comes next anyhow is no reason to drop anything.
    const second = separation.next();
    await expect.poll(() => calls.length).toBe(4);
    priority.at(end);
    calls[2].answer();
    expect((await second).value!.start).toBe(end);
    expect(dropped().slice(1)).toEqual([false, false, false]);
    const third = separation.next();
    await expect.poll(() => calls.length).toBe(5);
    priority.at(0);
    await expect.poll(() => calls.length).toBe(6);
    expect(dropped()).toEqual([true, true, true, true, true, false]);
    calls[5].answer();
    expect((await third).value!.start).toBe(0);
    await separation.return();
  });

  it('drops what was begun elsewhere when another place is asked for, and gives each sample once', async () => {
    const expected = vocalsOf(await gather(parallelModel(1)));
    const model = parallelModel(3);
    const priority = new Priority();
    const heard = new Float32Array(expected.length).fill(9);
    const starts: number[] = [];
    for await (const { start, vocals } of separate(SONG, model, { priority })) {
      starts.push(start);
      expect(heard.subarray(start, start + vocals[0].length).every((value) => value === 9)).toBe(true);
      heard.set(vocals[0], start);
      // What was begun at the first place is dropped there, what was begun at the second is not.
      if (starts.length === 2)
        expect([model.signals[0], model.signals.at(-1)].map((s) => s?.aborted)).toEqual([true, false]);
      if (starts.length === 1) priority.at(RATE * 12);
    }
    expect(starts[1]).toBe(RATE * 12);
    expect(greatestDifference(heard, expected)).toBeLessThan(1e-4);
  });

  it('an end leaves no error behind', async () => {
    const model = parallelModel(3);
    const failing = {
      ...model,
      predict: (...given: Parameters<typeof model.predict>) =>
        model.seen.calls > 0 ? Promise.reject(new Error('later')) : model.predict(...given),
    };
    for await (const { start } of separate(SONG, failing)) {
      expect(start).toBe(0);
      break;
    }
    await expect(async () => {
      for await (const _ of separate(SONG, failing));
    }).rejects.toThrow('later');
  });
});
