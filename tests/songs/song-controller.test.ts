import { describe, expect, test } from 'vitest';
import { AudioDecodeError } from '../../src/core/errors.ts';
import { FakePage, gate } from './fake-page.ts';
import { SAMPLES } from './fake-separator.ts';

const ALL = ['A0', 'A1', 'A2', 'B0', 'B1', 'B2', 'C0', 'C1', 'C2'];

describe('an added song', () => {
  test('is opened after decoding, before it is separated; its chunks are emitted, and it is archived', async () => {
    const page = new FakePage();
    const decoding = gate();
    page.decodeGate = decoding.ended;
    void page.add('A');
    await page.until('A:decoding');
    // The engine gets ready meanwhile.
    await expect.poll(() => page.separator.warmedUp).toBe(1);
    expect(page.songs.state.progress).toMatchObject({ kind: 'decoding', name: 'A.mp3' });
    expect(page.songs.state.open).toBeUndefined();
    decoding.open();
    await page.until('A*:separating 0');
    const { open } = page.songs.state;
    expect(open).toMatchObject({ model: page.separator.model, working: true });
    expect(open?.storage.samples).toBe(SAMPLES);
    page.separator.allow(1);
    await page.until('A*:separating 33');
    expect(page.songs.state.progress).toMatchObject({ kind: 'separating', doneSeconds: 1, totalSeconds: 3 });
    expect(page.songs.state).toMatchObject({ busy: true, unkept: true });
    page.separator.allow();
    await page.until('A*:kept');
    expect(page.chunks).toEqual([0, 100, 200]);
    expect(page.songs.state).toMatchObject({ busy: false, unkept: false, progress: { kind: 'done' } });
    expect(page.songs.state.open?.storage.whole?.vocals.channels[0]).toEqual(new Float32Array(SAMPLES).fill(0.065 / 2));
    expect(page.ended).toEqual(['A']);
    expect(await page.archived()).toEqual(['A']);
    expect(page.notices).toEqual([]);
  });

  test('can be heard by a preview before its first chunk, which replaces it', async () => {
    const page = new FakePage();
    page.separator.previews = true;
    await page.add('A');
    await page.until('A*:separating 0');
    const { storage } = page.songs.state.open!;
    await expect.poll(() => storage.audibleRanges).toEqual([{ start: 0, end: 50 }]);
    expect(storage.whole?.vocals.channels[0].subarray(0, 51)).toEqual(
      Float32Array.from({ length: 51 }, (_, n) => (n < 50 ? Math.fround(0.065 / 4) : 0)),
    );
    expect([page.chunks, storage.separatedSamples]).toEqual([[], 0]);
    page.separator.allow();
    await page.until('A*:kept');
    expect(page.chunks).toEqual([0, 100, 200]);
    expect(storage.whole?.vocals.channels[0]).toEqual(new Float32Array(SAMPLES).fill(0.065 / 2));
  });

  test('shows that it waits for the engine, and the engine’s steps, until the first chunk', async () => {
    const page = new FakePage();
    page.songs.engineStep({ kind: 'loading-model', loadedBytes: 1, totalBytes: 10 });
    const ready = gate();
    page.separator.ready = ready.ended;
    void page.add('A');
    await page.until('A*:separating 0');
    expect(page.songs.state.progress).toEqual({ kind: 'loading-model', loadedBytes: 1, totalBytes: 10 });
    page.songs.engineStep({ kind: 'probing', backend: 'webgl' });
    expect(page.songs.state.progress).toEqual({ kind: 'probing', backend: 'webgl' });
    page.songs.engineStep(undefined);
    ready.open();
    page.separator.allow(1);
    await page.until('A*:separating 33');
    page.songs.engineStep({ kind: 'probing', backend: 'cpu' });
    expect(page.songs.state.progress).toMatchObject({ kind: 'separating' });
  });

  test('with a damaged file fails; the open song stays open, the others continue, and its file is not stored', async () => {
    const page = new FakePage();
    page.separator.allow();
    await page.add('A');
    await page.until('A*:kept');
    await page.add('broken');
    await page.until('A*:kept broken:failed');
    expect(page.notices).toEqual([{ kind: 'failed', error: expect.any(AudioDecodeError), otherOpen: true }]);
    expect(page.song('broken')).toMatchObject({ kind: 'failed', error: expect.any(AudioDecodeError) });
    expect(page.songs.state.progress).toMatchObject({ kind: 'done' });
    await page.add('B');
    await page.until('A:kept broken:failed B*:kept');
    await expect.poll(() => page.pending()).toEqual([]);
  });

  test('that is already in the list is opened and not separated again', async () => {
    const page = new FakePage();
    page.separator.allow();
    await page.add('A', 'B');
    await page.until('A*:kept B:kept');
    const made = [...page.separator.made];
    await page.songs.add([{ fileName: 'Another name.mp3', file: new Blob(['B']) }]);
    await page.until('A:kept B*:kept');
    expect(page.notices).toEqual([{ kind: 'there', name: 'B', kept: true }]);
    await page.add('A', 'B', 'C');
    await page.until('A:kept B*:kept C:kept');
    expect(page.notices[1]).toEqual({ kind: 'there-many', count: 2 });
    expect(page.separator.made).toEqual([...made, 'C0', 'C1', 'C2']);
  });

  test('that is added twice at once is separated once', async () => {
    const page = new FakePage();
    page.separator.allow();
    await page.add('A', 'A');
    await page.until('A*:kept');
    expect(page.separator.made).toEqual(['A0', 'A1', 'A2']);
  });
});

