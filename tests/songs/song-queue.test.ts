import { describe, expect, test } from 'vitest';
import { BeginAgain, SongQueue, type Turn, type WorkEnd } from '../../src/songs/song-queue.ts';

/** A queue whose songs advance step by step, controlled by the test. */
class SteppedQueue {
  readonly log: string[] = [];
  readonly faults = new Map<string, unknown>();
  readonly steps: number;
  readonly queue: SongQueue;
  /** What the work on a song said last, or how it ended. */
  readonly last = new Map<string, string>();
  readonly ends: (readonly [id: string, end: WorkEnd])[] = [];
  #gates: (() => void)[] = [];

  constructor(steps = 3) {
    this.steps = steps;
    this.queue = new SongQueue((id, turn) => this.#work(id, turn));
    this.queue.on('end', (id, end) => {
      this.ends.push([id, end]);
      this.last.set(id, end.kind === 'requeued' ? 'waiting' : end.kind);
    });
  }

  #tell(id: string, turn: Turn, state: string): void {
    if (!turn.signal.aborted) this.last.set(id, state);
  }

  async #work(id: string, turn: Turn): Promise<void> {
    this.#tell(id, turn, 'decoding');
    for (let step = 1; step <= this.steps; step++) {
      await turn.wait();
      await new Promise<void>((resolve) => this.#gates.push(resolve));
      turn.signal.throwIfAborted();
      const fault = this.faults.get(id);
      if (fault) {
        this.faults.delete(id);
        throw fault;
      }
      this.log.push(`${id}${step}`);
      this.#tell(id, turn, 'separating');
    }
  }

  /** Lets whoever has begun a step finish it. */
  async step(count = 1): Promise<void> {
    const settle = async () => {
      for (let tick = 0; tick < 10; tick++) await Promise.resolve();
    };
    await settle();
    for (let n = 0; n < count; n++) {
      const gates = this.#gates;
      this.#gates = [];
      for (const open of gates) open();
      await settle();
    }
  }

  get states(): string {
    return this.queue.ids.map((id) => `${id}:${this.last.get(id) ?? 'waiting'}`).join(' ');
  }
}

describe('SongQueue', () => {
  test('works on one after the other, in their order', async () => {
    const stepped = new SteppedQueue();
    stepped.queue.add(['a', 'b']);
    await stepped.step(8);
    expect(stepped.log).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3']);
    expect(stepped.states).toBe('a:done b:done');
    expect(stepped.queue.busy).toBe(false);
  });

  test('continues with the others when one fails, and emits the error', async () => {
    const stepped = new SteppedQueue();
    const fault = new Error('broken');
    stepped.faults.set('b', fault);
    stepped.queue.add(['a', 'b', 'c']);
    await stepped.step(12);
    expect(stepped.states).toBe('a:done b:failed c:done');
    expect(stepped.ends[1]).toEqual(['b', { kind: 'failed', error: fault }]);
    stepped.queue.start('b');
    await stepped.step(4);
    expect(stepped.states).toBe('a:done b:done c:done');
  });

  test('gives the preferred song its turn at once; the paused one continues later', async () => {
    const stepped = new SteppedQueue();
    stepped.queue.add(['a', 'b', 'c']);
    await stepped.step();
    stepped.queue.prefer('c');
    expect(stepped.queue.active).toBe('c');
    // The step that a had begun is still finished.
    await stepped.step(12);
    expect(stepped.log).toEqual(['a1', 'a2', 'c1', 'c2', 'c3', 'a3', 'b1', 'b2', 'b3']);
  });

  test('processes moved songs in the new order', async () => {
    const stepped = new SteppedQueue(1);
    stepped.queue.add(['a', 'b', 'c', 'd']);
    stepped.queue.move('d', 1);
    stepped.queue.move('b', 99);
    await stepped.step(6);
    expect(stepped.log).toEqual(['a1', 'd1', 'c1', 'b1']);
  });

  test('cancels one or all', async () => {
    const stepped = new SteppedQueue();
    stepped.queue.add(['a', 'b', 'c']);
    await stepped.step();
    stepped.queue.cancel('a');
    await stepped.step();
    expect(stepped.states).toBe('a:cancelled b:separating c:waiting');
    stepped.queue.cancelAll();
    await stepped.step(3);
    expect(stepped.states).toBe('a:cancelled b:cancelled c:cancelled');
    expect(stepped.log).toEqual(['a1', 'b1']);
    stepped.queue.start('c');
    await stepped.step(4);
    expect(stepped.states).toBe('a:cancelled b:cancelled c:done');
  });

  test('removes a song during its work', async () => {
    const stepped = new SteppedQueue();
    stepped.queue.add(['a', 'b']);
    await stepped.step();
    stepped.queue.remove('a');
    await stepped.step(4);
    expect(stepped.states).toBe('b:done');
    expect(stepped.log).toEqual(['a1', 'b1', 'b2', 'b3']);
  });

  test('has at most three songs in progress: the one furthest from its turn starts again', async () => {
    const stepped = new SteppedQueue();
    stepped.queue.add(['a', 'b', 'c', 'd']);
    await stepped.step();
    for (const id of ['b', 'c', 'd']) {
      stepped.queue.prefer(id);
      await stepped.step();
    }
    expect(stepped.ends).toEqual([['c', { kind: 'requeued' }]]);
    await stepped.step(20);
    expect(stepped.states).toBe('a:done b:done c:done d:done');
  });

  test('requeues a song when its work throws BeginAgain', async () => {
    const stepped = new SteppedQueue();
    stepped.faults.set('a', new BeginAgain());
    stepped.queue.add(['a']);
    await stepped.step(6);
    expect(stepped.states).toBe('a:done');
    expect(stepped.log).toEqual(['a1', 'a2', 'a3']);
  });

  test('does not process songs that are not due until they are started', async () => {
    const stepped = new SteppedQueue();
    stepped.queue.add(['kept'], false);
    expect(stepped.queue.busy).toBe(false);
    await stepped.step(3);
    expect(stepped.log).toEqual([]);
    stepped.queue.cancel('kept');
    expect(stepped.ends).toEqual([]);
    stepped.queue.start('kept');
    await stepped.step(4);
    expect(stepped.log).toEqual(['kept1', 'kept2', 'kept3']);
  });

  test('restores a stored order; songs that it does not name follow', () => {
    const stepped = new SteppedQueue();
    stepped.queue.add(['a', 'b', 'c', 'd'], false);
    stepped.queue.arrange(['c', 'gone', 'a']);
    expect(stepped.queue.ids).toEqual(['c', 'a', 'b', 'd']);
  });
});
