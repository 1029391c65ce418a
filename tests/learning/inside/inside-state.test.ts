import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AudioData } from '../../../src/audio/audio-data.ts';
import { Scope } from '../../../src/core/scope.ts';
import type { InsideEngine } from '../../../src/learning/inside/inside-engine.ts';
import { InsideState } from '../../../src/learning/inside/inside-state.ts';
import { parseManifest } from '../../../src/model/manifest.ts';
import { noise } from '../../separation/fake-model.ts';
import { settle } from '../open-calls.ts';

const RATE = 8192;
const SECONDS = 40;
const manifest = parseManifest(JSON.parse(readFileSync('models/paper/manifest.json', 'utf8')), 'paper');
const { frames, bins } = manifest.patch;
const FRAME_SECONDS = 768 / 8192;

/** Answers at once; the mask is `open` with all connections, less with each that is cut. */
class FakeEngine implements InsideEngine {
  readonly calls: string[] = [];
  readonly taken: (readonly [AudioData, AudioData | undefined])[] = [];
  failure: Error | undefined;
  running = 0;
  mostAtOnce = 0;

  async open() {
    await this.#call('open');
    return { backend: 'wasm', report: [] };
  }

  async take(excerpt: AudioData, truth: AudioData | undefined) {
    await this.#call('take');
    this.taken.push([excerpt, truth]);
    return { magnitudes: new Float32Array(frames * bins).fill(1), mask: new Float32Array(frames * bins).fill(1) };
  }

  async featureMaps(layer: string, cut: readonly number[]) {
    await this.#call(`maps ${layer} ${cut}`);
    return { frames: 1, bins: 1, maps: [] };
  }

  async cut(cut: readonly number[]) {
    await this.#call(`cut ${cut}`);
    const mask = new Float32Array(frames * bins).fill(1 - 0.2 * cut.length);
    const sdr = { whole: 5, cut: 4 };
    return { mask, maskChange: 0.2 * cut.length, whole: [new Float32Array(3)], vocals: [new Float32Array(3)], sdr };
  }

  async field(frame: number, bin: number, cut: readonly number[]) {
    await this.#call(`field ${frame} ${bin} ${cut}`);
    const gradient = new Float32Array(frames * bins);
    gradient[0] = 1;
    return { gradient, strong: { frames: 1, bins: 1 }, any: { frames: 2, bins: 2 } };
  }

  async #call(name: string): Promise<void> {
    this.calls.push(name);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.running);
    await settle();
    this.running--;
    if (this.failure) throw this.failure;
  }
}

function open({ position = 0, truth = undefined as AudioData | undefined } = {}) {
  const scope = new Scope();
  const original = { sampleRate: RATE, channels: [noise(SECONDS * RATE)] };
  const engine = new FakeEngine();
  const player = { position, duration: SECONDS };
  const errors: unknown[] = [];
  const state = new InsideState(scope, {
    wholeManifest: manifest,
    store: { whole: { original, vocals: original }, sampleRate: RATE, samples: SECONDS * RATE },
    player,
    engine,
    engineOptions: { model: { origin: 'built-in', id: 'paper' }, modelsUrl: 'models/' },
    truth: async () => truth,
    onError: (error) => errors.push(error),
  });
  return { scope, state, engine, player, errors, original };
}

