import * as Comlink from 'comlink';
import { afterEach, describe, expect, test } from 'vitest';
import type { SeparationChunk } from '../../../src/separation/types.ts';
import { Repainter } from '../../../src/songs/painting/repainter.ts';
import { replay } from '../../../src/songs/replay-chunks.ts';
import { BLOCK_SAMPLES, type BlockMessage, type PlayerSource } from '../../../src/songs/storage/player-source.ts';
import { openHandle } from '../../../src/songs/storage/song-handle.ts';
import type { SongStorage } from '../../../src/songs/storage/song-storage.ts';
import { fakeModel } from '../../separation/fake-model.ts';
import { inFiles, STORAGES } from './storages.ts';

const RATE = 8192;
/** Not a multiple of a block, a frame or a piece. */
const SAMPLES = 3 * BLOCK_SAMPLES + 4321;
const HOP = 768;
const SCALE = { frames: Math.floor(SAMPLES / HOP) + 1, bins: 4, firstBinHz: 8, binHz: 8, frameSeconds: HOP / RATE };

const noise = (seed: number) => (n: number) => Math.fround(Math.sin(n * 12.9898 + seed * 78.233) * 0.5);
const originalAt = [noise(1), noise(2)];
const vocalsAt = [noise(3), noise(4)];
const samplesOf = (at: readonly ((n: number) => number)[], start: number, end: number) =>
  at.map((value) => Float32Array.from({ length: end - start }, (_, n) => value(start + n)));
/** Bit for bit; quicker than `toEqual`. */
function expectSame(got: readonly Float32Array[], wanted: readonly Float32Array[]): void {
  const bytes = ({ buffer, byteOffset, byteLength }: Float32Array) =>
    Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
  expect(got.map(({ length }) => length)).toEqual(wanted.map(({ length }) => length));
  expect(got.map((channel, c) => bytes(channel).equals(bytes(wanted[c])))).toEqual(wanted.map(() => true));
}

const original = () => ({ sampleRate: RATE, channels: samplesOf(originalAt, 0, SAMPLES) });

const maskAt = (frame: number, bin: number) => ((frame * 7 + bin * 3) % 101) / 100;
/** −0.5 to −60 dB. */
const mixtureAt = (frame: number, bin: number) => 10 ** (-(0.5 + ((frame * 5 + bin) % 60)) / 20);

/** Samples [start, end) and the frames that begin in them. */
function chunk(start: number, end: number): SeparationChunk {
  const first = Math.ceil(start / HOP);
  const frames = (end >= SAMPLES ? SCALE.frames : Math.ceil(end / HOP)) - first;
  const cells = (at: (frame: number, bin: number) => number) =>
    Float32Array.from({ length: frames * SCALE.bins }, (_, n) =>
      at(first + Math.floor(n / SCALE.bins), n % SCALE.bins),
    );
  return {
    start,
    vocals: samplesOf(vocalsAt, start, end),
    accompaniment: [],
    spectrogram: { firstFrame: first, frames, bins: SCALE.bins, mixture: cells(mixtureAt), mask: cells(maskAt) },
    scale: SCALE,
    doneSamples: end,
    totalSamples: SAMPLES,
  };
}

let storage: SongStorage | undefined;

afterEach(async () => {
  await storage?.dispose();
  storage = undefined;
});

/** What another thread gets. */
function sent<T>(value: T, port: MessagePort | undefined): Promise<T> {
  const { port1, port2 } = new MessageChannel();
  const arrived = new Promise<T>((resolve) => {
    port2.onmessage = ({ data }) => {
      resolve(data);
      port2.close();
    };
  });
  port1.postMessage(value, port ? [port] : []);
  return arrived;
}

