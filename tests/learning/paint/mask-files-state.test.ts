import { describe, expect, test, vi } from 'vitest';
import { type MaskFilesOptions, MaskFilesState } from '../../../src/learning/paint/mask-files-state.ts';
import { maskToPng, pngToMask } from '../../../src/separation/mask-png.ts';
import { MaskEdit } from '../../../src/songs/painting/mask-edit.ts';
import { ONE, StoredMask } from '../../../src/songs/storage/stored-mask.ts';

const scale = { frames: 6, bins: 4, firstBinHz: 0, binHz: 1, frameSeconds: 1 };

function open({ complete = true } = {}) {
  const kept = new StoredMask(scale);
  const mask = Float32Array.from({ length: 24 }, (_, n) => n / 24);
  kept.write({ firstFrame: 0, frames: 6, bins: 4, mask, mixture: mask });
  const edit = new MaskEdit(kept);
  const save = vi.fn<(file: Blob, name: string) => void>();
  const onError = vi.fn();
  const encode = vi.fn<MaskFilesOptions['encode']>(async (stem) => ({ file: new Blob([stem]), name: `${stem}.wav` }));
  const state = new MaskFilesState({
    edit,
    complete: () => complete,
    encode,
    toPng: async (cells, size) => maskToPng(cells, size),
    fromPng: async (png, size) => pngToMask(png, size),
    maskName: 'Song (Mask).png',
    save,
    onError,
  });
  return { state, edit, save, encode, onError };
}

const fileOf = (blob: Blob, name: string) => ({ name, arrayBuffer: () => blob.arrayBuffer() });

describe('MaskFilesState', () => {
  test('saves a stem, and says so', async () => {
    const { state, save } = open();
    const saving = state.saveStem('vocals');
    expect(state.status).toEqual({ kind: 'saving' });
    await saving;
    expect(save).toHaveBeenCalledExactlyOnceWith(expect.any(Blob), 'vocals.wav');
    expect(state.status).toEqual({ kind: 'saved', name: 'vocals.wav' });
  });

  test('saves no stem before the song is separated', async () => {
    const { state, encode } = open({ complete: false });
    await state.saveStem('vocals');
    expect([state.status.kind, encode.mock.calls.length]).toEqual(['notComplete', 0]);
  });

  test('a mask that was saved comes back as it was, in one step', async () => {
    const { state, edit, save } = open();
    await state.saveMask();
    const [[png, name]] = save.mock.calls;
    expect([name, state.status]).toEqual(['Song (Mask).png', { kind: 'saved', name: 'Song (Mask).png' }]);
    const before = Array.from({ length: 6 }, (_, frame) => [...edit.row(frame)]);
    edit.fill(1);
    await state.loadMask(fileOf(png, 'mine.png'));
    expect(Array.from({ length: 6 }, (_, frame) => [...edit.row(frame)])).toEqual(before);
    expect(state.status).toEqual({ kind: 'loaded', name: 'mine.png' });
    edit.undo();
    expect(edit.row(3)[2]).toBe(ONE);
  });

  test('a file that is no PNG is reported, and changes nothing', async () => {
    const { state, edit, onError } = open();
    await state.loadMask(fileOf(new Blob(['words']), 'words.txt'));
    expect(onError).toHaveBeenCalledOnce();
    expect([state.status.kind, edit.canUndo]).toEqual(['idle', false]);
  });

  test('does one thing at a time, and a cancelled one leaves no word', async () => {
    const { state, encode, save } = open();
    let finish: (made: undefined) => void = () => undefined;
    encode.mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    const saving = state.saveStem('vocals');
    await state.saveMask();
    expect(save).not.toHaveBeenCalled();
    finish(undefined);
    await saving;
    expect([state.status.kind, save.mock.calls.length]).toEqual(['idle', 0]);
    await state.saveMask();
    expect(save).toHaveBeenCalledOnce();
  });
});
