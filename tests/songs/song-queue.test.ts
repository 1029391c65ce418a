import { describe, expect, test } from 'vitest';
import { BeginAgain, SongQueue, type Turn, type WorkEnd } from '../../src/songs/song-queue.ts';

/** A queue whose songs take steps as the test says. */
class Workshop {
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

describe('a queue of songs', () => {
  test('works on one after the other, in their order', async () => {
    const shop = new Workshop();
    shop.queue.add(['a', 'b']);
    await shop.step(8);
    expect(shop.log).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3']);
    expect(shop.states).toBe('a:done b:done');
    expect(shop.queue.busy).toBe(false);
  });

  test('goes on with the others when one fails, and says with what', async () => {
    const shop = new Workshop();
    const fault = new Error('broken');
    shop.faults.set('b', fault);
    shop.queue.add(['a', 'b', 'c']);
    await shop.step(12);
    expect(shop.states).toBe('a:done b:failed c:done');
    expect(shop.ends[1]).toEqual(['b', { kind: 'failed', error: fault }]);
    shop.queue.start('b');
    await shop.step(4);
    expect(shop.states).toBe('a:done b:done c:done');
  });

  test('gives the preferred song its turn at once; the one that was begun goes on where it stood', async () => {
    const shop = new Workshop();
    shop.queue.add(['a', 'b', 'c']);
    await shop.step();
    shop.queue.prefer('c');
    expect(shop.queue.active).toBe('c');
    // The step that a had begun is still finished.
    await shop.step(12);
    expect(shop.log).toEqual(['a1', 'a2', 'c1', 'c2', 'c3', 'a3', 'b1', 'b2', 'b3']);
  });

  test('takes songs in another order when they are moved', async () => {
    const shop = new Workshop(1);
    shop.queue.add(['a', 'b', 'c', 'd']);
    shop.queue.move('d', 1);
    shop.queue.move('b', 99);
    await shop.step(6);
    expect(shop.log).toEqual(['a1', 'd1', 'c1', 'b1']);
  });

  test('cancels one, and all', async () => {
    const shop = new Workshop();
    shop.queue.add(['a', 'b', 'c']);
    await shop.step();
    shop.queue.cancel('a');
    await shop.step();
    expect(shop.states).toBe('a:cancelled b:separating c:waiting');
    shop.queue.cancelAll();
    await shop.step(3);
    expect(shop.states).toBe('a:cancelled b:cancelled c:cancelled');
    expect(shop.log).toEqual(['a1', 'b1']);
    shop.queue.start('c');
    await shop.step(4);
    expect(shop.states).toBe('a:cancelled b:cancelled c:done');
  });

  test('takes a removed song away in the middle of its work', async () => {
    const shop = new Workshop();
    shop.queue.add(['a', 'b']);
    await shop.step();
    shop.queue.remove('a');
    await shop.step(4);
    expect(shop.states).toBe('b:done');
    expect(shop.log).toEqual(['a1', 'b1', 'b2', 'b3']);
  });

  test('holds three songs in memory at most: the one that is furthest from its turn begins anew', async () => {
    const shop = new Workshop();
    shop.queue.add(['a', 'b', 'c', 'd']);
    await shop.step();
    for (const id of ['b', 'c', 'd']) {
      shop.queue.prefer(id);
      await shop.step();
    }
    expect(shop.ends).toEqual([['c', { kind: 'requeued' }]]);
    await shop.step(20);
    expect(shop.states).toBe('a:done b:done c:done d:done');
  });

  test('begins a song again when its work asks for that', async () => {
    const shop = new Workshop();
    shop.faults.set('a', new BeginAgain());
    shop.queue.add(['a']);
    await shop.step(6);
    expect(shop.states).toBe('a:done');
    expect(shop.log).toEqual(['a1', 'a2', 'a3']);
  });

  test('leaves songs alone that are not due, until they are started', async () => {
    const shop = new Workshop();
    shop.queue.add(['kept'], false);
    expect(shop.queue.busy).toBe(false);
    await shop.step(3);
    expect(shop.log).toEqual([]);
    shop.queue.cancel('kept');
    expect(shop.ends).toEqual([]);
    shop.queue.start('kept');
    await shop.step(4);
    expect(shop.log).toEqual(['kept1', 'kept2', 'kept3']);
  });

  test('puts songs in an order of old; those that it does not name come after, as they are', () => {
    const shop = new Workshop();
    shop.queue.add(['a', 'b', 'c', 'd'], false);
    shop.queue.arrange(['c', 'gone', 'a']);
    expect(shop.queue.ids).toEqual(['c', 'a', 'b', 'd']);
  });
});