describe('several songs', () => {
  test('are separated one after the other; only the first is opened', async () => {
    const page = new FakePage();
    const counts: number[] = [];
    page.songs.on('added', (count) => counts.push(count));
    await page.add('A', 'B', 'C');
    expect(counts).toEqual([3]);
    await page.until('A*:separating 0 B:waiting C:waiting');
    page.separator.allow();
    await page.until('A*:kept B:kept C:kept');
    expect(page.separator.made).toEqual(ALL);
    expect(page.chunks).toEqual([0, 100, 200]);
    // Only the open one is in memory.
    expect([page.song('A'), page.song('B')]).toMatchObject([{ loaded: expect.anything() }, { loaded: undefined }]);
  });

  test('can be moved, and are separated in the new order', async () => {
    const page = new FakePage();
    await page.add('A', 'B', 'C');
    await page.until('A*:separating 0 B:waiting C:waiting');
    page.songs.move(page.id('C'), 1);
    expect(page.states).toBe('A*:separating 0 C:waiting B:waiting');
    page.separator.allow();
    await page.until('A*:kept C:kept B:kept');
    expect(page.separator.made).toEqual(['A0', 'A1', 'A2', 'C0', 'C1', 'C2', 'B0', 'B1', 'B2']);
  });

  test('overtake: the song that is listened to is separated first, and the started one continues afterwards', async () => {
    const page = new FakePage();
    await page.add('A', 'B', 'C');
    page.separator.allow(1);
    await page.until('A*:separating 33 B:waiting C:waiting');
    await expect.poll(() => page.separator.asked).toBe('A1');
    await page.songs.listen(page.id('C'));
    // A stays open until C can be heard.
    await page.until('A:separating 33 B:waiting C*:separating 0');
    expect(page.songs.state.rows.map(({ active }) => active)).toEqual([false, false, true]);
    page.separator.allow();
    await page.until('A:kept B:kept C*:kept');
    // The piece of A that was in the making is still finished.
    expect(page.separator.made).toEqual(['A0', 'A1', 'C0', 'C1', 'C2', 'A2', 'B0', 'B1', 'B2']);
    expect(page.chunks).toEqual([0, 0, 100, 200]);
  });

  test('can be opened during their separation, as far as they are separated', async () => {
    const page = new FakePage();
    page.separator.allow(4);
    await page.add('A', 'B');
    await page.until('A*:kept B:separating 33');
    expect(await page.songs.listen(page.id('B'))).toBe(true);
    expect(page.states).toBe('A:kept B*:separating 33');
    expect(page.songs.state.open?.storage.doneRanges).toEqual([{ start: 0, end: 100 }]);
  });

  test('can be cancelled one by one and all at once, and stay cancelled', async () => {
    const page = new FakePage();
    await page.add('A', 'B', 'C');
    page.separator.allow(1);
    await page.until('A*:separating 33 B:waiting C:waiting');
    page.songs.cancel(page.id('B'));
    expect(page.states).toBe('A*:separating 33 B:cancelled C:waiting');
    page.songs.cancelAll();
    expect(page.states).toBe('A*:cancelled B:cancelled C:cancelled');
    expect(page.songs.state).toMatchObject({ busy: false, unkept: true });
    expect(page.songs.state.progress).toEqual({ kind: 'cancelled', doneSeconds: 1, totalSeconds: 3 });
    expect(page.ended).toEqual([]);
    page.separator.allow();
    page.songs.retry(page.id('C'));
    await page.until('A*:cancelled B:cancelled C:kept');
    expect(page.separator.made).toEqual(['A0', 'C0', 'C1', 'C2']);
    // It was not opened.
    expect(page.chunks).toEqual([0]);
  });
});

