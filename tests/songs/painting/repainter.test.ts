import { describe, expect, test } from 'vitest';
import { renderMasked } from '../../../src/separation/render-masked.ts';
import { separate } from '../../../src/separation/separate.ts';
import { Repainter } from '../../../src/songs/painting/repainter.ts';
import { MemorySongStorage } from '../../../src/songs/storage/memory-song-storage.ts';
import { fakeModel, noise, rms } from '../../separation/fake-model.ts';

const sampleRate = 44_100;
const model = fakeModel(() => 1);

async function repainted(playhead = 0) {
  const original = { sampleRate, channels: [noise(12 * sampleRate)] };
  const store = new MemorySongStorage(original);
  for await (const chunk of separate(original, model)) await store.write(chunk);
  const spans: number[][] = [];
  const failed: unknown[] = [];
  const repainter = new Repainter({
    store,
    facts: model.manifest,
    renderMasked: async (song, piece) => renderMasked(song, piece),
    playhead: () => playhead,
    onSamples: (start, end) => spans.push([start, end]),
    onError: (error) => failed.push(error),
  });
  const done = () => repainter.idle();
  return { store, repainter, spans, failed, done };
}

describe('Repainter', () => {
  test('painting changes the vocals of the storage at its place and nothing else', async () => {
    const { store, repainter, spans, failed, done } = await repainted();
    const before = store.whole.vocals.channels[0].slice();
    repainter.edit.begin(0);
    repainter.edit.stroke((cover) => {
      for (let frame = 40; frame < 60; frame++) for (let bin = 0; bin < 512; bin++) cover(frame, bin, 1);
    });
    repainter.edit.end();
    await done();
    expect(failed).toEqual([]);
    const after = store.whole.vocals.channels[0];
    const at = (frame: number) => Math.round((frame * 768 * sampleRate) / 8192);
    expect(rms(after, at(42), at(58))).toBeLessThan(0.01 * rms(before, at(42), at(58)));
    expect(after.subarray(0, spans[0][0])).toEqual(before.subarray(0, spans[0][0]));
    expect(after.subarray(spans[0][1])).toEqual(before.subarray(spans[0][1]));
    // Back to the network's: the samples are as they were.
    repainter.edit.undo();
    await done();
    expect(after.reduce((worst, value, n) => Math.max(worst, Math.abs(value - before[n])), 0)).toBeLessThan(1e-4);
  });

  test('changes at the playhead are rendered first', async () => {
    const { repainter, spans, done } = await repainted(6);
    repainter.edit.fill(0);
    await done();
    expect(Math.abs(spans[0][0] / sampleRate - 6)).toBeLessThan(0.5);
    expect(spans.at(-1)?.[0]).toBeLessThan(6 * sampleRate);
  });

  test('the storage settles when all changes are rendered, and counts each change', async () => {
    const { store, repainter } = await repainted();
    await store.settled;
    const revision = store.revision;
    repainter.edit.fill(0);
    expect(store.revision).toBe(revision + 1);
    // While the first is being made.
    repainter.edit.undo();
    repainter.edit.redo();
    expect(store.revision).toBe(revision + 3);
    await store.settled;
    const { vocals, original } = store.whole;
    expect(rms(vocals.channels[0], 0, 12 * sampleRate)).toBeLessThan(
      0.001 * rms(original.channels[0], 0, 12 * sampleRate),
    );
    expect(store.revision).toBe(revision + 3);
  });
});
