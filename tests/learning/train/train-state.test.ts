import { describe, expect, test, vi } from 'vitest';
import { Scope } from '../../../src/core/scope.ts';
import { WorkerCrashedError } from '../../../src/core/worker-bridge.ts';
import { StemSource } from '../../../src/learning/stem-source.ts';
import type { TrainBackend, TrainEngine, TrainExample, TrainReport } from '../../../src/learning/train/train-engine.ts';
import { TrainState } from '../../../src/learning/train/train-state.ts';
import { settle } from '../open-calls.ts';

const example = (loss: number): TrainExample => {
  const cells = new Float32Array(1);
  const sounds = { mixture: new Float32Array(2), voice: new Float32Array(2), product: new Float32Array(2) };
  return { bins: 1, frames: 1, mixture: cells, voice: cells, mask: cells, loss, sounds };
};

/** Trains a step whenever the test says so, until it is paused. */
class FakeEngine implements TrainEngine {
  readonly calls: string[] = [];
  #report: ((report: TrainReport) => void) | undefined;
  #end: (() => void) | undefined;
  crash: (error: unknown) => void = () => undefined;

  async open(backends: readonly string[]): Promise<TrainBackend> {
    this.calls.push(`open ${backends}`);
    return { backend: backends[0], ownGradient: true, refused: [] };
  }

  async use() {
    this.calls.push('use');
    await this.pause();
    return example(0.9);
  }

  run(onReport: (report: TrainReport) => void) {
    this.#report = onReport;
    return new Promise<void>((resolve, reject) => {
      this.#end = resolve;
      this.crash = reject;
    });
  }

  step(report: Partial<TrainReport>): void {
    this.#report?.({ step: 1, loss: 1, milliseconds: 1, ...report });
  }

  async pause() {
    this.#end?.();
  }

  async set() {
    this.calls.push('set');
  }

  async files() {
    await this.pause();
    return new Map([['manifest.json', new Uint8Array([1, 2])]]);
  }

  async zip() {
    await this.pause();
    return new Uint8Array([3, 4, 5]);
  }

  async load() {
    await this.pause();
    return example(0.3);
  }
}

function open() {
  const scope = new Scope();
  const engine = new FakeEngine();
  const errors: unknown[] = [];
  const sound = async () => ({ sampleRate: 8192, channels: [new Float32Array(1)] });
  const sources = {
    vocals: new StemSource({ stem: 'vocals', loadDemo: sound, decode: sound }),
    accompaniment: new StemSource({ stem: 'accompaniment', loadDemo: sound, decode: sound }),
  };
  const addModel = vi.fn(async () => () => 'My model');
  const save = vi.fn();
  const state = new TrainState(scope, {
    sources,
    engine,
    backends: ['webgl', 'wasm'],
    title: (steps) => `${steps} steps`,
    addModel,
    save,
    onError: (error) => errors.push(error),
  });
  return { scope, state, engine, errors, sources, addModel, save };
}

async function opened() {
  const all = open();
  await all.state.open();
  return all;
}

const file = { name: 'trained.zip', arrayBuffer: async () => new ArrayBuffer(1) };

