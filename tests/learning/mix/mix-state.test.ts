import { describe, expect, test, vi } from 'vitest';
import type { AudioData } from '../../../src/audio/audio-data.ts';
import { Scope } from '../../../src/core/scope.ts';
import { lossMap } from '../../../src/learning/mix/loss-map.ts';
import { fitPair, mixPair } from '../../../src/learning/mix/mix-pair.ts';
import { type MixOptions, MixState } from '../../../src/learning/mix/mix-state.ts';
import { bssScoreOf, estimateOf, METHODS, scoreOf } from '../../../src/learning/mix/scoring.ts';
import type { SeparateWhole } from '../../../src/learning/mix/separate-whole.ts';
import { StemSource } from '../../../src/learning/stem-source.ts';
import { manifest } from '../../separation/fake-model.ts';
import { settle } from '../open-calls.ts';

const RATE = 8192;
const SECONDS = 1;
const tone = (hertz: number, amplitude: number): AudioData => ({
  sampleRate: RATE,
  channels: [
    Float32Array.from({ length: SECONDS * RATE }, (_, n) => amplitude * Math.sin((2 * Math.PI * hertz * n) / RATE)),
  ],
});
/** The accompaniment has twice the amplitude of the voice: 6.02 dB more. */
const STEMS = { vocals: tone(400, 0.1), accompaniment: tone(1000, 0.2) };

/** A network that halves everything: its SDR is 10·log₁₀ of voice² / |voice − mixture / 2|². */
const halve: SeparateWhole = async (song, _, onProgress) => {
  onProgress(0.5);
  const half = song.channels.map((channel) => channel.map((value) => value / 2));
  const frames = Math.ceil((SECONDS * RATE) / 768) + 1;
  const { bins, firstBin } = manifest.patch;
  const scale = { frames, bins, firstBinHz: firstBin * 8, binHz: 8, frameSeconds: 768 / RATE };
  return { estimate: { vocals: half, accompaniment: half }, mask: new Float32Array(frames * bins).fill(0.5), scale };
};

function open(changes: Partial<MixOptions> = {}) {
  const scope = new Scope();
  const errors: unknown[] = [];
  const engines: { disposed: boolean }[] = [];
  const loadDemo = async (stem: 'vocals' | 'accompaniment') => STEMS[stem];
  const decode = async () => tone(600, 0.1);
  const sources = {
    vocals: new StemSource({ stem: 'vocals', loadDemo, decode }),
    accompaniment: new StemSource({ stem: 'accompaniment', loadDemo, decode }),
  };
  const state = new MixState(scope, {
    sources,
    startEngine: () => {
      const engine = { disposed: false };
      engines.push(engine);
      return {
        ask: {
          fitPair,
          mixPair: async (pair, decibels) => mixPair(pair, decibels),
          estimateOf: async (method, song) => estimateOf(method, song),
          scoreOf: async (song, estimate) => scoreOf(song, estimate),
          bssScoreOf: async (song, estimate) => bssScoreOf(song, estimate),
          lossMap,
        },
        dispose: () => {
          engine.disposed = true;
        },
      };
    },
    separate: halve,
    manifest: async () => manifest,
    onError: (error) => errors.push(error),
    ...changes,
  });
  return { scope, state, sources, errors, engines };
}

