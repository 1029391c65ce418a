import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Scope } from '../../../src/core/scope.ts';
import { MaskGeometry } from '../../../src/learning/paint/mask-geometry.ts';
import { MAX_SPAN, MIN_SPAN, PaintState } from '../../../src/learning/paint/paint-state.ts';
import { renderMasked } from '../../../src/separation/render-masked.ts';
import { separate } from '../../../src/separation/separate.ts';
import type { SeparationChunk } from '../../../src/separation/types.ts';
import { MaskEdit } from '../../../src/songs/painting/mask-edit.ts';
import { MaskCache } from '../../../src/songs/storage/mask-cache.ts';
import { MemorySongStorage } from '../../../src/songs/storage/memory-song-storage.ts';
import type { SongStorage } from '../../../src/songs/storage/song-storage.ts';
import { fakeModel, noise, rms } from '../../separation/fake-model.ts';

const RATE = 16_384;
const SECONDS = 20;

const original = { sampleRate: RATE, channels: [noise(SECONDS * RATE)] };
const chunks: SeparationChunk[] = [];
let store: MemorySongStorage;

beforeAll(async () => {
  for await (const chunk of separate(
    original,
    fakeModel(() => 0.75),
  ))
    chunks.push(chunk);
}, 60_000);

beforeEach(async () => {
  store = new MemorySongStorage(original);
  for (const chunk of chunks) await store.write(chunk);
});

function open(position = 0, storage: SongStorage = store) {
  const scope = new Scope();
  const player = { position };
  const [onBusy, onDone, onError] = [vi.fn(), vi.fn(), vi.fn()];
  const state = new PaintState(scope, {
    store: storage,
    player,
    facts: fakeModel(() => 1).manifest,
    renderMasked: async (song, piece) => renderMasked(song, piece),
    onBusy,
    onDone,
    onError,
  });
  const shown = () => [state.view.start, state.view.span];
  return { scope, state, player, onBusy, onDone, onError, shown };
}

describe('the view', () => {
  test('begins two seconds before the playhead, and stays within the song', () => {
    expect(open().shown()).toEqual([0, 12]);
    expect(open(5).shown()).toEqual([3, 12]);
    expect(open(19).shown()).toEqual([8, 12]);
  });

  test('of a song that was not played begins before the first singing, until the person chooses what is shown', async () => {
    const sung = (position: number, silent: number) => {
      const vocals = store.whole.vocals.channels[0];
      vocals.fill(0, 0, silent * RATE);
      return open(position);
    };
    const { state, shown } = sung(0, 10);
    expect(shown()).toEqual([0, 12]);
    await vi.waitFor(() => expect(state.view.start).toBeCloseTo(8, 1));
    // The song is longer separated now: the view stays where it is.
    state.change({ start: 3 });
    await state.showSinging();
    expect(shown()).toEqual([3, 12]);
    const played = sung(5, 10);
    await played.state.showSinging();
    expect(played.shown()).toEqual([3, 12]);
  });

  test('is played from its beginning where the playhead is outside it', () => {
    const { state, player } = open(5);
    expect([state.playFrom, state.view.start]).toEqual([undefined, 3]);
    player.position = 2.9;
    expect(state.playFrom).toBe(3);
    player.position = 15;
    expect(state.playFrom).toBe(3);
  });

  test('zooms round its middle, between the narrowest view and the song', () => {
    const { state, shown } = open(5);
    state.zoom(2);
    expect(shown()).toEqual([6, 6]);
    state.zoom(100);
    expect(state.view.span).toBe(MIN_SPAN);
    state.zoom(0.001);
    expect(shown()).toEqual([0, SECONDS]);
    expect(SECONDS).toBeLessThan(MAX_SPAN);
  });

  test('turns by half, and keeps axis and mode', () => {
    const { state, shown } = open();
    state.change({ span: 4, axis: 'log', mode: 'mask' });
    state.turn(1);
    state.turn(1);
    state.turn(-1);
    expect(shown()).toEqual([2, 4]);
    expect(state.view).toMatchObject({ axis: 'log', mode: 'mask' });
  });

  test('follows the song that plays out of it, and one that jumps', () => {
    const { state, player, shown } = open();
    state.change({ span: 5 });
    player.position = 4.9;
    state.followPlaying();
    expect(shown()).toEqual([0, 5]);
    player.position = 5;
    state.followPlaying();
    expect(shown()).toEqual([4.9, 5]);
    state.followSeek(6);
    expect(state.view.start).toBe(4.9);
    state.followSeek(14);
    expect(state.view.start).toBeCloseTo(14 - 5 / 3, 9);
    player.position = 9;
    state.showPlayhead();
    expect(state.view.start).toBeCloseTo(9 - 5 / 3, 9);
  });
});

