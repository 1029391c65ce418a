import { expect, test } from 'vitest';
import type { BatchOutcome } from '../../src/player/export/export-engine.ts';
import {
  BatchExport,
  type BatchExportOptions,
  type BatchExportState,
  type BatchSong,
} from '../../src/songs/batch-export.ts';
import { FakePage } from './fake-page.ts';

type Run = BatchExportOptions['client']['run'];

/** A page with kept songs of which the first is open, and a worker that asks for one after the other. */
async function setUp(run: (...given: Parameters<Run>) => Promise<Partial<BatchOutcome>>) {
  const page = new FakePage();
  page.separator.allow();
  await page.add('A', 'B');
  await page.until('A*:kept B:kept');
  const files: (readonly [file: Blob, name: string])[] = [];
  const states: BatchExportState[] = [];
  const errors: unknown[] = [];
  const asked: number[] = [];
  let target: BatchExportOptions['chooseTarget'] = async () => undefined;
  const batch = new BatchExport({
    client: { run: async (...given) => (await run(...given)) as BatchOutcome, cancel: async () => undefined },
    songs: page.songs,
    chooseTarget: (name, type, bytes) => {
      asked.push(bytes);
      return target(name, type, bytes);
    },
    handOver: (file, name) => files.push([file, name]),
  });
  batch.on('change', () => states.push(batch.state));
  batch.on('error', (error) => errors.push(error));
  const songs = page.songs.state.rows.flatMap(({ song }): readonly BatchSong[] =>
    song.kind === 'done' ? [{ id: song.id, name: song.name, baseName: song.name, shape: song.shape }] : [],
  );
  return {
    page,
    batch,
    songs,
    files,
    states,
    errors,
    asked,
    choose: (choice: typeof target) => {
      target = choice;
    },
  };
}

test('songs are read one after the other, the open one from its storage and the others from the archive', async () => {
  const read: (readonly [name: string, vocals: number | undefined])[] = [];
  const { batch, songs, files, states } = await setUp(async (order, open, _, onProgress) => {
    for (const [place, { name }] of order.songs.entries()) {
      const song = await open(place);
      read.push([name, song?.store.whole?.vocals.channels[0][0]]);
      onProgress((place + 1) / 2);
    }
    return { kind: 'done', saved: [0, 1], quieter: [1], bytes: 1234, file: new Blob(['zip']) };
  });
  await batch.save(songs, 'wav16');
  expect(read).toEqual([
    ['A', Math.fround(Math.fround(0.065) / 2)],
    ['B', Math.fround(Math.fround(0.066) / 2)],
  ]);
  expect(states).toEqual([
    { kind: 'saving', part: 0, song: undefined },
    { kind: 'saving', part: 0, song: { name: 'A', place: 0, count: 2 } },
    { kind: 'saving', part: 0.5, song: { name: 'A', place: 0, count: 2 } },
    { kind: 'saving', part: 0.5, song: { name: 'B', place: 1, count: 2 } },
    { kind: 'saving', part: 1, song: { name: 'B', place: 1, count: 2 } },
    {
      kind: 'saved',
      fileName: 'Unsung - 2 songs (Stems).zip',
      bytes: 1234,
      count: 2,
      unreadable: [],
      quieter: ['B'],
    },
  ]);
  expect(files).toEqual([[expect.any(Blob), 'Unsung - 2 songs (Stems).zip']]);
});

test('a song that was removed meanwhile is left out and named', async () => {
  const { page, batch, songs, files } = await setUp(async (_, open) => {
    await page.songs.remove(songs[1].id);
    const opened = [await open(0), await open(1)];
    expect(opened.map((song) => song !== undefined)).toEqual([true, false]);
    return { kind: 'done', saved: [0], quieter: [], bytes: 10, file: undefined };
  });
  await batch.save(songs, 'wav16');
  expect(batch.state).toMatchObject({ kind: 'saved', count: 1, unreadable: ['B'] });
  // It was written to a file of the person's choice.
  expect(files).toEqual([]);
});

test('closing the dialogue changes nothing', async () => {
  const { batch, songs, states, errors, choose } = await setUp(async () => ({ kind: 'cancelled' }));
  await batch.save(songs, 'wav16');
  expect(batch.state).toEqual({ kind: 'cancelled' });
  choose(() => Promise.reject(new DOMException('Closed.', 'AbortError')));
  await batch.save(songs, 'wav16');
  expect(batch.state).toEqual({ kind: 'cancelled' });
  expect(states.filter(({ kind }) => kind === 'saving')).toHaveLength(1);
  expect(errors).toEqual([]);
});

test('an error is reported, and saving is possible again', async () => {
  const fault = new Error('unexpected');
  let works = false;
  const { batch, songs, errors } = await setUp(async () => {
    if (!works) throw fault;
    return { kind: 'failed', error: { code: 'export.zip-too-large', values: {} } };
  });
  await batch.save(songs, 'wav16');
  expect(errors).toEqual([fault]);
  expect(batch.state).toEqual({ kind: 'idle' });
  works = true;
  await batch.save(songs, 'wav16');
  expect(batch.state).toMatchObject({ kind: 'failed', error: { code: 'export.songs-too-large' } });
});

test('more than fits into a ZIP is refused before the user chooses a file', async () => {
  const { batch, songs, asked } = await setUp(async () => ({ kind: 'cancelled' }));
  const hours = { sampleRate: 44_100, channels: 2, samples: 5 * 3600 * 44_100 };
  await batch.save([{ ...songs[0], shape: hours }], 'wav32f');
  expect(batch.state).toMatchObject({ kind: 'failed', error: { code: 'export.songs-too-large' } });
  expect(asked).toEqual([]);
  await batch.save([], 'wav32f');
  expect(asked).toEqual([]);
});

test('a second save during a save does nothing', async () => {
  let runs = 0;
  const { batch, songs } = await setUp(async () => {
    runs++;
    return { kind: 'cancelled' };
  });
  await Promise.all([batch.save(songs, 'wav16'), batch.save(songs, 'wav16')]);
  expect(runs).toBe(1);
});
