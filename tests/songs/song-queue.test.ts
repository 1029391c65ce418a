import { describe, expect, test } from 'vitest';
import { BeginAgain, SongQueue, type Turn } from '../../src/songs/song-queue.ts';

/** A line whose songs take steps as the test says. */
class Workshop {
  readonly log: string[] = [];
  readonly faults = new Map<string, unknown>();
  readonly steps: number;
  readonly line: SongQueue;
  #gates: (() => void)[] = [];

  constructor(steps = 3) {
    this.steps = steps;
    this.line = new SongQueue((id, turn) => this.#work(id, turn));
  }

  async #work(id: string, turn: Turn): Promise<void> {
    turn.tell({ kind: 'decoding' });
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
      turn.tell({ kind: 'separating', part: step / this.steps });
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
    return this.line.songs.map(({ id, state }) => `${id}:${state.kind}`).join(' ');
  }
}

describe('a line of songs', () => {
  test('works on one after the other, in their order', async () => {
    const shop = new Workshop();
    shop.line.add(['a', 'b']);
    await shop.step(8);
    expect(shop.log).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3']);
    expect(shop.states).toBe('a:done b:done');
    expect(shop.line.busy).toBe(false);
  });

  test('goes on with the others when one fails, and says with what', async () => {
    const shop = new Workshop();
    const fault = new Error('broken');
    shop.faults.set('b', fault);
    shop.line.add(['a', 'b', 'c']);
    await shop.step(12);
    expect(shop.states).toBe('a:done b:failed c:done');
    expect(shop.line.stateOf('b')).toEqual({ kind: 'failed', error: fault });
    shop.line.retry('b');
    await shop.step(4);
    expect(shop.states).toBe('a:done b:done c:done');
  });

  test('gives the preferred song its turn at once; the one that was begun goes on where it stood', async () => {
    const shop = new Workshop();
    shop.line.add(['a', 'b', 'c']);
    await shop.step();
    shop.line.prefer('c');
    expect(shop.line.active).toBe('c');
    // The step that a had begun is still finished.
    await shop.step(12);
    expect(shop.log).toEqual(['a1', 'a2', 'c1', 'c2', 'c3', 'a3', 'b1', 'b2', 'b3']);
  });

  test('takes songs in another order when they are moved', async () => {
    const shop = new Workshop(1);
    shop.line.add(['a', 'b', 'c', 'd']);
    shop.line.move('d', 1);
    shop.line.move('b', 99);
    await shop.step(6);
    expect(shop.log).toEqual(['a1', 'd1', 'c1', 'b1']);
  });

  test('cancels one, and all', async () => {
    const shop = new Workshop();
    shop.line.add(['a', 'b', 'c']);
    await shop.step();
    shop.line.cancel('a');
    await shop.step();
    expect(shop.states).toBe('a:cancelled b:separating c:waiting');
    shop.line.cancelAll();
    await shop.step(3);
    expect(shop.states).toBe('a:cancelled b:cancelled c:cancelled');
    expect(shop.log).toEqual(['a1', 'b1']);
    shop.line.retry('c');
    await shop.step(4);
    expect(shop.states).toBe('a:cancelled b:cancelled c:done');
  });

  test('takes a removed song away in the middle of its work', async () => {
    const shop = new Workshop();
    shop.line.add(['a', 'b']);
    await shop.step();
    shop.line.remove('a');
    await shop.step(4);
    expect(shop.states).toBe('b:done');
    expect(shop.log).toEqual(['a1', 'b1', 'b2', 'b3']);
  });

  test('holds three songs in memory at most: the one that is furthest from its turn begins anew', async () => {
    const shop = new Workshop();
    shop.line.add(['a', 'b', 'c', 'd']);
    await shop.step();
    for (const id of ['b', 'c', 'd']) {
      shop.line.prefer(id);
      await shop.step();
    }
    expect(shop.line.songs.filter(({ state }) => state.kind !== 'waiting')).toHaveLength(3);
    await shop.step(20);
    expect(shop.states).toBe('a:done b:done c:done d:done');
  });

  test('begins a song again when its work asks for that', async () => {
    const shop = new Workshop();
    shop.faults.set('a', new BeginAgain());
    shop.line.add(['a']);
    await shop.step(6);
    expect(shop.states).toBe('a:done');
    expect(shop.log).toEqual(['a1', 'a2', 'a3']);
  });

  test('leaves songs alone that are done when they come', async () => {
    const shop = new Workshop();
    shop.line.add(['kept'], 'done');
    expect(shop.line.busy).toBe(false);
    await shop.step(3);
    expect(shop.log).toEqual([]);
  });

  test('puts songs in an order of old; those that it does not name come after, as they are', () => {
    const shop = new Workshop();
    shop.line.add(['a', 'b', 'c', 'd'], 'done');
    shop.line.arrange(['c', 'gone', 'a']);
    expect(shop.states).toBe('c:done a:done b:done d:done');
  });

  test('leaves to another page what is that page’s, until it is taken over, or done there', async () => {
    const shop = new Workshop();
    shop.line.add(['a', 'b'], 'elsewhere');
    shop.line.add(['c'], 'cancelled');
    shop.line.retry('a');
    shop.line.cancel('a');
    await shop.step(8);
    expect(shop.states).toBe('a:elsewhere b:elsewhere c:cancelled');
    shop.line.settle('a', 'waiting');
    shop.line.settle('b', 'done');
    // It is not another page's.
    shop.line.settle('c', 'waiting');
    await shop.step(8);
    expect(shop.log).toEqual(['a1', 'a2', 'a3']);
    expect(shop.states).toBe('a:done b:done c:cancelled');
  });
});
