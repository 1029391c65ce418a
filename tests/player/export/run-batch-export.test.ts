import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { decodeInNode } from '../../../src/audio/decode/decode.node.ts';
import { type ByteSink, memorySink } from '../../../src/audio/encode/byte-sink.ts';
import { readTags } from '../../../src/audio/tags/read-tags.ts';
import {
  type BatchRequest,
  batchBytes,
  folderNames,
  runBatchExport,
} from '../../../src/player/export/run-batch-export.ts';
import { songSource } from '../../../src/songs/storage/song-source.ts';
import { memoryFiles } from './memory-files.ts';

const RATE = 22_050;
const SAMPLES = 30_001;
const sine = (hertz: number, gain: number) =>
  Float32Array.from({ length: SAMPLES }, (_, i) => gain * Math.sin((2 * Math.PI * hertz * i) / RATE));

/** Voice and band of each song; the last one is over full scale. */
const SONGS = [
  { name: 'Nobody - A song', voice: sine(440, 0.5), band: sine(150, 0.4) },
  { name: 'nobody - a song', voice: sine(330, 0.2), band: sine(100, 0.3) },
  { name: 'Loud: very', voice: sine(250, 1.5), band: sine(90, 0.2) },
];
const request = (format: BatchRequest['format'] = 'wav24'): BatchRequest => ({
  format,
  songs: SONGS.map(({ name }) => ({ name, sampleRate: RATE, channels: 1, samples: SAMPLES })),
});

async function run(given: Partial<Parameters<typeof runBatchExport>[1]> = {}, sink: ByteSink = memorySink()) {
  const parts: number[] = [];
  const { open, temporary } = memoryFiles();
  const result = await runBatchExport(request(), {
    async open(index) {
      const { voice, band } = SONGS[index];
      const original = { sampleRate: RATE, channels: [voice.map((value, i) => value + band[i])] };
      return { source: songSource(original, { sampleRate: RATE, channels: [voice] }), tags: { album: `No. ${index}` } };
    },
    sink,
    temporary,
    signal: new AbortController().signal,
    onProgress: (part) => parts.push(part),
    ...given,
  });
  return { result, parts, open };
}

const largestError = (samples: Float32Array, wanted: (i: number) => number) =>
  samples.reduce((largest, value, i) => Math.max(largest, Math.abs(value - wanted(i))), 0);

describe('runBatchExport', () => {
  test('puts the stems of each song into a folder of its own, sample for sample, with the song’s tags', async () => {
    const sink = memorySink();
    const { result, parts, open } = await run({}, sink);
    const zip = Buffer.concat(sink.pieces());
    const files = unzipSync(zip);
    expect(Object.keys(files)).toEqual([
      'Nobody - A song/Nobody - A song (Vocals).wav',
      'Nobody - A song/Nobody - A song (Accompaniment).wav',
      // Windows and macOS take both names for one.
      'nobody - a song (2)/nobody - a song (Vocals).wav',
      'nobody - a song (2)/nobody - a song (Accompaniment).wav',
      'Loud_ very/Loud_ very (Vocals).wav',
      'Loud_ very/Loud_ very (Accompaniment).wav',
    ]);
    const decoded = async (path: string) => (await decodeInNode(files[path], path)).channels[0];
    const { voice, band } = SONGS[1];
    const vocals = await decoded('nobody - a song (2)/nobody - a song (Vocals).wav');
    const rest = await decoded('nobody - a song (2)/nobody - a song (Accompaniment).wav');
    expect(largestError(vocals, (i) => voice[i])).toBeLessThan(1e-6);
    expect(largestError(rest, (i) => band[i])).toBeLessThan(1e-6);
    // Only the one that would be cut off is quieter.
    const loud = await decoded('Loud_ very/Loud_ very (Vocals).wav');
    expect(Math.max(...loud)).toBeGreaterThan(0.99);
    expect(largestError(loud, (i) => (SONGS[2].voice[i] * 32767) / 32768 / 1.5)).toBeLessThan(1e-3);
    expect(result).toEqual({ saved: [0, 1, 2], quieter: [2] });
    expect((await readTags(files['Loud_ very/Loud_ very (Vocals).wav'])).album).toBe('No. 2');
    expect(parts.every((part, i) => i === 0 || part >= parts[i - 1])).toBe(true);
    expect(parts.at(-1)).toBe(1);
    expect(open).toEqual([]);
    expect(Math.abs(zip.length - batchBytes(request()))).toBeLessThan(4000);
  });

  test('leaves out an unreadable song, and makes no file if all are unreadable', async () => {
    const sink = memorySink();
    const { voice } = SONGS[0];
    const source = songSource({ sampleRate: RATE, channels: [voice] }, { sampleRate: RATE, channels: [voice] });
    const { result } = await run({ open: async (index) => (index === 1 ? { source, tags: {} } : undefined) }, sink);
    expect(result.saved).toEqual([1]);
    expect(Object.keys(unzipSync(Buffer.concat(sink.pieces())))).toHaveLength(2);
    const nothing = memorySink();
    await expect(run({ open: async () => undefined }, nothing)).rejects.toThrow('None of the songs');
    expect(nothing.pieces()).toEqual([]);
  });

  test('can be cancelled between songs and within one, and deletes the file', async () => {
    for (const place of ['song', 'piece'] as const) {
      const stop = new AbortController();
      const sink = memorySink();
      const opened: number[] = [];
      const { voice } = SONGS[0];
      const source = songSource({ sampleRate: RATE, channels: [voice] }, { sampleRate: RATE, channels: [voice] });
      const running = run(
        {
          signal: stop.signal,
          async open(index) {
            opened.push(index);
            if (place === 'song' && index === 1) stop.abort();
            return { source, tags: {} };
          },
          onProgress: (part) => place === 'piece' && part > 0.1 && stop.abort(),
        },
        sink,
      );
      await expect(running).rejects.toThrow(/abort/i);
      expect(opened).toEqual(place === 'song' ? [0, 1] : [0]);
      expect(sink.pieces()).toEqual([]);
    }
  });

  test('gives songs of the same name folders of their own', () => {
    expect(folderNames(['A', 'a', 'A (2)', 'A', '..', ''])).toEqual([
      'A',
      'a (2)',
      'A (2) (2)',
      'A (3)',
      'song',
      'song (2)',
    ]);
  });
});
