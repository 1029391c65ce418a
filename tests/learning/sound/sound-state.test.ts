import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Scope } from '../../../src/core/scope.ts';
import { SoundState } from '../../../src/learning/sound/sound-state.ts';
import { type SpectrogramOrder, type SpectrogramResult, spectrogram } from '../../../src/learning/sound/spectrogram.ts';
import { noise } from '../../separation/fake-model.ts';
import { OpenCalls, settle } from '../open-calls.ts';

const RATE = 8192;
const SECONDS = 20;
/** Bin 100 of the first window, 2048 samples. */
const HZ = 400;
const AMPLITUDE = 0.1;

/** Left and right differ, but their mean is a sine. */
function song() {
  const tone = Float32Array.from(
    { length: SECONDS * RATE },
    (_, n) => AMPLITUDE * Math.sin((2 * Math.PI * HZ * n) / RATE),
  );
  const side = noise(tone.length);
  return {
    sampleRate: RATE,
    channels: [tone.map((value, n) => value + side[n]), tone.map((value, n) => value - side[n])],
  };
}

function open(position = 0) {
  const scope = new Scope();
  const original = song();
  const player = { position, duration: SECONDS };
  const calls = new OpenCalls<SpectrogramOrder, SpectrogramResult>();
  const errors: unknown[] = [];
  const state = new SoundState(scope, {
    store: {
      whole: { original, vocals: original },
      sampleRate: RATE,
      samples: SECONDS * RATE,
      isDone: () => false,
    },
    player,
    engine: { spectrogram: calls.call, reconstruct: async () => undefined },
    truth: async () => undefined,
    onError: (error) => errors.push(error),
  });
  const answer = async (call: number) => {
    calls.answer(call, spectrogram(calls.orders[call]));
    await settle();
  };
  return { scope, state, player, calls, errors, answer };
}

describe('SoundState', () => {
  test('takes six seconds: a quarter into an unplayed song, at the playhead of a played one, at the end at the latest', () => {
    const { state, player } = open();
    const seconds = () => [state.excerpt.start / RATE, state.excerpt.end / RATE];
    state.takeExcerpt();
    expect(seconds()).toEqual([5, 11]);
    expect([state.link.offset, state.link.view.duration]).toEqual([5, 6]);
    player.position = 2;
    state.takeExcerpt();
    expect(seconds()).toEqual([2, 8]);
    player.position = 19;
    state.takeExcerpt();
    expect(seconds()).toEqual([14, 20]);
  });

  test('reads the level of the mean over the channels where the cursor is', async () => {
    const { state, answer } = open();
    expect(state.reading).toBeUndefined();
    state.takeExcerpt();
    await answer(0);
    state.link.cursor = { seconds: 3, hz: HZ };
    const { frame, bin, hz, level, seconds, around, windowLength } =
      state.reading ?? expect.fail('There is no reading.');
    expect([bin, hz]).toEqual([100, HZ]);
    expect(frame).toBe((3 * RATE) / 512);
    expect(seconds).toBe(8);
    expect(level).toBeCloseTo(20 * Math.log10(AMPLITUDE), 0);
    expect([around.length, windowLength]).toEqual([4096, 2048]);
    state.link.cursor = { seconds: 3, hz: 4 * HZ };
    expect(state.reading?.level).toBeUndefined();
  });

  test('keeps reading where the pointer left, until another excerpt is taken', async () => {
    const { state, answer } = open();
    state.takeExcerpt();
    await answer(0);
    state.link.cursor = { seconds: 1, hz: 1000 };
    const { cell } = state;
    state.link.cursor = undefined;
    expect(state.cell).toEqual(cell);
    state.takeExcerpt();
    await answer(1);
    // In the middle, at A4.
    expect(state.cell).toEqual({ frame: 48, bin: 110 });
  });

  test('another window keeps the hop’s share; the newest spectrogram wins, whichever ends last', async () => {
    const { state, calls, answer } = open();
    state.takeExcerpt();
    expect(calls.orders[0]).toMatchObject({ windowLength: 2048, hop: 512 });
    state.chooseTransform(1, 1);
    expect(calls.orders[1]).toMatchObject({ windowLength: 512, hop: 128 });
    state.chooseTransform(1, 3);
    expect(calls.orders[2]).toMatchObject({ windowLength: 512, hop: 384 });
    await answer(2);
    await answer(1);
    await answer(0);
    expect(state.spectrogram).toMatchObject({
      windowLength: 512,
      hop: 384,
      bins: 257,
      binHz: 16,
      frameSeconds: 384 / RATE,
    });
  });

  test('tells when another axis is chosen', () => {
    const { state } = open();
    let shown = 0;
    state.on('spectrogram', () => shown++);
    state.axis = 'linear';
    expect([state.axis, shown]).toEqual(['linear', 1]);
  });

  test('reports a failure, but not after the section was left', async () => {
    const { scope, state, calls, errors } = open();
    state.takeExcerpt();
    calls.fail(0, new Error('no memory'));
    await settle();
    expect(errors).toEqual([new Error('no memory')]);
    state.takeExcerpt();
    scope.dispose();
    calls.fail(1, new Error('ended'));
    await settle();
    expect(errors).toHaveLength(1);
  });
});

describe('a moving slider', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  test('computes the phases once, when it rests', async () => {
    const { scope, state } = open();
    const use = vi.spyOn(state.phases, 'use');
    state.chooseTransform(1, 1);
    expect(state.phases.status).toBe('computing');
    vi.advanceTimersByTime(200);
    state.chooseTransform(2, 1);
    vi.advanceTimersByTime(299);
    expect(use).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(use).toHaveBeenCalledExactlyOnceWith(state.excerpt, { windowLength: 1024, hop: 256 });
    state.chooseTransform(3, 1);
    scope.dispose();
    vi.runAllTimers();
    expect(use).toHaveBeenCalledTimes(1);
  });
});
