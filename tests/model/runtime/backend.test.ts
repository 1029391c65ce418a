import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { BackendError } from '../../../src/core/errors.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import { type BackendChoice, chooseBackend, type ProbeStore, useBackend } from '../../../src/model/runtime/backend.ts';
import { loadFixture } from '../fixtures.ts';
import { behave, callsOf, clock, fakeBackend } from './fake-backend.ts';

const now = () => clock.ms;

function memoryStore(): ProbeStore & { value: unknown } {
  return {
    value: undefined,
    get() {
      return this.value;
    },
    set(value) {
      this.value = JSON.parse(JSON.stringify(value));
    },
  };
}

const names = ({ report }: BackendChoice) => report.map((line) => line.name);

beforeEach(async () => {
  await tf.setBackend('cpu');
});

describe('chooseBackend', () => {
  it('uses the first backend when it is correct and the fastest', async () => {
    fakeBackend('gpu', { ms: 1 });
    fakeBackend('slow', { ms: 5 });
    const choice = await chooseBackend(await loadFixture('paper'), { order: ['gpu', 'slow'], now });
    expect(choice.backend).toBe('gpu');
    expect(tf.getBackend()).toBe('gpu');
    for (const line of choice.report) expect(line).toMatchObject({ ok: true, maxError: expect.any(Number) });
    const [gpu, slow] = choice.report;
    expect(gpu.maxError).toBeLessThan(1e-5);
    expect(slow.probeMs! / gpu.probeMs!).toBe(5);
  });

  it('skips the first backend when it is slower than the next, like software rendering', async () => {
    fakeBackend('gpu', { ms: 10 });
    fakeBackend('fast', { ms: 1 });
    const choice = await chooseBackend(await loadFixture('paper'), { order: ['gpu', 'fast'], now });
    expect(choice.backend).toBe('fast');
    expect(tf.getBackend()).toBe('fast');
  });

  it('counts the threads that a backend will have, each for at most one', async () => {
    fakeBackend('gpu', { ms: 10 });
    fakeBackend('cores', { ms: 15 });
    const model = await loadFixture('paper');
    const withThreads = async (cores: number) =>
      chooseBackend(model, { order: ['gpu', 'cores'], threads: { cores }, now });
    const one = await withThreads(1);
    expect(one.backend).toBe('gpu');
    const four = await withThreads(4);
    expect(four.backend).toBe('cores');
    expect(four.report[1]).toMatchObject({ name: 'cores', threads: 4 });
    expect(four.report[0].threads).toBeUndefined();
    // Two threads are at most twice as fast: 15 ms become no less than 7.5.
    behave('gpu', { ms: 7 });
    expect((await withThreads(2)).backend).toBe('gpu');
  });

  it.each([0.3, Number.NaN])('skips a backend with wrong results (error %f), however fast it is', async (error) => {
    fakeBackend('gpu', { ms: 1, error });
    fakeBackend('right', { ms: 10 });
    const choice = await chooseBackend(await loadFixture('paper'), { order: ['gpu', 'right'], now });
    expect(choice.backend).toBe('right');
    expect(choice.report[0]).toMatchObject({ name: 'gpu', ok: false, reason: { code: 'backend.wrong' } });
    expect(choice.report[0].maxError).not.toBeLessThan(0.01);
  });

  it('skips a backend that fails or does not exist', async () => {
    fakeBackend('gpu', { failure: 'out of memory' });
    fakeBackend('right');
    const choice = await chooseBackend(await loadFixture('paper'), { order: ['gpu', 'absent', 'right'], now });
    expect(choice.backend).toBe('right');
    expect(choice.report[0]).toMatchObject({
      ok: false,
      reason: { code: 'detail', values: { detail: 'out of memory' } },
    });
    expect(choice.report[1]).toMatchObject({
      ok: false,
      reason: { code: 'backend.cannot-start', values: { name: 'absent' } },
    });
  });

  it.each([
    { renderer: 'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device), SwiftShader driver)' },
    { renderer: 'ANGLE (Microsoft, Microsoft Basic Render Driver, Direct3D11)' },
    { adapter: { vendor: 'google', architecture: 'swiftshader' } },
    { adapter: { vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' } },
    { adapter: { vendor: 'microsoft', architecture: 'warp' } },
    { adapter: { vendor: 'some other', isFallbackAdapter: true } },
  ])('does not time software rendering while another backend works: %o', async (software) => {
    fakeBackend('gpu', { ms: 1, ...software });
    fakeBackend('slow', { ms: 5 });
    const model = await loadFixture('paper');
    const choice = await chooseBackend(model, { order: ['gpu', 'slow'], now });
    expect(choice.backend).toBe('slow');
    expect(choice.report.at(-1)).toMatchObject({ name: 'gpu', ok: false, reason: { code: 'backend.software' } });
    expect(callsOf('gpu')).toBe(0);
    behave('slow', { failure: 'no' });
    expect(await chooseBackend(model, { order: ['gpu', 'slow', 'cpu'], now })).toMatchObject({ backend: 'gpu' });
  });

  it('times a graphics card', async () => {
    fakeBackend('gpu', { ms: 1, adapter: { vendor: 'nvidia', architecture: 'hopper', isFallbackAdapter: false } });
    fakeBackend('slow', { ms: 5 });
    const choice = await chooseBackend(await loadFixture('paper'), { order: ['gpu', 'slow'], now });
    expect(choice.backend).toBe('gpu');
  });

  it('skips a backend whose graphics device reports an error, whatever it gives', async () => {
    fakeBackend('gpu', { ms: 1, adapter: { vendor: 'nvidia' }, deviceError: 'The buffer is too large.' });
    fakeBackend('slow', { ms: 5 });
    const choice = await chooseBackend(await loadFixture('paper'), { order: ['gpu', 'slow'], now });
    expect(choice.backend).toBe('slow');
    expect(choice.report[0].reason).toMatchObject({
      code: 'backend.device-error',
      values: { detail: 'The buffer is too large.' },
    });
  });

  it('uses software rendering when a person chose it', async () => {
    fakeBackend('gpu', { renderer: 'llvmpipe' });
    fakeBackend('other');
    const choice = await chooseBackend(await loadFixture('paper'), { order: ['gpu', 'other'], override: 'gpu', now });
    expect(choice.backend).toBe('gpu');
  });

  it('tries plain JavaScript only when no other backend works', async () => {
    const model = await loadFixture('paper');
    fakeBackend('gpu');
    expect(names(await chooseBackend(model, { order: ['gpu', 'cpu'], now }))).toEqual(['gpu']);
    behave('gpu', { error: 1 });
    expect(await chooseBackend(model, { order: ['gpu', 'cpu'], now })).toMatchObject({ backend: 'cpu' });
  });

  it('reports the reasons when no backend computes correctly', async () => {
    fakeBackend('gpu', { error: 1 });
    fakeBackend('other', { failure: 'no such instruction' });
    const choosing = chooseBackend(await loadFixture('paper'), { order: ['gpu', 'other'], now });
    await expect(choosing).rejects.toThrow(BackendError);
    await expect(choosing).rejects.toThrow(/gpu: computes wrongly.*; other: no such instruction/);
  });

  it('uses a person’s choice even when another backend is faster', async () => {
    fakeBackend('gpu', { ms: 1 });
    fakeBackend('slow', { ms: 50 });
    const choice = await chooseBackend(await loadFixture('paper'), { order: ['gpu', 'slow'], override: 'slow', now });
    expect(choice.backend).toBe('slow');
    expect(names(choice)).toEqual(['slow']);
  });

  it('chooses another backend when a person’s choice computes wrong results', async () => {
    fakeBackend('gpu', { ms: 1 });
    fakeBackend('wrong', { error: 1 });
    const choice = await chooseBackend(await loadFixture('paper'), { order: ['wrong', 'gpu'], override: 'wrong', now });
    expect(choice.backend).toBe('gpu');
    expect(choice.report[0]).toMatchObject({ name: 'wrong', ok: false });
  });

  it('reports a backend once, also software that a person chose and that fails', async () => {
    fakeBackend('gpu', { renderer: 'llvmpipe', error: 1 });
    fakeBackend('other');
    const choice = await chooseBackend(await loadFixture('paper'), { order: ['gpu', 'other'], override: 'gpu', now });
    expect(choice.backend).toBe('other');
    expect(names(choice)).toEqual(['gpu', 'other']);
  });

  it('remembers the choice, and probes only that backend on the next visit', async () => {
    const model = await loadFixture('paper');
    const store = memoryStore();
    fakeBackend('gpu', { ms: 10 });
    fakeBackend('fast', { ms: 1 });
    const order = ['gpu', 'fast'];
    await chooseBackend(model, { order, store, now });
    const before = callsOf('gpu');
    const choice = await chooseBackend(model, { order, store, now });
    expect(choice.backend).toBe('fast');
    expect(callsOf('gpu')).toBe(before);
    expect(names(choice).sort()).toEqual(['fast', 'gpu']);
  });

  it('probes again when the remembered choice is wrong, for another model, or invalid', async () => {
    const model = await loadFixture('paper');
    const store = memoryStore();
    fakeBackend('gpu', { ms: 1 });
    fakeBackend('slow', { ms: 5 });
    const order = ['gpu', 'slow'];
    expect(await chooseBackend(model, { order, store, now })).toMatchObject({ backend: 'gpu' });
    behave('gpu', { ms: 1, error: 1 });
    expect(await chooseBackend(model, { order, store, now })).toMatchObject({ backend: 'slow' });
    behave('gpu', { ms: 1 });
    expect(await chooseBackend(await loadFixture('kernel-4'), { order, store, now })).toMatchObject({ backend: 'gpu' });
    store.value = 'rubbish';
    expect(await chooseBackend(model, { order, store, now })).toMatchObject({ backend: 'gpu' });
  });

  it('leaves no tensor behind when a backend is correct, wrong or fails', async () => {
    const model = await loadFixture('paper');
    fakeBackend('gpu', { error: 1 });
    fakeBackend('failing', { failure: 'no' });
    fakeBackend('right');
    const { numTensors } = tf.memory();
    await chooseBackend(model, { order: ['gpu', 'failing', 'right'], now });
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('finds wasm correct in Node', async () => {
    prepareBackends();
    const choice = await chooseBackend(await loadFixture('paper'), { order: ['wasm', 'cpu'] });
    expect(choice.backend).toBe('wasm');
    expect(choice.report[0].maxError).toBeLessThan(1e-5);
  });
});

describe('useBackend', () => {
  it('reports a backend that does not exist', async () => {
    await expect(useBackend('absent')).rejects.toThrow(BackendError);
  });
});
