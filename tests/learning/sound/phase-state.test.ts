import { describe, expect, test } from 'vitest';
import type { AudioData } from '../../../src/audio/audio-data.ts';
import { Scope } from '../../../src/core/scope.ts';
import { PhaseState } from '../../../src/learning/sound/phase-state.ts';
import {
  PHASE_SOURCES,
  type PhaseRequest,
  type PhaseSource,
  type Reconstruction,
} from '../../../src/learning/sound/reconstruct-phase.ts';
import { noise } from '../../separation/fake-model.ts';
import { OpenCalls, settle } from '../open-calls.ts';

const RATE = 1000;
const original = { sampleRate: RATE, channels: [noise(4 * RATE, 1)] };
const vocals = { sampleRate: RATE, channels: [noise(4 * RATE, 2)] };
const truth = { sampleRate: RATE, channels: [noise(4 * RATE, 3)] };
const excerpt = { start: 1000, end: 3000 };
const transform = { windowLength: 256, hop: 64 };

function open(known?: AudioData | Error) {
  const scope = new Scope();
  const done = { samples: 4 * RATE };
  const calls = new OpenCalls<{ source: PhaseSource; request: PhaseRequest }, Reconstruction | undefined>();
  const errors: unknown[] = [];
  const state = new PhaseState(scope, {
    store: { whole: { original, vocals }, isDone: (_, end) => end <= done.samples },
    engine: { reconstruct: (source, request) => calls.call({ source, request }) },
    truth: async () => {
      if (known instanceof Error) throw known;
      return known;
    },
    onError: (error) => errors.push(error),
  });
  const answer = async (call: number, sdr = 0) => {
    calls.answer(call, { samples: new Float32Array(2000), sdr, spectralError: 0 });
    await settle();
  };
  const sources = () => calls.requests.map(({ source }) => source);
  return { scope, state, done, calls, errors, answer, sources };
}

describe('PhaseState', () => {
  test('computes all phases of the separated vocals, one after the other', async () => {
    const { state, calls, answer, sources } = open();
    expect(state.status).toBe('idle');
    void state.use(excerpt, transform);
    expect([...state.clips.keys()]).toEqual(['song']);
    await settle();
    expect([state.status, state.isTruth]).toEqual(['computing', false]);
    expect(calls.requests[0].request).toMatchObject({ ...transform, iterations: 32 });
    expect(calls.requests[0].request.sound).toEqual(vocals.channels[0].slice(1000, 3000));
    expect(calls.requests[0].request.mixture).toEqual(original.channels[0].slice(1000, 3000));
    for (let n = 0; n < 4; n++) {
      expect(sources()).toEqual(PHASE_SOURCES.slice(0, n + 1));
      await answer(n, n);
    }
    expect(state.status).toBe('ready');
    expect([...state.clips.keys()]).toEqual(['song', ...PHASE_SOURCES]);
    expect(PHASE_SOURCES.map((source) => state.results.get(source)?.sdr)).toEqual([0, 1, 2, 3]);
  });

  test('uses the true vocals where they are known, also before the song is separated', async () => {
    const { state, done, calls } = open(truth);
    done.samples = 0;
    void state.use(excerpt, transform);
    await settle();
    expect([state.status, state.isTruth]).toEqual(['computing', true]);
    expect(calls.requests[0].request.sound).toEqual(truth.channels[0].slice(1000, 3000));
  });

  test('falls back to the separated vocals where the true ones cannot be loaded, and says so', async () => {
    const { state, errors, sources } = open(new Error('offline'));
    void state.use(excerpt, transform);
    await settle();
    expect(errors).toEqual([new Error('offline')]);
    expect([state.status, state.isTruth, sources()]).toEqual(['computing', false, ['own']]);
  });

  test('waits until the vocals of the excerpt are separated', async () => {
    const { state, done, sources } = open();
    done.samples = 2000;
    void state.use(excerpt, transform);
    await settle();
    expect([state.status, sources()]).toEqual(['waiting', []]);
    done.samples = 2500;
    state.songGrew();
    await settle();
    expect([state.status, sources()]).toEqual(['waiting', []]);
    done.samples = 3000;
    state.songGrew();
    await settle();
    expect([state.status, sources()]).toEqual(['computing', ['own']]);
  });

  test('other iterations compute only Griffin-Lim, and what a run that they replace had left', async () => {
    const { state, answer, sources, calls } = open();
    void state.use(excerpt, transform);
    await settle();
    await answer(0);
    expect(sources()).toEqual(['own', 'mixture']);
    state.iterations = 5;
    await settle();
    // The engine ends the older call for the same source.
    calls.answer(1, undefined);
    await settle();
    for (const n of [2, 3, 4]) await answer(n);
    expect(sources().slice(2)).toEqual(['mixture', 'zero', 'griffinLim']);
    expect(state.status).toBe('ready');
    state.iterations = 6;
    await settle();
    expect(sources().slice(5)).toEqual(['griffinLim']);
    expect(calls.requests[5].request.iterations).toBe(6);
  });

  test('figures that are being computed again are not shown meanwhile', async () => {
    const { state, answer } = open();
    void state.use(excerpt, transform);
    await settle();
    for (let n = 0; n < 4; n++) await answer(n, n);
    state.iterations = 64;
    expect([...state.results.keys()]).toEqual(['own', 'mixture', 'zero']);
    await settle();
    expect(state.status).toBe('computing');
    await answer(4, 7);
    expect([state.status, state.results.get('griffinLim')?.sdr]).toEqual(['ready', 7]);
    state.expect();
    expect([state.status, state.results.size]).toEqual(['computing', 0]);
    void state.use(excerpt, transform);
    await settle();
    await answer(5);
    expect([...state.results.keys()]).toEqual(['own']);
  });

  test('results of a replaced run are dropped', async () => {
    const { state, answer } = open();
    void state.use(excerpt, transform);
    await settle();
    void state.use(excerpt, { windowLength: 512, hop: 64 });
    await settle();
    await answer(0, 99);
    expect(state.results.size).toBe(0);
    await answer(1, 5);
    expect(state.results.get('own')?.sdr).toBe(5);
  });

  test('another excerpt drops the clips; the same one keeps them until the new ones are there', async () => {
    const { state, answer } = open();
    void state.use(excerpt, transform);
    await settle();
    await answer(0);
    void state.use(excerpt, transform);
    expect([...state.clips.keys()]).toEqual(['song', 'own']);
    const seen: number[] = [];
    state.on('changed', () => seen.push(state.clips.size));
    void state.use({ start: 0, end: 2000 }, transform);
    // A player sees that they are gone before it sees the new song’s clip.
    expect(seen.slice(0, 2)).toEqual([0, 1]);
  });

  test('a failure is reported once, and ends the computation', async () => {
    const { state, calls, errors } = open();
    void state.use(excerpt, transform);
    await settle();
    calls.fail(0, new Error('crashed'));
    await settle();
    expect([state.status, errors]).toEqual(['failed', [new Error('crashed')]]);
  });

  test('nothing is said after the section was left', async () => {
    const { scope, state, calls, errors } = open();
    void state.use(excerpt, transform);
    await settle();
    scope.dispose();
    calls.fail(0, new Error('ended'));
    await settle();
    expect([state.status, errors]).toEqual(['computing', []]);
  });
});
