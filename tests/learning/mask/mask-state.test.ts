import { beforeAll, describe, expect, test, vi } from 'vitest';
import { Scope } from '../../../src/core/scope.ts';
import { MaskState } from '../../../src/learning/mask/mask-state.ts';
import { type MaskedOrder, type MaskedSound, maskedSound } from '../../../src/learning/mask/masked-sound.ts';
import { type MixtureOrder, mixtureFrames } from '../../../src/learning/mixture-spectrogram.ts';
import { separate } from '../../../src/separation/separate.ts';
import { MemorySongStorage } from '../../../src/songs/storage/memory-song-storage.ts';
import { fakeModel, greatestDifference, manifest, noise } from '../../separation/fake-model.ts';
import { OpenCalls, settle } from '../open-calls.ts';

const RATE = 16_384;
const SECONDS = 30;
const MASK = 0.25;

let store: MemorySongStorage;

beforeAll(async () => {
  // Without a constant part, which has no bin in the patch.
  const channel = noise(SECONDS * RATE).map((value, n, all) => value - (all[n - 1] ?? 0));
  store = new MemorySongStorage({ sampleRate: RATE, channels: [channel] });
  for await (const chunk of separate(
    store.whole.original,
    fakeModel(() => MASK),
  ))
    store.write(chunk);
}, 60_000);

function open({ position = 0, mask = true } = {}) {
  const scope = new Scope();
  const errors: unknown[] = [];
  const there = { mask };
  const frames = new OpenCalls<MixtureOrder, Float32Array>();
  const sounds = new OpenCalls<MaskedOrder, MaskedSound>();
  const state = new MaskState(scope, {
    store: {
      whole: store.whole,
      sampleRate: store.sampleRate,
      samples: store.samples,
      get mask() {
        return there.mask ? store.mask : undefined;
      },
    },
    player: { position, duration: SECONDS },
    engine: { mixtureFrames: frames.call, maskedSound: sounds.call },
    manifest,
    onError: (error) => errors.push(error),
  });
  const answerFrames = async (call = 0) => {
    frames.answer(call, await mixtureFrames(frames.orders[call]));
    await settle();
  };
  const answerSound = async (call = 0) => {
    sounds.answer(call, maskedSound(sounds.orders[call]));
    await settle();
  };
  /** Waits for the rest of a slider. */
  const rest = () => vi.waitFor(() => expect(sounds.orders.length).toBeGreaterThan(1));
  return { scope, state, there, frames, sounds, errors, answerFrames, answerSound, rest };
}