/** What a worklet holds of the song, and what comes to it later. */
async function listener(source: PlayerSource) {
  const got = await sent(source, source.kind === 'blocks' ? source.port : undefined);
  if (got.kind === 'arrays') {
    return { piece: async () => got.arrays, changed: async () => undefined, end: () => undefined };
  }
  const waiting: ((message: BlockMessage) => void)[] = [];
  const { port } = got;
  port.onmessage = ({ data }: MessageEvent<BlockMessage>) => waiting.shift()?.(data);
  const next = () => new Promise<BlockMessage>((resolve) => waiting.push(resolve));
  return {
    async piece(): Promise<{ original: readonly Float32Array[]; vocals: readonly Float32Array[] }> {
      const whole = {
        original: [0, 1].map(() => new Float32Array(SAMPLES)),
        vocals: [0, 1].map(() => new Float32Array(SAMPLES)),
      };
      for (let index = 0; index * BLOCK_SAMPLES < SAMPLES; index++) {
        port.postMessage({ need: [index] });
        const message = await next();
        if (!('index' in message)) throw new Error('A block was expected.');
        for (const kind of ['original', 'vocals'] as const) {
          for (const c of [0, 1]) whole[kind][c].set(message.piece[kind][c], index * BLOCK_SAMPLES);
        }
      }
      return whole;
    },
    async changed(): Promise<{ start: number; vocals: readonly Float32Array[] } | undefined> {
      const message = await next();
      return 'start' in message ? message : undefined;
    },
    end: () => port.postMessage({ end: true }),
  };
}