describe('a song that was cancelled or failed', () => {
  test('continues after its separated parts while it is open', async () => {
    const page = new FakePage();
    page.separator.allow(1);
    await page.add('A');
    await page.until('A*:separating 33');
    page.songs.cancel();
    await page.until('A*:cancelled');
    page.separator.allow();
    page.songs.finish();
    await page.until('A*:kept');
    expect(page.separator.made).toEqual(['A0', 'A1', 'A2']);
    expect(page.decoded).toEqual(['A']);
  });

  test('continues after its separated parts also after a crash of the worker', async () => {
    const page = new FakePage();
    page.separator.allow(1);
    await page.add('A');
    await page.until('A*:separating 33');
    const crash = new Error('The worker stopped.');
    page.separator.fault = crash;
    page.separator.allow();
    await page.until('A*:failed');
    expect(page.notices).toEqual([{ kind: 'failed', error: crash, otherOpen: false }]);
    expect(page.songs.state.progress).toEqual({ kind: 'cancelled', doneSeconds: 1, totalSeconds: 3 });
    expect(await page.pending()).toEqual(['A.mp3']);
    let attempts = 0;
    page.songs.on('attempt', () => attempts++);
    page.songs.retry(page.id('A'));
    // The error that is shown is obsolete.
    expect(attempts).toBe(1);
    await page.until('A*:kept');
    expect(page.separator.made).toEqual(['A0', 'A1', 'A2']);
    expect(page.chunks).toEqual([0, 100, 200]);
  });

  test('is tried again when the same file is added again, and loses nothing', async () => {
    const page = new FakePage();
    page.separator.allow(1);
    await page.add('A');
    await page.until('A*:separating 33');
    page.separator.fault = new Error('The download broke off.');
    page.separator.allow();
    await page.until('A*:failed');
    await page.songs.add([{ fileName: 'A.mp3', file: new Blob(['A']) }]);
    await page.until('A*:kept');
    expect(page.separator.made).toEqual(['A0', 'A1', 'A2']);
    expect(page.notices).toEqual([{ kind: 'failed', error: expect.any(Error), otherOpen: false }]);
  });

  test('is released if it is not open, and starts again', async () => {
    const page = new FakePage();
    page.separator.allow(4);
    await page.add('A', 'B');
    await page.until('A*:kept B:separating 33');
    page.songs.cancel(page.id('B'));
    expect(page.song('B')).toMatchObject({ kind: 'cancelled', storage: undefined, shape: { samples: SAMPLES } });
    page.separator.allow();
    await page.songs.listen(page.id('B'));
    await page.until('A:kept B*:kept');
    expect(page.separator.made.slice(3)).toEqual(['B0', 'B0', 'B1', 'B2']);
    expect(page.decoded).toEqual(['A', 'B', 'B']);
  });

  test('passes the focus to the next one if nothing else is open', async () => {
    const page = new FakePage();
    page.separator.allow();
    await page.add('broken', 'B');
    await page.until('broken:failed B*:kept');
    expect(page.notices).toEqual([{ kind: 'failed', error: expect.any(AudioDecodeError), otherOpen: false }]);
  });
});