describe('MixState', () => {
  test('mixes, separates and scores all methods', async () => {
    const { state, errors } = open();
    const statuses: string[] = [];
    const progress: number[] = [];
    state.on('changed', () => {
      statuses.push(state.status.kind);
      progress.push(state.progress);
    });
    expect([state.status.kind, state.running, state.song, state.clips.size]).toEqual(['idle', false, undefined, 0]);
    const run = state.run();
    expect([state.status.kind, state.running]).toEqual(['mixing', true]);
    await run;
    expect(errors).toEqual([]);
    expect(statuses).toEqual(['mixing', 'separating', 'separating', ...METHODS.map(() => 'measuring'), 'done']);
    expect(progress.slice(0, -1)).toEqual([...progress.slice(0, -1)].sort((a, b) => a - b));
    expect([state.status, state.running]).toEqual([{ kind: 'done', seconds: SECONDS }, false]);
    // Two tones are orthogonal: the error of the untouched mixture is the other tone.
    const { vocals, accompaniment } = state.scores.get('mixture') ?? expect.fail('There is no score.');
    expect(vocals.sdr).toBeCloseTo(-6.02, 1);
    expect(accompaniment.sdr).toBeCloseTo(6.02, 1);
    // voice − (voice + 2 tones) / 2 is half of each: a quarter of 1 + 4.
    expect(state.scores.get('separated')?.vocals.sdr).toBeCloseTo(10 * Math.log10(1 / 1.25), 1);
    expect([...state.bssScores.keys()]).toEqual(METHODS);
    expect(state.loss?.map.mean).toBeGreaterThan(0);
  }, 60_000);

  test('a raised voice is the truth, and gains as many decibels', async () => {
    const { state } = open();
    state.level = 6.02;
    await state.run();
    expect(state.scores.get('mixture')?.vocals.sdr).toBeCloseTo(0, 1);
    expect(state.song?.vocals[0][5]).toBeCloseTo(2 * STEMS.vocals.channels[0][5], 3);
  }, 60_000);

  test('gives the clips of the chosen part', async () => {
    const { state } = open();
    await state.run();
    expect([...state.clips.keys()]).toEqual(['mixture', 'truth', 'separated', 'idealRatio', 'idealBinary']);
    expect(state.clips.get('truth')?.[0][7]).toBeCloseTo(STEMS.vocals.channels[0][7], 5);
    const results = vi.fn();
    state.on('results', results);
    state.part = 'accompaniment';
    expect(results).toHaveBeenCalledOnce();
    expect(state.clips.get('truth')?.[0][7]).toBeCloseTo(STEMS.accompaniment.channels[0][7], 5);
  }, 60_000);

  test('stopping ends the worker that measures, and keeps the mix', async () => {
    const separate: SeparateWhole = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    const { state, engines, errors } = open({ separate });
    const run = state.run();
    await vi.waitFor(() => expect(state.status.kind).toBe('separating'));
    expect(engines.map(({ disposed }) => disposed)).toEqual([false, false]);
    state.stop();
    await run;
    expect([state.status.kind, state.running, errors]).toEqual(['stopped', false, []]);
    expect(engines.map(({ disposed }) => disposed)).toEqual([true, false, false]);
    expect(state.song).toBeDefined();
  });

  test('a failure is reported, and the next run begins anew', async () => {
    const separate = vi.fn(halve).mockRejectedValueOnce(new Error('the GPU is gone'));
    const { state, errors } = open({ separate });
    await state.run();
    expect([state.status.kind, state.running, errors]).toEqual(['failed', false, [new Error('the GPU is gone')]]);
    await state.run();
    expect(state.status.kind).toBe('done');
  }, 60_000);

  test('another sound stops the run, and is mixed in the next one', async () => {
    const separate = vi.fn(halve).mockImplementationOnce(() => new Promise(() => undefined));
    const { state, sources } = open({ separate });
    void state.run();
    await vi.waitFor(() => expect(state.status.kind).toBe('separating'));
    await sources.vocals.choose(new File([], 'own.wav'));
    expect(state.status.kind).toBe('stopped');
    await state.run();
    expect(state.song?.vocals[0][7]).toBeCloseTo(tone(600, 0.1).channels[0][7], 5);
  }, 60_000);

  test('leaving the section ends both workers, and says nothing', async () => {
    const separate: SeparateWhole = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    const { scope, state, engines, errors } = open({ separate });
    void state.run();
    await vi.waitFor(() => expect(state.status.kind).toBe('separating'));
    scope.dispose();
    await settle();
    expect([engines.every(({ disposed }) => disposed), errors]).toEqual([true, []]);
  });
});
