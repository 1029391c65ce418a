import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { decodeInNode } from '../../../src/audio/decode/decode.node.ts';
import { type ByteSink, memorySink } from '../../../src/audio/encode/byte-sink.ts';
import { readTags } from '../../../src/audio/tags/read-tags.ts';
import { ExportError } from '../../../src/core/errors.ts';
import type { ExportRequest } from '../../../src/player/export/export-request.ts';
import type { MixSettings } from '../../../src/player/export/mix-settings.ts';
import { runExport } from '../../../src/player/export/run-export.ts';
import { differenceSource, type SongSource, songSource } from '../../../src/songs/storage/song-source.ts';
import { memoryFiles } from './memory-files.ts';

const RATE = 22_050;
const SAMPLES = 150_001;
const sine = (hertz: number, gain: number) =>
  Float32Array.from({ length: SAMPLES }, (_, i) => gain * Math.sin((2 * Math.PI * hertz * i) / RATE));
const voice = sine(440, 0.5);
const band = sine(150, 0.4);
const HEARD: MixSettings = {
  levels: { vocals: 0.5, accompaniment: 1 },
  rateAndKey: { speed: 1, semitones: 0 },
  loop: undefined,
};

function source(gain: number) {
  const original = { sampleRate: RATE, channels: [voice.map((value, i) => gain * (value + band[i]))] };
  return songSource(original, { sampleRate: RATE, channels: [voice.map((value) => gain * value)] });
}

async function run(
  request: Partial<ExportRequest>,
  gain = 1,
  sink: ByteSink = memorySink(),
  signal?: AbortSignal,
  of: SongSource = source(gain),
) {
  const parts: number[] = [];
  const { open, temporary } = memoryFiles();
  const result = await runExport(
    { kind: 'vocals', format: 'wav32f', name: 'Nobody - A song', mix: HEARD, ...request },
    {
      source: of,
      tags: { album: 'Songs' },
      sink,
      temporary,
      signal: signal ?? new AbortController().signal,
      onProgress: (part) => parts.push(part),
    },
  );
  return { result, parts, open };
}

async function decoded(request: Partial<ExportRequest>, gain = 1, of?: SongSource) {
  const sink = memorySink();
  const { result } = await run(request, gain, sink, undefined, of);
  const bytes = Buffer.concat(sink.pieces());
  return { result, bytes, samples: (await decodeInNode(bytes, 'file.wav')).channels[0] };
}

const largestError = (samples: Float32Array, wanted: (i: number) => number) =>
  samples.reduce((largest, value, i) => Math.max(largest, Math.abs(value - wanted(i))), 0);

describe('runExport', () => {
  test('saves a stem with the song’s tags, and title and artist from the name where they are missing', async () => {
    const { bytes, samples } = await decoded({ kind: 'accompaniment' });
    expect(samples.length).toBe(SAMPLES);
    expect(largestError(samples, (i) => band[i])).toBeLessThan(1e-6);
    expect(await readTags(bytes)).toEqual({ album: 'Songs', artist: 'Nobody', title: 'A song (Accompaniment)' });
  });

  test('reports progress that never decreases, up to 1', async () => {
    for (const kind of ['vocals', 'both'] as const) {
      const { parts } = await run({ kind, format: 'wav16' });
      expect(parts.length).toBeGreaterThan(4);
      expect(parts.every((part, i) => i === 0 || part >= parts[i - 1])).toBe(true);
      expect(parts.at(-1)).toBe(1);
    }
  });

  test('saves the mix at its levels, and a loop once', async () => {
    const loop = { start: 70_000, end: 140_003 };
    const { samples } = await decoded({ kind: 'mix', mix: { ...HEARD, loop } });
    expect(samples.length).toBe(70_003);
    expect(largestError(samples, (i) => 0.5 * voice[70_000 + i] + band[70_000 + i])).toBeLessThan(1e-6);
  });

  test('saves the difference of two results at its own level, whatever the levels of their stems', async () => {
    // Voices of 1.5 and 0.5: the first one alone would clip, and its accompaniment, too; 1 does not.
    const { samples, bytes, result } = await decoded(
      { kind: 'difference', format: 'wav16' },
      1,
      differenceSource(source(3), source(1)),
    );
    expect(result).toEqual({ gain: 1, peak: expect.closeTo(1, 2) });
    expect(largestError(samples, (i) => 2 * voice[i])).toBeLessThan(1e-4);
    expect((await readTags(bytes)).title).toBe('A song (Difference)');
  });

  test('changes length and pitch of a mix with speed and key', async () => {
    const levels = { vocals: 1, accompaniment: 0 };
    const mix = { ...HEARD, levels, rateAndKey: { speed: 0.8, semitones: 12 } };
    const { samples } = await decoded({ kind: 'mix', mix });
    expect(samples.length).toBe(Math.round(SAMPLES / 0.8));
    // 440 Hz an octave up: twice the crossings of zero a second.
    const middle = samples.subarray(50_000, 50_000 + 2 * RATE);
    const crossings = middle.reduce((count, value, i) => count + (i > 0 && middle[i - 1] < 0 && value >= 0 ? 1 : 0), 0);
    expect(Math.abs(crossings / 2 - 880)).toBeLessThan(2);
  });

  test('makes both stems quieter by one gain if the louder one would clip', async () => {
    const vocals = await decoded({ kind: 'vocals', format: 'wav24' }, 3);
    const accompaniment = await decoded({ kind: 'accompaniment', format: 'wav24' }, 3);
    const { gain, peak } = vocals.result;
    expect(peak).toBeCloseTo(1.5, 4);
    expect(gain).toBeCloseTo(32767 / 32768 / 1.5, 5);
    expect(accompaniment.result.gain).toBe(gain);
    expect(largestError(vocals.samples, (i) => gain * 3 * voice[i])).toBeLessThan(1e-6);
    expect(largestError(accompaniment.samples, (i) => gain * 3 * band[i])).toBeLessThan(1e-6);
  });

  test('keeps what is over full scale in floating point', async () => {
    const { result, samples } = await decoded({ format: 'wav32f' }, 3);
    expect(result.gain).toBe(1);
    expect(largestError(samples, (i) => 3 * voice[i])).toBeLessThan(1e-6);
  });

  test('puts both stems into one ZIP and deletes the temporary files', async () => {
    const sink = memorySink();
    const { open } = await run({ kind: 'both', format: 'flac' }, 1, sink);
    const files = unzipSync(Buffer.concat(sink.pieces()));
    expect(Object.keys(files)).toEqual(['Nobody - A song (Vocals).flac', 'Nobody - A song (Accompaniment).flac']);
    const [vocals] = (await decodeInNode(files['Nobody - A song (Vocals).flac'], 'v.flac')).channels;
    expect(largestError(vocals, (i) => voice[i])).toBeLessThan(1e-6);
    expect(open).toEqual([]);
  });

  test('deletes the file when it is cancelled and when the disk is full', async () => {
    const done: string[] = [];
    const sink = (write: ByteSink['write']): ByteSink => ({
      write,
      close: async () => void done.push('closed'),
      abort: async () => void done.push('aborted'),
    });
    const stop = new AbortController();
    stop.abort();
    await expect(
      run(
        { format: 'wav16' },
        1,
        sink(async () => {}),
        stop.signal,
      ),
    ).rejects.toThrow(/abort/i);
    const full = sink(async () => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    for (const kind of ['mix', 'both'] as const) {
      const error = await run({ kind }, 1, full).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ExportError);
      expect((error as ExportError).code).toBe('export.disk-full');
    }
    expect(done).not.toContain('closed');
    expect(done).toContain('aborted');
  });
});
