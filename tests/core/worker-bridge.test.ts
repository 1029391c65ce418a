import * as Comlink from 'comlink';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BackendError } from '../../src/core/errors.ts';
import {
  retryAfterCrash,
  WorkerBridge,
  type WorkerBridgeOptions,
  WorkerCrashedError,
} from '../../src/core/worker-bridge.ts';
import { FakeLocks, FakeWorker } from './fake-worker.ts';

interface SumEngine {
  add(a: number, b: number): number;
  sum(values: Float32Array): number;
  fail(): never;
  count(to: number, onStep: (step: number) => void): Promise<number>;
  /** Never answers. */
  hang(): Promise<never>;
  remember(value: number): void;
  remembered(): number | undefined;
}

function sumEngine(): SumEngine {
  let kept: number | undefined;
  return {
    add: (a, b) => a + b,
    sum: (values) => values.reduce((a, b) => a + b, 0),
    fail() {
      throw new BackendError('backend.cannot-start', { name: 'webgl' });
    },
    async count(to, onStep) {
      for (let step = 1; step <= to; step++) await onStep(step);
      return to;
    },
    hang: () => new Promise(() => undefined),
    remember(value) {
      kept = value;
    },
    remembered: () => kept,
  };
}

let workers: FakeWorker[] = [];
let bridges: WorkerBridge<SumEngine>[] = [];
let locks: FakeLocks;

function bridgeOf(options: WorkerBridgeOptions<SumEngine> = {}, withLocks = true): WorkerBridge<SumEngine> {
  const start = () => {
    const worker = new FakeWorker(sumEngine(), withLocks ? locks : undefined);
    workers.push(worker);
    return worker as unknown as Worker;
  };
  const bridge = new WorkerBridge<SumEngine>(start, { locks, ...options });
  bridges.push(bridge);
  return bridge;
}

