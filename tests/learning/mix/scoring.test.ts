import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioData } from '../../../src/audio/audio-data.ts';
import { decodeInNode } from '../../../src/audio/decode/decode.node.ts';
import { encodeWav } from '../../../src/audio/encode/encode-wav.ts';
import { fitPair, type KnownSong, mixPair } from '../../../src/learning/mix/mix-pair.ts';
import { bssScoreOf, estimateOf, scoreOf } from '../../../src/learning/mix/scoring.ts';
import { idealBinaryMaskSeparation } from '../../../src/metrics/oracle.ts';
import { sdr } from '../../../src/metrics/sdr.ts';
import { measure } from '../../../tools/lib/evaluate-measure.ts';
import { chooseMethods } from '../../../tools/lib/evaluate-methods.ts';
import { readStems, type Stems } from '../../../tools/lib/evaluate-stems.ts';

/** With singing; short and of one channel, for BSS Eval takes long. */
const SECONDS = { from: 12, to: 15 };

let folder: string;
let voice: AudioData;
let band: AudioData;
let song: KnownSong;
/** The same files as the command line reads them. */
let stems: Stems;

async function stem(name: string): Promise<AudioData> {
  const { sampleRate, channels } = await decodeInNode(await readFile(`public/demo/${name}.mp3`), `${name}.mp3`);
  const [from, to] = [SECONDS.from * sampleRate, SECONDS.to * sampleRate];
  return { sampleRate, channels: [channels[0].slice(from, to)] };
}

beforeAll(async () => {
  [voice, band] = [await stem('vocals'), await stem('accompaniment')];
  folder = await mkdtemp(join(tmpdir(), 'unsung-judge-'));
  const [vocals, accompaniment] = [join(folder, 'vocals.wav'), join(folder, 'accompaniment.wav')];
  await writeFile(vocals, await new Blob(encodeWav(voice, '32f')).bytes());
  await writeFile(accompaniment, await new Blob(encodeWav(band, '32f')).bytes());
  stems = await readStems({ vocals, accompaniment: [accompaniment] });
  song = mixPair(await fitPair({ voice, accompaniment: band, seconds: 30 }), 0);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('scoring', () => {
  test('reads and mixes stems as npm run evaluate does', () => {
    for (const part of ['vocals', 'accompaniment', 'mixture'] as const) {
      const bytes = (channels: readonly Float32Array[]) =>
        Buffer.from(channels[0].buffer, channels[0].byteOffset, channels[0].byteLength);
      expect(song[part]).toHaveLength(stems[part].length);
      expect(bytes(song[part]).equals(bytes(stems[part]))).toBe(true);
    }
  });

  test.each(['mixture', 'idealRatio'] as const)('gives %s the scores of npm run evaluate', async (method) => {
    const key = { mixture: 'mixture', idealRatio: 'idealRatioMask' }[method];
    const theirs = chooseMethods([], { baselines: false }).find((one) => one.key === key);
    if (!theirs) throw new Error(`There is no method ${key}.`);
    const expected = measure(stems, await theirs.estimate(stems, () => {}), method === 'mixture');
    const estimate = estimateOf(method, song);
    const ours = scoreOf(song, estimate);
    for (const part of ['vocals', 'accompaniment'] as const) {
      expect(ours[part].sdr).toBeCloseTo(expected[part].sdr ?? Number.NaN, 6);
      expect(ours[part].seconds).toHaveLength(3);
    }
    if (method !== 'mixture') return;
    const bss = bssScoreOf(song, estimate);
    expect(bss?.vocals.sdr).toBeCloseTo(expected.vocals.bssSdr ?? Number.NaN, 6);
    expect(bss?.vocals.sir).toBeCloseTo(expected.vocals.bssSir ?? Number.NaN, 6);
    expect(bss?.accompaniment.sar).toBeCloseTo(expected.accompaniment.bssSar ?? Number.NaN, 6);
  });

  test('finds the ideal binary mask below the ideal ratio mask, and both far above doing nothing', () => {
    const of = (method: 'mixture' | 'idealRatio' | 'idealBinary') => scoreOf(song, estimateOf(method, song)).vocals.sdr;
    const [nothing, ratio, binary] = [of('mixture'), of('idealRatio'), of('idealBinary')];
    expect(ratio).toBeGreaterThan(binary);
    expect(binary).toBeGreaterThan(nothing + 6);
  });

  test('makes the untouched mixture one decibel better for each decibel of the voice', async () => {
    const pair = await fitPair({ voice, accompaniment: band, seconds: 1 });
    const at = (level: number) => {
      const mixed = mixPair(pair, level);
      return sdr(mixed.vocals, mixed.mixture);
    };
    expect(at(5) - at(0)).toBeCloseTo(5, 4);
    expect(at(-10) - at(0)).toBeCloseTo(-10, 4);
  });

  test('says nothing where a part is silent', () => {
    const silent = song.vocals.map((channel) => new Float32Array(channel.length));
    expect(bssScoreOf(song, { vocals: silent, accompaniment: song.mixture })).toBeUndefined();
  });
});

test('fitPair brings two sounds to one rate, length and number of channels', async () => {
  const tone = (sampleRate: number, seconds: number) => ({
    sampleRate,
    channels: [
      Float32Array.from(
        { length: sampleRate * seconds },
        (_, n) => 0.5 * Math.sin((2 * Math.PI * 440 * n) / sampleRate),
      ),
    ],
  });
  const other = tone(22050, 3);
  const pair = await fitPair({
    voice: tone(44100, 2),
    accompaniment: { ...other, channels: [other.channels[0], other.channels[0]] },
    seconds: 30,
  });
  expect([pair.sampleRate, pair.vocals.length, pair.accompaniment.length]).toEqual([44100, 2, 2]);
  expect(pair.accompaniment[0]).toHaveLength(2 * 44100);
  // The same tone: what one takes from the other is silence, but for the ends.
  const rest = pair.vocals[0].subarray(4410, 83790).map((value, n) => value - pair.accompaniment[1][4410 + n]);
  expect(Math.max(...rest.map(Math.abs))).toBeLessThan(1e-3);
});

test('the ideal binary mask keeps two sounds apart that share no frequency', () => {
  const tone = (bin: number) => Float32Array.from({ length: 8192 }, (_, n) => Math.sin((2 * Math.PI * bin * n) / 1024));
  const { vocals } = idealBinaryMaskSeparation([tone(40)], [tone(200)], { fftSize: 1024 });
  const middle = (channel: Float32Array) => [channel.subarray(1024, 7168)];
  expect(sdr(middle(tone(40)), middle(vocals[0]))).toBeGreaterThan(60);
});
