import { describe, expect, test, vi } from 'vitest';
import { Scope } from '../../../src/core/scope.ts';
import { LEVELS, LevelCurveState } from '../../../src/learning/mix/level-curve-state.ts';
import { mixPair, type Pair } from '../../../src/learning/mix/mix-pair.ts';
import { scoreOf } from '../../../src/learning/mix/scoring.ts';
import type { SeparateWhole } from '../../../src/learning/mix/separate-whole.ts';
import { settle } from '../open-calls.ts';

const RATE = 8000;
const tone = (hertz: number) => [
  Float32Array.from({ length: RATE }, (_, n) => 0.1 * Math.sin((2 * Math.PI * hertz * n) / RATE)),
];
/** Equally loud. */
const PAIR: Pair = { sampleRate: RATE, vocals: tone(400), accompaniment: tone(1000) };

const scale = { frames: 1, bins: 1, firstBinHz: 0, binHz: 1, frameSeconds: 1 };
const untouched: SeparateWhole = async (song, _, onProgress) => {
  onProgress(0.5);
  return { estimate: { vocals: song.channels, accompaniment: song.channels }, mask: new Float32Array(1), scale };
};

function open(separate = untouched, pair = async () => PAIR) {
  const scope = new Scope();
  const errors: unknown[] = [];
  const engine = {
    mixPair: async (given: Pair, decibels: number) => mixPair(given, decibels),
    scoreOf: async (...given: Parameters<typeof scoreOf>) => scoreOf(...given),
  };
  return {
    scope,
    errors,
    state: new LevelCurveState(scope, { engine, pair, separate, onError: (e) => errors.push(e) }),
  };
}

describe('LevelCurveState', () => {
  test('the untouched mixture’s SDR is the level itself; progress counts the levels', async () => {
    const { state, errors } = open();
    const progress: number[] = [];
    const levels: (number | undefined)[] = [];
    state.on('changed', () => {
      progress.push(state.progress);
      levels.push(state.level);
    });
    await state.run();
    expect(errors).toEqual([]);
    expect(state.status).toBe('done');
    expect(state.points.map(({ level }) => level)).toEqual(LEVELS);
    for (const { level, mixture, separated } of state.points) {
      expect(mixture).toBeCloseTo(level, 2);
      expect(separated).toBe(mixture);
    }
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress).toContain(0.5);
    expect([levels[0], levels.at(-1)]).toEqual([-15, undefined]);
  });

  test('stopping keeps the points; running again drops them', async () => {
    const { state } = open();
    state.on('changed', () => {
      if (state.points.length === 2 && state.status === 'running') state.stop();
    });
    await state.run();
    expect([state.status, state.points.length, state.progress]).toEqual(['stopped', 2, 2]);
    void state.run();
    expect([state.status, state.points.length]).toEqual(['running', 0]);
  });

  test('other sounds drop the points', async () => {
    const { state } = open();
    await state.run();
    state.clear();
    expect([state.status, state.points]).toEqual(['idle', []]);
  });

  test('a failure is reported, and stops', async () => {
    const { state, errors } = open(undefined, async () => {
      throw new Error('offline');
    });
    await state.run();
    expect([state.status, errors]).toEqual(['stopped', [new Error('offline')]]);
  });

  test('leaving the section aborts the separation, and says nothing', async () => {
    const separate = vi.fn<SeparateWhole>(
      (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    const { scope, state, errors } = open(separate);
    void state.run();
    await vi.waitFor(() => expect(separate).toHaveBeenCalled());
    scope.dispose();
    await settle();
    expect(errors).toEqual([]);
  });
});