describe('painting', () => {
  test('comes into the sound, and the time that takes is told', async () => {
    const { state, onBusy, onError } = open();
    const before = store.whole.vocals.channels[0].slice();
    expect(state.delay).toBeUndefined();
    state.edit.fill(0);
    await vi.waitFor(() => expect(onBusy).toHaveBeenLastCalledWith(false));
    expect(onError).not.toHaveBeenCalled();
    expect(rms(store.whole.vocals.channels[0])).toBeLessThan(0.01 * rms(before));
    expect(state.delay).toBeGreaterThan(0);
  });

  test('a stroke can be undone as soon as the pen is lifted', () => {
    const { state } = open();
    const geometry = new MaskGeometry({
      scale: state.edit.kept.scale,
      view: state.view,
      axis: 'linear',
      width: 400,
      height: 200,
    });
    const brush = state.createBrush(() => geometry);
    const canUndo: boolean[] = [];
    state.on('changed', () => canUndo.push(state.edit.canUndo));
    brush.down(1, { frame: 40, bin: 100 });
    brush.up(1);
    expect([canUndo[0], canUndo.at(-1)]).toEqual([false, true]);
    state.edit.undo();
    expect(canUndo.at(-1)).toBe(false);
    brush.moveCrosshair(500, 0);
    expect(state.view.start).toBe(6);
  });

  test('is finished after the section was left, before the worker ends', async () => {
    const { scope, state, onDone } = open();
    state.edit.fill(0);
    scope.dispose();
    expect(onDone).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(onDone).toHaveBeenCalledOnce());
    expect(rms(store.whole.vocals.channels[0])).toBeLessThan(0.01);
  });
});

describe('a long song, whose mask is loaded in blocks', () => {
  const FRAMES = 640;

  /** A minute long; its mask comes when it is asked for. */
  function long(read = vi.fn(async (first: number, end: number) => cells(first, end))) {
    const { mask } = store;
    if (!mask) throw new Error('Nothing is separated.');
    const cache = new MaskCache({ scale: { ...mask.scale, frames: FRAMES }, isStored: () => true, read });
    const storage = new Proxy(store, {
      get: (target, key) => {
        if (key === 'mask') return cache;
        if (key === 'whole') return undefined;
        if (key === 'samples') return 60 * RATE;
        if (key === 'edit') return edit;
        const value = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const edit = new MaskEdit(cache);
    return { storage: storage as SongStorage, read };
  }

  const cells = (first: number, end: number) => ({
    cells: new Uint16Array((end - first) * 512).fill(0.75 * 65_535),
    levels: new Uint8Array((end - first) * 512).fill(128),
  });

  test('has what is shown in memory, and more when the view moves', async () => {
    const { storage, read } = long();
    const { state, shown } = open(0, storage);
    const mask = vi.fn();
    state.on('mask', mask);
    state.change({ span: 4 });
    await vi.waitFor(() => expect(mask).toHaveBeenCalled());
    expect([shown(), state.isWhole]).toEqual([[0, 4], false]);
    expect(state.read({ frame: 10, bin: 5 }).cell?.network).toBeCloseTo(0.75, 4);
    expect(state.read({ frame: 600, bin: 5 }).cell).toBeUndefined();
    state.change({ start: 55 });
    await vi.waitFor(() => expect(state.read({ frame: 600, bin: 5 }).cell).toBeDefined());
    expect(read.mock.calls[0]).toEqual([0, 128]);
    expect(read.mock.lastCall).toEqual([512, FRAMES]);
    expect(read.mock.calls.length).toBeLessThan(FRAMES / 128);
  });

  test('a part that cannot be read is reported', async () => {
    const { storage } = long(vi.fn().mockRejectedValue(new Error('the disk is gone')));
    const { onError } = open(0, storage);
    await vi.waitFor(() => expect(onError).toHaveBeenCalledWith(new Error('the disk is gone')));
  });
});

describe('a reading', () => {
  test('gives the painted mask beside the network’s', () => {
    const { state } = open();
    state.edit.fill(1);
    const { seconds, hz, cell } = state.read({ frame: 40.2, bin: 99.8 });
    expect(seconds).toBeCloseTo((40.2 * 768) / 8192, 9);
    expect(hz).toBe(8 + 100 * 8);
    expect(cell?.mask).toBe(1);
    expect(cell?.network).toBeCloseTo(0.75, 4);
    expect(cell?.levelDb).toBeLessThan(0);
    expect(cell?.levelDb).toBeGreaterThan(-100);
  });

  test.each([
    { frame: -1, bin: 5 },
    { frame: 5, bin: 512 },
    { frame: 1e6, bin: 5 },
  ])('outside the mask (%o) gives the place alone', (place) => {
    expect(open().state.read(place).cell).toBeUndefined();
  });
});
