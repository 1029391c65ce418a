import { describe, expect, it } from 'vitest';
import type { LoadedModel } from '../../../src/model/load.ts';
import type { Stem } from '../../../src/model/manifest.ts';
import type { NetworkShape } from '../../../src/model/network-shape.ts';
import { NetworkPool, type NetworkThread } from '../../../src/model/runtime/network-pool.ts';
import type { Stopper } from '../../../src/model/runtime/stop-run.ts';
import { manifest, network } from '../../separation/fake-model.ts';

const SHAPE = { bins: 1, frames: 1, channels: 1 };

/** A model with these networks, whose weights are empty. */
const modelOf = (...stems: Stem[]): LoadedModel => ({
  manifest: { ...manifest, networks: Object.fromEntries(stems.map((stem) => [stem, network])) },
  readWeights: async () => new Map(),
});

/** A thread whose answers are given by the test: its output is ten times the input. */
class FakeThread implements NetworkThread {
  readonly log: string[] = [];
  readonly open: { answer(): void; fail(error: Error): void }[] = [];
  ended = false;

  async load(stem: Stem): Promise<void> {
    this.log.push(`load ${stem}`);
  }

  async unload(stem: Stem): Promise<void> {
    this.log.push(`unload ${stem}`);
  }

  readonly stoppers: (Stopper | undefined)[] = [];

  run(stem: Stem, values: Float32Array, _n: number, _shape: NetworkShape, stopper?: Stopper): Promise<Float32Array> {
    this.log.push(`${stem} ${values[0]}`);
    this.stoppers.push(stopper);
    return new Promise((resolve, reject) => {
      this.open.push({ answer: () => resolve(values.map((value) => 10 * value)), fail: reject });
    });
  }

  end(): void {
    this.ended = true;
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

/** A pool of `count` threads, and what makes it run. */
function poolOf(count: number, ...stems: Stem[]) {
  const threads = Array.from({ length: count }, () => new FakeThread());
  const pool = new NetworkPool(modelOf(...stems), threads);
  const run = (value: number, signal?: AbortSignal, of: readonly Stem[] = stems) =>
    pool.run({ stems: of, values: Float32Array.of(value), n: 1, shape: SHAPE }, signal);
  /** Answers all open runs, and those that come after them. */
  const answerAll = async () => {
    for (await settled(); threads.some(({ open }) => open.length > 0); await settled()) {
      for (const { open } of threads) for (const one of open.splice(0)) one.answer();
    }
  };
  return { threads, pool, run, answerAll };
}

describe('NetworkPool', () => {
  it.each([
    { threads: 2, networks: 1, calls: 3 },
    { threads: 2, networks: 2, calls: 2 },
    { threads: 3, networks: 2, calls: 3 },
    { threads: 8, networks: 2, calls: 5 },
  ])('takes one call more than $threads threads compute of $networks networks', ({ threads, networks, calls }) => {
    expect(poolOf(threads, 'vocals').pool.concurrency(networks)).toBe(calls);
  });

  it('computes as many inputs of one network at once as there are threads, in order', async () => {
    const { threads, run, answerAll } = poolOf(2, 'vocals');
    const outputs = [1, 2, 3].map((value) => run(value));
    await settled();
    expect(threads.map(({ log }) => log)).toEqual([
      ['load vocals', 'vocals 1'],
      ['load vocals', 'vocals 2'],
    ]);
    threads[1].open.splice(0)[0].answer();
    await settled();
    expect(threads[1].log.at(-1)).toBe('vocals 3');
    await answerAll();
    expect(await Promise.all(outputs)).toEqual([1, 2, 3].map((value) => [Float32Array.of(10 * value)]));
  });

  it('gives each of two networks a thread of its own', async () => {
    const { threads, run, answerAll } = poolOf(2, 'vocals', 'accompaniment');
    const outputs = [run(1), run(2)];
    await answerAll();
    expect(threads.map(({ log }) => log)).toEqual([
      ['load vocals', 'vocals 1', 'vocals 2'],
      ['load accompaniment', 'accompaniment 1', 'accompaniment 2'],
    ]);
    expect(await outputs[0]).toEqual([Float32Array.of(10), Float32Array.of(10)]);
  });

  it('a thread that is left over runs every network', async () => {
    const { threads, run, answerAll } = poolOf(3, 'vocals', 'accompaniment');
    void run(1);
    void run(2);
    await settled();
    expect(threads[2].log).toEqual(['load vocals', 'vocals 2']);
    await answerAll();
    void run(3);
    void run(4);
    await settled();
    void run(5);
    expect(threads.map(({ log }) => log.filter((line) => line.startsWith('load')))).toEqual([
      ['load vocals'],
      ['load accompaniment'],
      ['load vocals'],
    ]);
    await answerAll();
  });

  it('one thread runs all networks, and two share three', async () => {
    const one = poolOf(1, 'vocals', 'drums', 'bass');
    void one.run(1);
    await one.answerAll();
    expect(one.threads[0].log.filter((line) => line.endsWith('1'))).toEqual(['vocals 1', 'drums 1', 'bass 1']);
    const two = poolOf(2, 'vocals', 'drums', 'bass');
    void two.run(1);
    await two.answerAll();
    expect(two.threads[0].log).toEqual(['load vocals', 'vocals 1', 'load bass', 'bass 1']);
    expect(two.threads[1].log).toEqual(['load drums', 'drums 1']);
  });

  it('a thread frees the network that another quality does not run', async () => {
    const { threads, run, answerAll } = poolOf(2, 'vocals', 'accompaniment');
    void run(1);
    await answerAll();
    void run(2, undefined, ['vocals']);
    void run(3, undefined, ['vocals']);
    await answerAll();
    expect(threads[1].log.slice(2)).toEqual(['unload accompaniment', 'load vocals', 'vocals 3']);
  });

  it('drops what is not done when the signal fires', async () => {
    const { threads, run, answerAll } = poolOf(1, 'vocals');
    const [first, second] = [new AbortController(), new AbortController()];
    const outputs = [run(1, first.signal), run(2, second.signal), run(3)];
    await settled();
    second.abort();
    await expect(outputs[1]).rejects.toThrow('abort');
    // It has begun: the thread is told, and ends it when it likes.
    expect(threads[0].stoppers[0]?.[0]).toBe(0);
    first.abort();
    expect(threads[0].stoppers[0]?.[0]).toBe(1);
    await expect(outputs[0]).rejects.toThrow('abort');
    await answerAll();
    expect(await outputs[2]).toEqual([Float32Array.of(30)]);
    expect(threads[0].log).toEqual(['load vocals', 'vocals 1', 'vocals 3']);
    expect(threads[0].stoppers[1]).toBeUndefined();
    await expect(run(4, first.signal)).rejects.toThrow('abort');
  });

  it('an input that fails rejects alone', async () => {
    const { threads, run, answerAll } = poolOf(1, 'vocals');
    const outputs = [run(1), run(2)];
    await settled();
    threads[0].open.splice(0)[0].fail(new Error('out of memory'));
    await expect(outputs[0]).rejects.toThrow('out of memory');
    await answerAll();
    expect(await outputs[1]).toEqual([Float32Array.of(20)]);
  });

  it('ends its threads', async () => {
    const { threads, pool } = poolOf(3, 'vocals');
    await pool.dispose();
    expect(threads.every(({ ended }) => ended)).toBe(true);
  });
});