describe('InsideState', () => {
  test('loads the network, takes the patch a quarter into the song, and shows the first layer', async () => {
    const { state, engine, original, errors } = open();
    const statuses: string[] = [];
    state.on('changed', () => statuses.push(state.status));
    expect([state.status, state.patchStart, state.mask, state.input]).toEqual([
      'loading',
      undefined,
      undefined,
      undefined,
    ]);
    await state.open();
    expect(engine.calls).toEqual(['open', 'take', 'maps encoder_0 ']);
    expect(statuses).toEqual(['loading', 'ready', 'computing', 'ready', 'computing', 'ready']);
    expect([state.patchStart, state.seconds, errors]).toEqual([10, 128 * FRAME_SECONDS, []]);
    const [[excerpt, truth]] = engine.taken;
    expect(excerpt.channels[0]).toEqual(original.channels[0].slice(10 * RATE, 22 * RATE));
    expect(truth).toBeUndefined();
    expect(state.mask?.values[0]).toBe(255);
    // Grey, below 128: no receptive field yet.
    expect(state.input?.values[0]).toBe(127);
    expect(state.maps?.layer).toBe('encoder_0');
  });

  test('takes the true vocals of the same excerpt where they are known', async () => {
    const truth = { sampleRate: RATE, channels: [noise(SECONDS * RATE, 5)] };
    const { state, engine } = open({ position: 39, truth });
    await state.open();
    // At the end of the song.
    expect(state.patchStart).toBe(28);
    expect(engine.taken[0][1]?.channels[0]).toEqual(truth.channels[0].slice(28 * RATE));
  });

  test('shows the maps of another layer', async () => {
    const { state, engine } = open();
    await state.open();
    await state.chooseLayer(2);
    expect([engine.calls.at(-1), state.maps?.layer]).toEqual(['maps encoder_2 ', 'encoder_2']);
  });

  test('switching a connection off changes mask, sound and maps; on again, they are whole', async () => {
    const { state, engine } = open();
    await state.open();
    expect(state.skipLayers.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect([state.effect, state.clips.size]).toEqual([undefined, 0]);
    await state.switchSkip(1, false);
    expect(engine.calls.slice(-2)).toEqual(['cut 1', 'maps encoder_0 1']);
    expect(state.effect).toEqual({ cut: [1], maskChange: 0.2, sdr: { whole: 5, cut: 4 } });
    expect(state.mask?.values[0]).toBe(Math.round(0.8 * 255));
    expect([...state.clips.keys()]).toEqual(['whole', 'cut']);
    await state.switchSkip(1, true);
    expect(state.effect).toMatchObject({ cut: [], maskChange: 0 });
    expect(engine.calls.slice(-2)).toEqual(['cut ', 'maps encoder_0 ']);
    await state.switchSkip(4, false);
    await state.switchSkip(0, false);
    expect(state.effect?.cut).toEqual([0, 4]);
  });

  test('suggests the connection in the middle', () => {
    expect(open().state.suggestedSkip?.index).toBe(2);
  });

  test('another patch is separated with the connections as switched, and forgets the receptive field', async () => {
    const { state, engine, player } = open();
    await state.open();
    await state.switchSkip(3, false);
    await state.computeField();
    player.position = 4;
    await state.takeExcerpt();
    expect(engine.calls.slice(-3)).toEqual(['take', 'maps encoder_0 3', 'cut 3']);
    expect([state.patchStart, state.field, state.chosen]).toEqual([4, undefined, undefined]);
  });

  test('the receptive field is that of a cell in the middle, then of the one that was chosen', async () => {
    const { state, engine } = open();
    await state.open();
    await state.chooseCell();
    expect([engine.calls.at(-1), state.chosen]).toEqual(['maps encoder_0 ', undefined]);
    const computing = state.computeField();
    // It is marked at once.
    expect(state.chosen).toEqual({ seconds: 64 * FRAME_SECONDS, hz: 8 + 128 * 8 });
    await computing;
    expect(engine.calls.at(-1)).toBe(`field ${frames / 2} ${bins / 4} `);
    expect(state.field).toMatchObject({ seconds: 10 + 64 * FRAME_SECONDS, hz: 8 + 128 * 8 });
    // The cell with all the influence is orange.
    expect([state.input?.values[0], state.input?.values[1]]).toEqual([255, 127]);
    state.link.cursor = { seconds: 10 * FRAME_SECONDS, hz: 88 };
    const next = state.chooseCell();
    // The field before is not that of the cell that is marked now.
    expect([state.chosen, state.field]).toEqual([{ seconds: 10 * FRAME_SECONDS, hz: 88 }, undefined]);
    await next;
    expect(engine.calls.at(-1)).toBe('field 10 10 ');
    state.link.cursor = { seconds: 10 * FRAME_SECONDS, hz: 5000 };
    await state.chooseCell();
    expect(engine.calls.filter((call) => call.startsWith('field'))).toHaveLength(2);
  });

  test('asks one thing after the other', async () => {
    const { state, engine } = open();
    await Promise.all([state.open(), state.chooseLayer(1), state.switchSkip(0, false), state.computeField()]);
    expect(engine.mostAtOnce).toBe(1);
    expect(engine.calls[0]).toBe('open');
  });

  test('a failure is reported, and what comes next is computed all the same', async () => {
    const { state, engine, errors } = open();
    await state.open();
    engine.failure = new Error('lost');
    await state.chooseLayer(1);
    expect([state.status, errors]).toEqual(['ready', [new Error('lost')]]);
    engine.failure = undefined;
    await state.chooseLayer(2);
    expect(state.maps?.layer).toBe('encoder_2');
  });

  test('nothing is asked or said after the section was left', async () => {
    const { scope, state, engine, errors } = open();
    const opening = state.open();
    await settle();
    engine.failure = new Error('ended');
    scope.dispose();
    await opening;
    expect([errors, engine.calls]).toEqual([[], ['open']]);
  });
});