describe.each(STORAGES)('a song %s', (_, make) => {
  const song = async () => {
    storage = await make(original());
    return storage;
  };
  const whole = async () => {
    const of = await song();
    await of.write(chunk(0, 100_000));
    await of.write(chunk(100_000, SAMPLES));
    return of;
  };
  const vocals = async (of: SongStorage, start: number, end: number) => (await of.read(start, end)).vocals;

  test('has its original and silent vocals before anything is separated', async () => {
    const of = await song();
    expect([of.sampleRate, of.channels, of.samples, of.complete]).toEqual([RATE, 2, SAMPLES, false]);
    const read = await of.read(BLOCK_SAMPLES - 7, BLOCK_SAMPLES + 13);
    expectSame(read.original, samplesOf(originalAt, BLOCK_SAMPLES - 7, BLOCK_SAMPLES + 13));
    expect(read.vocals).toEqual([new Float32Array(20), new Float32Array(20)]);
    expectSame((await of.read(SAMPLES - 3, SAMPLES)).original, samplesOf(originalAt, SAMPLES - 3, SAMPLES));
    expect([of.scale, of.mask, of.edit, of.painting, of.columnRanges]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      [],
    ]);
  });

  test('returns what was written, in any order, and changes nothing else', async () => {
    const of = await song();
    const told: number[][] = [];
    of.on('grew', (...range) => told.push(range));
    await of.write(chunk(60_000, 90_000));
    await of.write(chunk(150_000, 180_001));
    await of.write(chunk(90_000, 100_000));
    expect(told).toEqual([
      [60_000, 90_000],
      [150_000, 180_001],
      [90_000, 100_000],
    ]);
    expect(of.doneRanges).toEqual([
      { start: 60_000, end: 100_000 },
      { start: 150_000, end: 180_001 },
    ]);
    expect(of.gaps[0]).toEqual({ start: 0, end: 60_000 });
    expect([of.doneSamples, of.separatedSamples, of.isDone(60_000, 100_000), of.isDone(99_999, 100_001)]).toEqual([
      0,
      70_001,
      true,
      false,
    ]);
    expectSame(await vocals(of, 60_000, 100_000), samplesOf(vocalsAt, 60_000, 100_000));
    for (const [at, is] of [
      [59_999, 0],
      [180_000, vocalsAt[1](180_000)],
      [180_001, 0],
    ])
      expect((await vocals(of, at, at + 1))[1][0]).toBe(is);
  });

  test('keeps a preview to be heard until the chunks of its samples come', async () => {
    const of = await song();
    const told: (string | number)[][] = [];
    of.on('grew', (...range) => told.push(['grew', ...range]));
    of.on('previewed', (...range) => told.push(['previewed', ...range]));
    const none = new Float32Array(0);
    const { spectrogram, ...facts } = chunk(50_000, 60_000);
    const preview = {
      ...facts,
      isPreview: true,
      spectrogram: { ...spectrogram, frames: 0, mixture: none, mask: none },
    };
    await of.write({ ...preview, vocals: samplesOf(originalAt, 50_000, 60_000) });
    expectSame(await vocals(of, 50_000, 60_000), samplesOf(originalAt, 50_000, 60_000));
    expect([of.audibleRanges, of.doneRanges, of.separatedSamples]).toEqual([[{ start: 50_000, end: 60_000 }], [], 0]);
    expect([of.scale, of.mask, of.columnRanges]).toEqual([undefined, undefined, []]);
    await of.write(chunk(40_000, 55_000));
    expectSame(await vocals(of, 40_000, 55_000), samplesOf(vocalsAt, 40_000, 55_000));
    expectSame(await vocals(of, 55_000, 60_000), samplesOf(originalAt, 55_000, 60_000));
    // The rest of the preview would not join the chunk's end.
    expect([of.audibleRanges, of.doneRanges]).toEqual([
      [{ start: 40_000, end: 55_000 }],
      [{ start: 40_000, end: 55_000 }],
    ]);
    expect([of.isAudible(40_000, 55_000), of.isAudible(54_999, 55_001)]).toEqual([true, false]);
    expect(told).toEqual([
      ['previewed', 50_000, 60_000],
      ['grew', 40_000, 55_000],
    ]);
  });

  test('drops samples after its end, and is complete when all samples are written', async () => {
    const of = await song();
    const last = chunk(SAMPLES - 1000, SAMPLES);
    const longer = last.vocals.map((channel) => Float32Array.from([...channel, ...new Array(500).fill(1)]));
    await of.write({ ...last, vocals: longer });
    expect(of.doneRanges).toEqual([{ start: SAMPLES - 1000, end: SAMPLES }]);
    expect(of.complete).toBe(false);
    await of.write(chunk(0, SAMPLES - 1000));
    expect(of.complete).toBe(true);
    expectSame(await vocals(of, SAMPLES - 5, SAMPLES), samplesOf(vocalsAt, SAMPLES - 5, SAMPLES));
  });

  test('does not change a chunk’s arrays, which views also use', async () => {
    const of = await song();
    const given = chunk(1000, 3000);
    await of.write(given);
    expectSame(given.vocals, samplesOf(vocalsAt, 1000, 3000));
    expect(given.spectrogram.mask).toHaveLength(given.spectrogram.frames * SCALE.bins);
  });

  test('has the columns of its spectrograms: masks to 16 bits, levels to 0.4 dB', async () => {
    const of = await song();
    await of.write(chunk(50 * HOP, 200 * HOP));
    expect(of.scale).toEqual(SCALE);
    expect(of.columnRanges).toEqual([{ start: 50, end: 200 }]);
    expect([of.hasColumns(50, 200), of.hasColumns(49, 51)]).toEqual([true, false]);
    const { firstFrame, frames, bins, mask, mixture } = await of.readColumns(60, 150);
    expect([firstFrame, frames, bins]).toEqual([60, 90, SCALE.bins]);
    for (let n = 0; n < frames * bins; n++) {
      const [frame, bin] = [60 + Math.floor(n / bins), n % bins];
      expect(Math.abs(mask[n] - maskAt(frame, bin))).toBeLessThan(1e-5);
      expect(Math.abs(20 * Math.log10(mixture[n] / mixtureAt(frame, bin)))).toBeLessThan(0.21);
    }
  });

  test('can be read by another thread, sample for sample', async () => {
    const of = await whole();
    const handle = of.handle();
    const reader = openHandle(await sent(handle, handle.from.kind === 'port' ? handle.from.port : undefined));
    expect([reader.sampleRate, reader.channels, reader.samples]).toEqual([RATE, 2, SAMPLES]);
    for (const [start, end] of [
      [99_990, 100_010],
      [0, 70_000],
    ]) {
      const { original: read, vocals: voice } = await reader.read(start, end);
      expectSame(read, samplesOf(originalAt, start, end));
      expectSame(voice, samplesOf(vocalsAt, start, end));
    }
    reader.close();
    expectSame(await vocals(of, 0, 10), samplesOf(vocalsAt, 0, 10));
  });

  test('is played in blocks or from arrays, and changed vocals reach the player', async () => {
    const of = await whole();
    const player = await listener(of.playerSource());
    const { original: mixture, vocals: voice } = await player.piece();
    expectSame(
      mixture.map((channel) => channel.slice(0)),
      samplesOf(originalAt, 0, SAMPLES),
    );
    expectSame(
      voice.map((channel) => channel.slice(0)),
      samplesOf(vocalsAt, 0, SAMPLES),
    );
    const coming = player.changed();
    await of.amend(BLOCK_SAMPLES - 10, [new Float32Array(20).fill(0.25), new Float32Array(20).fill(-0.25)]);
    const change = await coming;
    if (change) {
      expect(change.start).toBe(BLOCK_SAMPLES - 10);
      expect([...change.vocals[0], ...change.vocals[1]]).toEqual([
        ...new Array(20).fill(0.25),
        ...new Array(20).fill(-0.25),
      ]);
    } else expect(voice[0].slice(BLOCK_SAMPLES - 11, BLOCK_SAMPLES - 8)[1]).toBe(0.25);
    player.end();
  });

  test('gives its original to a separation', async () => {
    const of = await song();
    const input = of.separationInput();
    if (!('port' in input)) {
      expectSame(
        input.channels.map((channel) => channel.slice(5, 9)),
        samplesOf(originalAt, 5, 9),
      );
      return;
    }
    const { read } = Comlink.wrap<{ read(start: number, end: number): Promise<Float32Array[]> }>(input.port);
    expect([input.sampleRate, input.channelCount, input.samples]).toEqual([RATE, 2, SAMPLES]);
    expectSame(await read(5, 9), samplesOf(originalAt, 5, 9));
    input.port.close();
  });

  test('replaces vocals by painted ones, and returns their ranges and samples', async () => {
    const of = await whole();
    const told: number[][] = [];
    of.on('amended', (...range) => told.push(range));
    const paint = (start: number, count: number, value: number) =>
      of.amend(start, [new Float32Array(count).fill(value), new Float32Array(count).fill(-value)]);
    // Over the bound of two blocks, and over the end.
    await paint(BLOCK_SAMPLES - 100, 300, 0.5);
    await paint(BLOCK_SAMPLES + 150, 100, 0.75);
    await paint(SAMPLES - 10, 40, 1);
    expect(told.at(-1)).toEqual([SAMPLES - 10, SAMPLES]);
    const [left, right] = await vocals(of, BLOCK_SAMPLES - 101, BLOCK_SAMPLES + 251);
    expect([left[0], left[1], left[250], left[251], left[350], left[351]]).toEqual([
      vocalsAt[0](BLOCK_SAMPLES - 101),
      0.5,
      0.5,
      0.75,
      0.75,
      vocalsAt[0](BLOCK_SAMPLES + 250),
    ]);
    expect(right[1]).toBe(-0.5);
    expect((await vocals(of, SAMPLES - 11, SAMPLES))[0].slice(0, 2)).toEqual(
      Float32Array.of(vocalsAt[0](SAMPLES - 11), 1),
    );
    const painting = await of.soundingPainting();
    expect(painting?.spans).toEqual([
      { start: BLOCK_SAMPLES - 100, end: BLOCK_SAMPLES + 250 },
      { start: SAMPLES - 10, end: SAMPLES },
    ]);
    expect(painting?.sound.map(([channel]) => channel.length)).toEqual([350, 10]);
    expect(painting?.sound[1][1][3]).toBe(-1);
    // The network comes here once more.
    await of.write(chunk(BLOCK_SAMPLES - 50, BLOCK_SAMPLES + 50));
    expect((await vocals(of, BLOCK_SAMPLES, BLOCK_SAMPLES + 1))[0][0]).toBe(vocalsAt[0](BLOCK_SAMPLES));
    expect((await vocals(of, BLOCK_SAMPLES + 60, BLOCK_SAMPLES + 61))[0][0]).toBe(0.5);
  });

  test('can be painted where its mask is loaded; painted parts are rendered with the mask at that place', async () => {
    const of = await whole();
    const { edit } = of;
    if (!edit) throw new Error('There is a mask.');
    await edit.kept.load(100, 140);
    expect([edit.kept.has(100), edit.kept.has(139), edit.paintable(120)]).toEqual([true, true, true]);
    expect([...edit.kept.row(120)].map((cell) => Math.round((100 * cell) / 65_535))).toEqual(
      [0, 1, 2, 3].map((bin) => Math.round(100 * maskAt(120, bin))),
    );
    const failed: unknown[] = [];
    const spans: number[][] = [];
    const repainter = new Repainter({
      store: of,
      facts: fakeModel(() => 1).manifest,
      renderMasked: async (_song, { span, channels, mask }) => {
        // The original of the place, and the mask: as it is painted in the frame 120, as it was in the one before.
        expectSame(channels, samplesOf(originalAt, span.readFrom, span.readTo));
        const at = (frame: number) => mask[(frame - span.maskFrom) * SCALE.bins + 2];
        expect(at(120)).toBe(1);
        expect(Math.abs(at(119) - maskAt(119, 2))).toBeLessThan(1e-5);
        return [0, 1].map(() => new Float32Array(span.end - span.start).fill(0.125));
      },
      playhead: () => 0,
      onSamples: (start, end) => spans.push([start, end]),
      onError: (error) => failed.push(error),
    });
    edit.begin(1);
    edit.stroke((cover) => cover(120, 2, 1));
    edit.end();
    await of.settled;
    repainter.dispose();
    expect(failed).toEqual([]);
    expect(spans).toHaveLength(1);
    const [start, end] = spans[0];
    expect(start).toBeLessThan(120 * HOP);
    expect(end).toBeGreaterThan(120 * HOP);
    expect((await vocals(of, start, end)).flatMap((channel) => [...new Set(channel)])).toEqual([0.125, 0.125]);
    expect(of.painting).toMatchObject({ frames: [120], spans: [{ start, end }] });
    expect((await vocals(of, start - 1, start))[0][0]).toBe(vocalsAt[0](start - 1));
  });

  test('is replayed in chunks as the separation made them', async () => {
    const of = await song();
    await of.write(chunk(0, 60 * HOP));
    await of.write(chunk(150 * HOP, SAMPLES));
    const seen: number[][] = [];
    for await (const { start, vocals: voice, accompaniment, spectrogram } of replay(of)) {
      expectSame(voice, samplesOf(vocalsAt, start, start + voice[0].length));
      expect(accompaniment[1][0]).toBe(Math.fround(originalAt[1](start) - vocalsAt[1](start)));
      expect(Math.abs(spectrogram.mask[1] - maskAt(spectrogram.firstFrame, 1))).toBeLessThan(1e-5);
      seen.push([start, start + voice[0].length, spectrogram.firstFrame, spectrogram.firstFrame + spectrogram.frames]);
    }
    const step = 10 * RATE;
    expect(seen.map(([start, end]) => [start, end])).toEqual([
      [0, 60 * HOP],
      [150 * HOP, 150 * HOP + step],
      [150 * HOP + step, SAMPLES],
    ]);
    // Every frame once.
    expect([seen[0][2], seen[0][3], seen[1][2], seen[2][3]]).toEqual([0, 60, 150, SCALE.frames]);
    expect(seen[1][3]).toBe(seen[2][2]);
    // What was read is given back; the song is as it was.
    expectSame(await vocals(of, 0, 100), samplesOf(vocalsAt, 0, 100));
  });

  test('is read, played and painted on after it was sealed', async () => {
    const of = await whole();
    const reading = vocals(of, 0, 50_000);
    const content = await of.seal();
    expectSame(await reading, samplesOf(vocalsAt, 0, 50_000));
    expect(content === undefined).toBe(of.whole === undefined);
    if (content) {
      expectSame(
        content.vocals.map((channel) => channel.slice(0, 9)),
        samplesOf(vocalsAt, 0, 9),
      );
      expect([content.mask.length, content.levels.length]).toEqual([
        SCALE.frames * SCALE.bins,
        SCALE.frames * SCALE.bins,
      ]);
    }
    await of.seal();
    await of.amend(77, [Float32Array.of(0.5), Float32Array.of(0.25)]);
    expect(await vocals(of, 77, 79)).toEqual([
      Float32Array.of(0.5, vocalsAt[0](78)),
      Float32Array.of(0.25, vocalsAt[1](78)),
    ]);
    const player = await listener(of.playerSource());
    expect((await player.piece()).vocals[1][77]).toBe(0.25);
    player.end();
  });

  test('can be separated again: the same original, with nothing separated', async () => {
    const of = await whole();
    const again = of.restarted();
    expect([again.separatedSamples, again.samples, again.scale, of.sharesOriginal(again)]).toEqual([
      0,
      SAMPLES,
      undefined,
      true,
    ]);
    expectSame((await again.read(9, 12)).original, samplesOf(originalAt, 9, 12));
    await again.write(chunk(0, 2000));
    expect([again.separatedSamples, of.complete]).toEqual([2000, true]);
    const other = await make(original());
    expect(of.sharesOriginal(other)).toBe(false);
    await other.dispose();
  });
});