/** Lets messages and promises arrive. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

beforeEach(() => {
  workers = [];
  bridges = [];
  locks = new FakeLocks();
});

afterEach(() => {
  for (const bridge of bridges) bridge.end();
});

describe('calls', () => {
  test('the worker starts with the first call, and answers the following ones too', async () => {
    const bridge = bridgeOf();
    expect(workers).toHaveLength(0);
    expect(bridge.running).toBe(false);
    expect(await bridge.engine.add(2, 3)).toBe(5);
    expect(bridge.running).toBe(true);
    expect(await Promise.all([bridge.engine.add(1, 1), bridge.engine.add(20, 22)])).toEqual([2, 42]);
    expect(workers).toHaveLength(1);
  });

  test('an error of the worker arrives with its class and its hint, and the worker goes on', async () => {
    const bridge = bridgeOf();
    const error = await bridge.engine.fail().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BackendError);
    expect(error).toMatchObject({ code: 'backend.cannot-start', values: { name: 'webgl' } });
    expect(await bridge.engine.add(1, 2)).toBe(3);
    expect(workers).toHaveLength(1);
  });

  test('memory is handed over, at once', async () => {
    const bridge = bridgeOf();
    const values = Float32Array.of(1, 2, 4);
    const sum = bridge.engine.sum(Comlink.transfer(values, [values.buffer]));
    expect(values.length).toBe(0);
    expect(await sum).toBe(7);
  });

  test('a function is called back', async () => {
    const steps: number[] = [];
    await bridgeOf().engine.count(
      3,
      Comlink.proxy((step) => void steps.push(step)),
    );
    expect(steps).toEqual([1, 2, 3]);
  });

  test('what cannot be sent rejects', async () => {
    const bridge = bridgeOf();
    await expect(bridge.engine.count(1, () => undefined)).rejects.toMatchObject({ name: 'DataCloneError' });
    expect(await bridge.engine.add(1, 2)).toBe(3);
  });

  test('a promise may resolve with the engine', async () => {
    const bridge = bridgeOf();
    expect(await (await Promise.resolve(bridge.engine)).add(1, 2)).toBe(3);
    expect(await (await Promise.resolve(bridge.session().engine)).add(1, 2)).toBe(3);
  });
});

describe('signals', () => {
  test('a signal rejects its call with its reason; other calls and the worker go on', async () => {
    const bridge = bridgeOf();
    const controller = new AbortController();
    const hanging = bridge.engineUntil(controller.signal).hang();
    const other = bridge.engine.add(1, 2);
    controller.abort(new Error('not wanted'));
    await expect(hanging).rejects.toThrow('not wanted');
    expect(await other).toBe(3);
    expect(workers).toHaveLength(1);
    expect(workers[0].terminated).toBe(false);
  });

  test('a signal that has fired starts no worker', async () => {
    const bridge = bridgeOf();
    await expect(bridge.engineUntil(AbortSignal.abort(new Error('too late'))).add(1, 2)).rejects.toThrow('too late');
    expect(workers).toHaveLength(0);
  });

  test('a signal that fires after the answer changes nothing', async () => {
    const controller = new AbortController();
    const answer = bridgeOf().engineUntil(controller.signal).add(1, 2);
    expect(await answer).toBe(3);
    controller.abort();
    expect(await answer).toBe(3);
  });
});

describe('ends', () => {
  test('open calls reject with an AbortError, the worker is terminated, the next call starts a fresh one', async () => {
    const onCrash = vi.fn();
    const bridge = bridgeOf({ onCrash });
    await bridge.engine.remember(7);
    const hanging = bridge.engine.hang();
    bridge.end();
    await expect(hanging).rejects.toMatchObject({ name: 'AbortError' });
    expect(workers[0].terminated).toBe(true);
    expect(bridge.running).toBe(false);
    expect(await bridge.engine.remembered()).toBeUndefined();
    expect(workers).toHaveLength(2);
    await settle();
    expect(onCrash).not.toHaveBeenCalled();
  });

  test('the reason can be given, and an end without a worker does nothing', async () => {
    const bridge = bridgeOf();
    bridge.end();
    const hanging = bridge.engine.hang();
    bridge.end(new Error('The page was left.'));
    bridge.end();
    await expect(hanging).rejects.toThrow('The page was left.');
  });

  test('after `dispose` calls reject, and no worker starts', async () => {
    const bridge = bridgeOf();
    const hanging = bridge.engine.hang();
    bridge.dispose();
    await expect(hanging).rejects.toMatchObject({ name: 'AbortError' });
    await expect(bridge.engine.add(1, 2)).rejects.toMatchObject({ name: 'AbortError' });
    expect(workers).toHaveLength(1);
  });

  test('an idle worker ends, not while it computes, and the next call starts a fresh one', async () => {
    const bridge = bridgeOf({ idleMs: 60 });
    const controller = new AbortController();
    const hanging = bridge.engineUntil(controller.signal).hang();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(bridge.running).toBe(true);
    controller.abort(new Error('not wanted'));
    await expect(hanging).rejects.toThrow('not wanted');
    // The worker still computes what nobody waits for.
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(bridge.running).toBe(true);
    bridge.end();

    expect(await bridge.engine.add(1, 2)).toBe(3);
    await vi.waitFor(() => expect(bridge.running).toBe(false));
    expect(workers[1].terminated).toBe(true);
    expect(await bridge.engine.add(3, 4)).toBe(7);
    expect(workers).toHaveLength(3);
  });
});

describe('crashes', () => {
  const WAYS: readonly (readonly [string, (worker: FakeWorker) => void, string])[] = [
    [
      'an error that nobody caught',
      (worker) => worker.throwError('Uncaught RangeError: no'),
      'Uncaught RangeError: no',
    ],
    ['a script that does not load', (worker) => worker.throwError(undefined), ''],
    [
      'a message that cannot be read',
      (worker) => void worker.dispatchEvent(new Event('messageerror')),
      'A message of the worker cannot be read.',
    ],
    ['a death without an event', (worker) => worker.terminate(), ''],
  ];

  test.each(WAYS)(
    '%s rejects every open call, tells the owner once, and the next call works',
    async (_, kill, detail) => {
      const onCrash = vi.fn();
      const bridge = bridgeOf({ onCrash });
      const hanging = [bridge.engine.hang(), bridge.engine.hang()];
      // Late enough for the worker to have its lock.
      expect(await bridge.engine.add(1, 2)).toBe(3);
      kill(workers[0]);
      for (const result of await Promise.allSettled(hanging)) {
        expect(result).toMatchObject({ status: 'rejected', reason: { code: 'worker.crashed', detail } });
        expect((result as PromiseRejectedResult).reason).toBeInstanceOf(WorkerCrashedError);
      }
      expect(onCrash).toHaveBeenCalledTimes(1);
      expect(onCrash).toHaveBeenCalledWith(expect.any(WorkerCrashedError));
      expect(workers[0].terminated).toBe(true);
      expect(bridge.running).toBe(false);
      expect(await bridge.engine.add(1, 2)).toBe(3);
      expect(workers).toHaveLength(2);
      // The first worker's events are no longer of interest.
      workers[0].throwError('again');
      expect(await bridge.engine.add(1, 2)).toBe(3);
      expect(onCrash).toHaveBeenCalledTimes(1);
    },
  );

  test('an idle worker that dies is heard of too', async () => {
    const onCrash = vi.fn();
    const bridge = bridgeOf({ onCrash });
    await bridge.engine.add(1, 2);
    workers[0].terminate();
    await vi.waitFor(() => expect(onCrash).toHaveBeenCalledTimes(1));
    expect(await bridge.engine.add(1, 2)).toBe(3);
  });

  test('without locks errors are heard of', async () => {
    const bridge = bridgeOf({ locks: undefined }, false);
    const hanging = bridge.engine.hang();
    await bridge.engine.add(1, 2);
    workers[0].throwError('no memory');
    await expect(hanging).rejects.toMatchObject({ code: 'worker.crashed', detail: 'no memory' });
  });

  test('the owner may call again at once', async () => {
    let again: Promise<number> | undefined;
    const bridge = bridgeOf({
      onCrash: () => {
        again = bridge.engine.add(2, 2);
      },
    });
    await bridge.engine.add(1, 2);
    workers[0].throwError('no');
    expect(await again).toBe(4);
  });

  test('calls of a session never reach another worker', async () => {
    const bridge = bridgeOf();
    const session = bridge.session();
    expect(await session.engine.add(1, 2)).toBe(3);
    workers[0].throwError('no');
    expect(session.ended).toBe(true);
    await expect(session.engine.add(1, 2)).rejects.toMatchObject({ code: 'worker.crashed' });
    expect(workers).toHaveLength(1);
    expect(bridge.session()).not.toBe(session);
  });
});

describe('retryAfterCrash', () => {
  test('makes a call again that a crash cut off, once', async () => {
    const bridge = bridgeOf();
    let calls = 0;
    const answer = retryAfterCrash(() => (calls++ === 0 ? bridge.engine.hang() : bridge.engine.add(1, 2)));
    workers[0].throwError('no');
    expect(await answer).toBe(3);
    expect(calls).toBe(2);

    const twice = retryAfterCrash(() => bridge.engine.hang());
    workers[1].throwError('no');
    await vi.waitFor(() => expect(workers).toHaveLength(3));
    workers[2].throwError('no');
    await expect(twice).rejects.toMatchObject({ code: 'worker.crashed' });
  });

  test('other errors are passed on', async () => {
    const call = vi.fn(() => bridgeOf().engine.fail());
    await expect(retryAfterCrash(call)).rejects.toBeInstanceOf(BackendError);
    expect(call).toHaveBeenCalledTimes(1);
  });
});

describe('setting up', () => {
  test('each fresh worker is set up before the first call', async () => {
    let value = 1;
    const bridge = bridgeOf({ setUp: async (engine) => void (await engine.remember(value++)) });
    expect(await bridge.engine.remembered()).toBe(1);
    workers[0].throwError('no');
    expect(await bridge.engine.remembered()).toBe(2);
  });

  test('where it fails, the calls that wait for it reject, and the next call tries again', async () => {
    let fails = true;
    const bridge = bridgeOf({
      setUp: async (engine) => {
        await engine.add(1, 2);
        if (fails) throw new Error('no file');
      },
    });
    await expect(bridge.engine.add(1, 2)).rejects.toThrow('no file');
    fails = false;
    expect(await bridge.engine.add(1, 2)).toBe(3);
    expect(workers).toHaveLength(2);
    expect(workers[0].terminated).toBe(true);
  });

  test('a crash while it is set up rejects the calls that wait', async () => {
    const bridge = bridgeOf({ setUp: async (engine) => void (await engine.hang()) });
    const waiting = bridge.engine.add(1, 2);
    await settle();
    workers[0].throwError('no');
    await expect(waiting).rejects.toMatchObject({ code: 'worker.crashed' });
  });
});
