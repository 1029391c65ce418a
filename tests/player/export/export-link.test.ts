import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ExportLink } from '../../../src/player/export/export-link.ts';

/** A worker that never answers. */
class Silent extends EventTarget {
  postMessage(): void {}
  terminate(): void {}
}

beforeEach(() => void vi.stubGlobal('Worker', Silent));
afterEach(() => void vi.unstubAllGlobals());

// Each of the moments between the request and the start of the worker.
test.each([0, 1])(
  'cancelled %s steps after the order, the worker is not asked for what nobody waits for',
  async (steps) => {
    const link = new ExportLink();
    let asked = 0;
    const outcome = link.call(async () => ++asked);
    for (let step = 0; step < steps; step++) await Promise.resolve();
    expect(asked).toBe(0);
    void link.cancel();
    expect(await outcome).toEqual({ kind: 'cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(asked).toBe(0);
    link.dispose();
  },
);

test('waits until it may begin, and can be cancelled meanwhile', async () => {
  const link = new ExportLink();
  let settle = () => {};
  const ready = new Promise<void>((resolve) => {
    settle = resolve;
  });
  let asked = 0;
  const ask = async () => ++asked;
  const first = link.call(ask, ready);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(asked).toBe(0);
  await link.cancel();
  expect(await first).toEqual({ kind: 'cancelled' });
  const second = link.call(ask, ready);
  settle();
  expect(await second).toBe(1);
  link.dispose();
});