describe('TrainState', () => {
  test('chooses a backend, takes the sounds, and shows the example before the first step', async () => {
    const { state, engine, errors } = open();
    expect(state.status).toBe('loading');
    await state.open();
    expect(engine.calls).toEqual(['open webgl,wasm', 'use']);
    expect([state.status, state.backend?.backend, state.steps, errors]).toEqual(['ready', 'webgl', 0, []]);
    expect([state.example?.loss, state.history.heldOut]).toEqual([0.9, [{ step: 0, loss: 0.9 }]]);
  });

  test('where no backend can train, says why, and stays so', async () => {
    const { state, engine } = open();
    const refused = [
      { backend: 'webgl', why: 'software' },
      { backend: 'wasm', why: 'error', message: 'no' },
    ] as const;
    vi.spyOn(engine, 'open').mockResolvedValue({ backend: undefined, ownGradient: false, refused });
    await state.open();
    expect([state.status, state.backend?.refused, engine.calls]).toEqual(['failed', refused, []]);
    await state.loadZip(file);
    expect(state.status).toBe('failed');
  });

  test('reports each step, until it is paused; goes on with the next', async () => {
    const { state, engine } = await opened();
    const training = state.toggle();
    expect(state.status).toBe('running');
    engine.step({ step: 1, loss: 0.5 });
    engine.step({ step: 2, loss: 0.4, example: example(0.8) });
    expect([state.steps, state.history.losses, state.example?.loss]).toEqual([2, [0.5, 0.4], 0.8]);
    expect(state.history.heldOut.at(-1)).toEqual({ step: 2, loss: 0.8 });
    await state.toggle();
    await training;
    expect(state.status).toBe('ready');
    void state.toggle();
    engine.step({ step: 3, loss: 0.3 });
    expect(state.history.losses).toEqual([0.5, 0.4, 0.3]);
  });

  test('the product sounds anew with each example; voice and mixture stay until other sounds are taken', async () => {
    const { state, engine } = await opened();
    const before = new Map(state.clips);
    expect([...before.keys()].sort()).toEqual(['mixture', 'product', 'voice']);
    void state.toggle();
    const next = example(0.8);
    engine.step({ step: 5, example: next });
    expect(state.clips.get('product')).toEqual([next.sounds.product]);
    expect(state.clips.get('product')?.[0]).toBe(next.sounds.product);
    for (const name of ['voice', 'mixture'] as const) expect(state.clips.get(name)).toBe(before.get(name));
    await state.begin();
    for (const name of ['voice', 'mixture'] as const) expect(state.clips.get(name)).not.toBe(before.get(name));
  });

  test('other sounds begin at the first step', async () => {
    const { state, engine, sources } = await opened();
    void state.toggle();
    engine.step({ step: 7 });
    await sources.vocals.choose(new File([], 'own.wav'));
    await vi.waitFor(() => expect(state.steps).toBe(0));
    expect([state.status, state.history.losses, engine.calls.at(-1)]).toEqual(['ready', [], 'use']);
  });

  test('settings are kept and handed on', async () => {
    const { state, engine } = await opened();
    const set = vi.spyOn(engine, 'set');
    await state.change({ batch: 8 });
    await state.change({ learningRate: 1e-3 });
    expect(state.settings).toEqual({ learningRate: 1e-3, batch: 8 });
    expect(set).toHaveBeenLastCalledWith({ learningRate: 1e-3, batch: 8 });
  });

  test('the model is added to those of the page, saved, and loaded again', async () => {
    const { state, engine, addModel, save } = await opened();
    void state.toggle();
    engine.step({ step: 4 });
    await state.addModel();
    expect(addModel).toHaveBeenCalledExactlyOnceWith([{ name: 'manifest.json', file: expect.any(Blob) }]);
    expect(state.outcome?.kind === 'added' && state.outcome.title()).toBe('My model');
    const zip = vi.spyOn(engine, 'zip');
    await state.saveZip();
    expect(zip).toHaveBeenCalledWith('4 steps');
    expect(save).toHaveBeenCalledExactlyOnceWith(expect.any(Blob), 'trained-here.zip');
    await state.loadZip(file);
    expect([state.outcome, state.example?.loss]).toEqual([{ kind: 'loaded', name: 'trained.zip' }, 0.3]);
    expect(state.status).toBe('ready');
  });

  test('a file that is no such model is reported, and training can go on', async () => {
    const { state, engine, errors } = await opened();
    vi.spyOn(engine, 'load').mockRejectedValue(new Error('another network'));
    await state.loadZip(file);
    expect([errors, state.status, state.outcome]).toEqual([[new Error('another network')], 'ready', undefined]);
  });

  test('after a crash of the worker the training is at its first step', async () => {
    const { state, engine, errors } = await opened();
    const training = state.toggle();
    engine.step({ step: 9 });
    engine.crash(new WorkerCrashedError());
    await training;
    expect([state.steps, state.history.losses, state.status]).toEqual([0, [], 'ready']);
    expect(errors).toHaveLength(1);
  });

  test('nothing changes, and nothing is said, after the section was left', async () => {
    const { scope, state, engine, errors } = await opened();
    const training = state.toggle();
    scope.dispose();
    engine.step({ step: 5 });
    engine.crash(new Error('ended'));
    await training;
    await settle();
    expect([state.steps, errors]).toEqual([0, []]);
  });
});
