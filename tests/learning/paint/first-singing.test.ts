import { describe, expect, test, vi } from 'vitest';
import { FirstSinging } from '../../../src/learning/paint/first-singing.ts';

const RATE = 8000;
const SECONDS = 200;

/** A band of 200 Hz throughout, and a voice of 500 Hz from 150 s on. */
function song(done: number) {
  const tone = (hz: number, n: number) => 0.3 * Math.sin((2 * Math.PI * hz * n) / RATE);
  const vocals = Float32Array.from({ length: SECONDS * RATE }, (_, n) => (n < 150 * RATE ? 0 : tone(500, n)));
  const original = vocals.map((voice, n) => voice + tone(200, n));
  return {
    sampleRate: RATE,
    samples: original.length,
    doneSamples: done * RATE,
    read: vi.fn(async (start: number, end: number) => ({
      original: [original.slice(start, end)],
      vocals: [vocals.slice(start, end)],
    })),
    release: vi.fn(),
  };
}

describe('the first singing', () => {
  test('is where the voice comes in', async () => {
    const singing = await new FirstSinging(song(SECONDS)).find();
    expect(singing?.start).toBeCloseTo(150, 1);
  });

  test('is looked for in what is separated; nothing is read twice, and nothing once it is found', async () => {
    const store = song(100);
    const first = new FirstSinging(store);
    expect(await first.find()).toBeUndefined();
    expect(await first.find()).toBeUndefined();
    store.doneSamples = 160 * RATE;
    expect((await first.find())?.start).toBeCloseTo(150, 1);
    store.doneSamples = store.samples;
    expect((await first.find())?.start).toBeCloseTo(150, 1);
    const read = store.read.mock.calls;
    expect(read[0][0]).toBe(0);
    expect(read.at(-1)?.[1]).toBe(160 * RATE);
    for (const [n, [start]] of read.entries()) if (n > 0) expect(start).toBe(read[n - 1][1]);
    expect(store.release).toHaveBeenCalledTimes(read.length);
  });
});
