import { describe, expect, it } from 'vitest';
import { BackendError } from '../../src/core/errors.ts';
import { type Message, messageText } from '../../src/core/message.ts';
import { type MovablePredictor, RecoveringPredictor } from '../../src/separation/recovering-predictor.ts';
import { manifest } from './fake-model.ts';

/** Fails for batches above `limit` on the first backend. A limit of 0 always fails. */
function fragile(
  limits: Record<string, number>,
  first: string,
  batchSize: number,
): MovablePredictor & { log: string[] } {
  let backend = first;
  const log: string[] = [];
  const run = (count: number) => {
    log.push(`${backend} ${count}`);
    if (count > limits[backend]) throw new BackendError('backend.failed', { name: backend });
  };
  return {
    manifest,
    batchSize,
    log,
    async warmUp() {
      for (const count of new Set([1, this.batchSize])) run(count);
    },
    async predict(patches, count) {
      run(count);
      return patches.map((value) => value / 2);
    },
    async moveTo(name) {
      if (!(name in limits)) throw new BackendError('backend.cannot-start', { name });
      backend = name;
    },
  };
}

const patches = Float32Array.from({ length: 8 * 10 }, (_, n) => n);
const halves = patches.map((value) => value / 2);

describe('RecoveringPredictor', () => {
  it('halves the batch until it fits, and keeps that size', async () => {
    const model = fragile({ webgl: 2 }, 'webgl', 8);
    const notes: Message[] = [];
    const safe = new RecoveringPredictor(model, { fallbacks: [], onNote: (n) => notes.push(n) });
    expect(await safe.predict(patches, 8)).toEqual(halves);
    expect(model.log).toEqual(['webgl 8', 'webgl 4', 'webgl 2', 'webgl 2', 'webgl 2', 'webgl 2']);
    expect(await safe.predict(patches.slice(0, 20), 2)).toEqual(halves.slice(0, 20));
    expect(model.log.length).toBe(7);
    expect(notes).toEqual([]);
  });

  it('moves to the next working backend, and reports it', async () => {
    const model = fragile({ webgl: 0, cpu: 9 }, 'webgl', 1);
    const notes: Message[] = [];
    const safe = new RecoveringPredictor(model, {
      fallbacks: ['wasm', 'cpu'],
      onNote: (n) => notes.push(n),
    });
    expect(await safe.predict(patches, 8)).toEqual(halves);
    expect(model.log.slice(0, 2)).toEqual(['webgl 1', 'cpu 1']);
    expect(notes.map((note) => messageText(note))).toEqual([
      'The backend webgl failed. The separation continues with “cpu”.',
    ]);
  });

  it('warms up with a smaller batch, or on the next backend', async () => {
    const model = fragile({ webgl: 3, wasm: 9 }, 'webgl', 8);
    const notes: Message[] = [];
    const options = { fallbacks: ['wasm'], onNote: (note: Message) => notes.push(note) };
    await new RecoveringPredictor(model, options).warmUp();
    expect(model.log).toEqual(['webgl 1', 'webgl 8', 'webgl 1', 'webgl 4', 'webgl 1', 'webgl 2']);
    expect(notes).toEqual([]);

    const lost = fragile({ webgl: 0, wasm: 9 }, 'webgl', 2);
    await new RecoveringPredictor(lost, options).warmUp();
    expect(lost.log.at(-1)).toBe('wasm 1');
    expect(notes).toHaveLength(1);
    await expect(new RecoveringPredictor(fragile({ webgl: 0 }, 'webgl', 1), options).warmUp()).rejects.toThrow(
      BackendError,
    );
  });

  it('calls that fail together move once', async () => {
    const model = fragile({ webgl: 0, wasm: 9, cpu: 9 }, 'webgl', 1);
    const notes: Message[] = [];
    const safe = new RecoveringPredictor(model, { fallbacks: ['wasm', 'cpu'], onNote: (n) => notes.push(n) });
    const calls = [safe.predict(patches, 1), safe.predict(patches, 1), safe.predict(patches, 1)];
    expect(await Promise.all(calls)).toEqual([halves, halves, halves]);
    expect(model.log).toEqual(['webgl 1', 'webgl 1', 'webgl 1', 'wasm 1', 'wasm 1', 'wasm 1']);
    expect(notes.length).toBe(1);
  });

  it('gives up when no backend is left', async () => {
    const model = fragile({ webgl: 0, wasm: 0 }, 'webgl', 2);
    const safe = new RecoveringPredictor(model, { fallbacks: ['wasm'], onNote: () => {} });
    await expect(safe.predict(patches, 8)).rejects.toThrow(BackendError);
  });

  it('rethrows errors that are not from the backend', async () => {
    const model: MovablePredictor = {
      manifest,
      batchSize: 4,
      warmUp: async () => {},
      predict: async () => {
        throw new TypeError('a mistake');
      },
      moveTo: async () => {},
    };
    const safe = new RecoveringPredictor(model, { fallbacks: ['wasm'], onNote: () => {} });
    await expect(safe.predict(patches, 8)).rejects.toThrow('a mistake');
  });
});