describe('a song in files', () => {
  const song = async (path?: string, space = 0) => {
    const made = await inFiles(original(), path === undefined ? [] : [{ path, space }]);
    storage = made.storage;
    return made;
  };

  test('continues without columns if there is only space for the vocals', async () => {
    const { storage: of } = await song('mask.u16', 100);
    await of.write(chunk(0, 5000));
    expect([of.doneSamples, of.columnRanges]).toEqual([5000, []]);
    expectSame((await of.read(10, 12)).vocals, samplesOf(vocalsAt, 10, 12));
  });

  test('stores columns that found no space before it is sealed, also after its worker crashed', async () => {
    const disk = { path: 'mask.u16', space: 100 };
    const { storage: of, crash } = await inFiles(original(), [disk]);
    storage = of;
    await of.write(chunk(0, 100_000));
    await of.write(chunk(100_000, SAMPLES));
    await expect(of.seal()).rejects.toMatchObject({ name: 'QuotaExceededError' });
    expect(of.columnRanges).toEqual([]);
    crash();
    disk.space = 1e9;
    await of.seal();
    expect(of.columnRanges).toEqual([{ start: 0, end: SCALE.frames }]);
    const { mask, mixture } = await of.readColumns(0, SCALE.frames);
    for (const [frame, bin] of [
      [0, 0],
      [100, 3],
      [200, 1],
    ]) {
      const cell = frame * SCALE.bins + bin;
      expect(mask[cell]).toBeCloseTo(maskAt(frame, bin), 4);
      // Levels are kept to 0.4 dB.
      expect(20 * Math.log10(mixture[cell] / mixtureAt(frame, bin))).toBeCloseTo(0, 0);
    }
  });

  test('throws if the disk is full, and keeps its data', async () => {
    const { storage: of } = await song('vocals.f32', 8 * 5000);
    await of.write(chunk(0, 4000));
    await expect(of.write(chunk(4000, 9000))).rejects.toMatchObject({
      name: 'LongSongError',
      code: 'long-song.no-space',
    });
    expect(of.doneRanges).toEqual([{ start: 0, end: 4000 }]);
    expectSame((await of.read(3990, 4000)).vocals, samplesOf(vocalsAt, 3990, 4000));
  });

  test.each([false, true])(
    'goes on after its worker crashed, what was painted included; sealed: %s',
    async (sealed) => {
      const { storage: of, crash } = await song();
      const told: unknown[] = [];
      of.on('crash', ({ name }) => told.push(name));
      await of.write(chunk(0, 100_000));
      if (sealed) {
        await of.write(chunk(100_000, SAMPLES));
        await of.seal();
      }
      await of.amend(BLOCK_SAMPLES - 1, [Float32Array.of(0.5, 0.25), Float32Array.of(-0.5, -0.25)]);
      const { lost } = of.separationInput();
      const reading = of.read(50, 60);
      crash();
      expectSame((await reading).vocals, samplesOf(vocalsAt, 50, 60));
      expect([told, lost?.aborted]).toEqual([['WorkerCrashedError'], true]);
      const [left, right] = (await of.read(BLOCK_SAMPLES - 2, BLOCK_SAMPLES + 2)).vocals;
      expect([...left]).toEqual([vocalsAt[0](BLOCK_SAMPLES - 2), 0.5, 0.25, vocalsAt[0](BLOCK_SAMPLES + 1)]);
      expect([right[1], right[2]]).toEqual([-0.5, -0.25]);
      if (!sealed) {
        await of.write(chunk(100_000, 120_000));
        expectSame((await of.read(119_990, 120_000)).vocals, samplesOf(vocalsAt, 119_990, 120_000));
      }
      const player = await listener(of.playerSource());
      expect((await player.piece()).vocals[0][BLOCK_SAMPLES]).toBe(0.25);
      player.end();
    },
  );

  test('can undo painted vocals whose mask is no longer in memory', async () => {
    const { storage: of } = await song();
    const frames = 4000;
    const cells = (value: number) => new Float32Array(frames).fill(value);
    await of.write({
      ...chunk(0, SAMPLES),
      spectrogram: { firstFrame: 0, frames, bins: 1, mixture: cells(0.5), mask: cells(0.5) },
      scale: { ...SCALE, frames, bins: 1, frameSeconds: SAMPLES / RATE / frames },
    });
    const { edit } = of;
    if (!edit) throw new Error('There is a mask.');
    const spans: number[][] = [];
    const masks: number[] = [];
    const repainter = new Repainter({
      store: of,
      facts: fakeModel(() => 1).manifest,
      renderMasked: async (_song, { span, mask }) => {
        masks.push(mask[15 - span.maskFrom]);
        return [0, 1].map(() => new Float32Array(span.end - span.start));
      },
      playhead: () => 0,
      onSamples: (start, end) => spans.push([start, end]),
      onError: (error) => expect(error).toBeUndefined(),
    });
    await edit.kept.load(10, 20);
    edit.begin(0);
    edit.stroke((cover) => cover(15, 0, 1));
    edit.end();
    await of.settled;
    await edit.kept.load(500, frames);
    expect([edit.kept.has(15), edit.kept.has(600)]).toEqual([false, true]);
    edit.undo();
    await of.settled;
    repainter.dispose();
    expect(spans).toHaveLength(2);
    expect(spans[1]).toEqual(spans[0]);
    expect(masks[0]).toBe(0);
    expect(Math.abs(masks[1] - 0.5)).toBeLessThan(1e-4);
  });

  test('rejects calls after it was closed', async () => {
    const { storage: of } = await song();
    await of.dispose();
    await expect(of.read(0, 1)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