describe('MaskState', () => {
  test('waits for the network’s mask, then takes twelve seconds a quarter into the song', async () => {
    const { state, there, frames, sounds, answerFrames, answerSound } = open({ mask: false });
    state.songGrew();
    expect([state.status, frames.orders.length]).toEqual(['waiting', 0]);
    there.mask = true;
    state.songGrew();
    const frameSeconds = 768 / 8192;
    const first = Math.floor(7.5 / frameSeconds);
    expect(frames.orders[0]).toMatchObject({ firstFrame: first, frames: 128 });
    await answerFrames();
    expect([state.status, state.clips.size]).toEqual(['computing', 0]);
    await answerSound();
    expect([state.status, [...state.clips.keys()]]).toEqual(['ready', ['mixture', 'mask', 'product']]);
    // The sounds are as long as the spectrograms.
    expect(state.clips.get('product')?.[0].length).toBe(128 * frameSeconds * RATE);
    state.songGrew();
    expect([frames.orders.length, sounds.orders.length]).toEqual([1, 1]);
  });

  test('the product sounds as the mask has it: a quarter of the mixture', async () => {
    const { state, answerFrames, answerSound } = open();
    state.songGrew();
    await answerFrames();
    await answerSound();
    const [mixture] = state.clips.get('mixture') ?? [];
    const [product] = state.clips.get('product') ?? [];
    expect(
      greatestDifference(
        product,
        mixture.map((value) => MASK * value),
      ),
    ).toBeLessThan(1e-4);
    const from = Math.round(((Math.floor(7.5 / (768 / 8192)) * 768) / 8192) * RATE);
    expect(mixture).toEqual(store.whole.original.channels[0].slice(from, from + mixture.length));
  });

  test('reads product = mixture × mask under the cursor, with its place in the song', async () => {
    const { state, answerFrames } = open();
    expect(state.reading).toBeUndefined();
    state.songGrew();
    await answerFrames();
    expect(state.reading).toBeUndefined();
    state.link.cursor = { seconds: 10 * (768 / 8192), hz: 1000 };
    const { frame, bin, hz, seconds, mixture, mask, product } = state.reading ?? expect.fail('There is no reading.');
    expect([frame, bin, hz]).toEqual([80 + 10, 124, 1000]);
    expect(seconds).toBeCloseTo((90 * 768) / 8192, 9);
    expect(mask).toBeCloseTo(MASK, 4);
    expect(mixture).toBeGreaterThan(0);
    expect(product).toBe(mixture * mask);
    state.link.cursor = undefined;
    expect(state.reading).toBeUndefined();
  });

  test.each([
    [{ strength: 2 }, MASK ** 2],
    [{ part: 'accompaniment' }, 1 - MASK],
    [{ kind: 'hard', threshold: 0.2 }, 1],
    [{ kind: 'hard', threshold: 0.3 }, 0],
  ] as const)('%o changes the numbers at once', async (change, expected) => {
    const { state, answerFrames } = open();
    state.songGrew();
    await answerFrames();
    state.link.cursor = { seconds: 1, hz: 1000 };
    let shown = 0;
    state.on('cells', () => shown++);
    state.reshape(change);
    expect(state.reading?.mask).toBeCloseTo(expected, 4);
    expect([shown, state.status]).toEqual([1, 'computing']);
    expect(state.cells?.mask.values[0]).toBe(Math.round(255 * (state.reading?.mask ?? 0)));
  });

  test('the sound of the newest shape wins, whichever is rendered last', async () => {
    const { state, sounds, answerFrames, answerSound, rest } = open();
    state.songGrew();
    await answerFrames();
    state.reshape({ part: 'accompaniment' });
    await rest();
    expect(sounds.orders.map(({ part }) => part)).toEqual(['vocals', 'accompaniment']);
    await answerSound(1);
    const product = state.clips.get('product');
    await answerSound(0);
    expect(state.clips.get('product')).toBe(product);
    expect(state.status).toBe('ready');
  });

  test('a shape that is chosen before the mask is there is used when it comes', async () => {
    const { state, there, answerFrames } = open({ mask: false });
    state.reshape({ part: 'accompaniment' });
    expect(state.status).toBe('waiting');
    there.mask = true;
    state.songGrew();
    await answerFrames();
    state.link.cursor = { seconds: 1, hz: 1000 };
    expect(state.reading?.mask).toBeCloseTo(1 - MASK, 4);
  });

  test('another excerpt drops sounds and numbers until its own are there', async () => {
    const { state, frames, answerFrames, answerSound } = open({ position: 29 });
    state.songGrew();
    await answerFrames();
    await answerSound();
    // At the end of the song: the last 128 frames.
    expect(frames.orders[0].firstFrame).toBe((store.mask?.scale.frames ?? 0) - 128);
    state.takeExcerpt();
    expect([state.status, state.clips.size, state.cells]).toEqual(['waiting', 0, undefined]);
    await answerFrames(1);
    expect(state.cells).toBeDefined();
  });

  test('failures are reported, but not after the section was left', async () => {
    const { scope, state, frames, errors } = open();
    state.songGrew();
    frames.fail(0, new Error('crashed'));
    await settle();
    expect(errors).toEqual([new Error('crashed')]);
    state.takeExcerpt();
    scope.dispose();
    frames.fail(1, new Error('ended'));
    await settle();
    expect(errors).toHaveLength(1);
  });
});
