import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readStems } from '../../tools/lib/evaluate-stems.ts';
import { noise } from '../separation/fake-model.ts';
import { writeWav } from './evaluate-files.ts';

const RATE = 8000;
let folder: string;
const at = (name: string): string => join(folder, name);
const write = (name: string, channels: readonly Float32Array[], rate = RATE) => writeWav(at(name), channels, rate);
const plus = (...sounds: readonly Float32Array[]): number[] =>
  Array.from(sounds[0], (_, n) => Math.fround(sounds.reduce((sum, sound) => sum + sound[n], 0)));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-stems-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const voice = noise(RATE, 1);
const band = noise(RATE, 2);

describe('readStems', () => {
  test('makes the mixture of the stems where there is none', async () => {
    await write('vocals.wav', [voice]);
    await write('accompaniment.wav', [band]);
    const stems = await readStems({ vocals: at('vocals.wav'), accompaniment: [at('accompaniment.wav')] });
    expect([stems.sampleRate, stems.notes]).toEqual([RATE, []]);
    expect([stems.vocals, stems.accompaniment]).toEqual([[voice], [band]]);
    expect([...stems.mixture[0]]).toEqual(plus(voice, band));
  });

  test('sums drums, bass and other', async () => {
    const parts = [3, 4, 5].map((seed) => noise(RATE, seed));
    await write('vocals.wav', [voice]);
    for (const [i, part] of parts.entries()) await write(`${i}.wav`, [part]);
    const accompaniment = [at('0.wav'), at('1.wav'), at('2.wav')];
    const stems = await readStems({ vocals: at('vocals.wav'), accompaniment });
    const worst = plus(...parts).map((value, n) => Math.abs(value - stems.accompaniment[0][n]));
    expect(Math.max(...worst)).toBeLessThan(2e-7);
  });

  test('takes a mono stem as both channels beside a stereo one, and the mixture that is given', async () => {
    const right = band.map((value) => -value);
    const mixture = [0, 1].map((c) => Float32Array.from(plus(voice, [band, right][c])));
    await write('vocals.wav', [voice]);
    await write('accompaniment.wav', [band, right]);
    await write('mixture.wav', mixture);
    const stems = await readStems({
      vocals: at('vocals.wav'),
      accompaniment: [at('accompaniment.wav')],
      mixture: at('mixture.wav'),
    });
    expect(stems.vocals).toEqual([voice, voice]);
    expect(stems.accompaniment).toEqual([band, right]);
    expect(stems.mixture).toEqual(mixture);
    expect(stems.notes).toEqual([]);
  });

  test('cuts stems to the shortest and says so', async () => {
    await write('vocals.wav', [voice.slice(0, 6000)]);
    await write('accompaniment.wav', [band]);
    const stems = await readStems({ vocals: at('vocals.wav'), accompaniment: [at('accompaniment.wav')] });
    expect([stems.vocals, stems.accompaniment, stems.mixture].map(([channel]) => channel.length)).toEqual([
      6000, 6000, 6000,
    ]);
    expect(stems.accompaniment[0]).toEqual(band.slice(0, 6000));
    expect(stems.notes).toEqual([
      'Stems differ in length and were cut to the shortest: vocals.wav 0.750 s, accompaniment.wav 1.000 s.',
    ]);
  });

  test('keeps the beginning only, and then has nothing to say of lengths beyond it', async () => {
    await write('vocals.wav', [voice.slice(0, 6000)]);
    await write('accompaniment.wav', [band]);
    const stems = await readStems({ vocals: at('vocals.wav'), accompaniment: [at('accompaniment.wav')] }, 0.5);
    expect(stems.vocals).toEqual([voice.slice(0, 4000)]);
    expect(stems.mixture[0]).toHaveLength(4000);
    expect(stems.notes).toEqual([]);
  });

  test('tells when the mixture is not the sum of the stems', async () => {
    // Half as loud as the sum s: what differs is s/2, as loud as the mixture.
    await write('vocals.wav', [voice]);
    await write('accompaniment.wav', [band]);
    await write('mixture.wav', [Float32Array.from(plus(voice, band), (value) => value / 2)]);
    const { notes } = await readStems({
      vocals: at('vocals.wav'),
      accompaniment: [at('accompaniment.wav')],
      mixture: at('mixture.wav'),
    });
    expect(notes).toEqual(['mixture.wav is not the sum of the stems: what differs lies 0.0 dB below it.']);
  });

  test('takes what 24 bits cannot hold as silence', async () => {
    await write('vocals.wav', [Float32Array.of(0.5, 1e-30, -5e-8, 2 ** -23, 0)]);
    await write('accompaniment.wav', [new Float32Array(5)]);
    const { vocals } = await readStems({ vocals: at('vocals.wav'), accompaniment: [at('accompaniment.wav')] });
    expect([...vocals[0]]).toEqual([0.5, 0, 0, 2 ** -23, 0]);
  });

  test('refuses stems of unequal rates, and samples that are no numbers', async () => {
    await write('vocals.wav', [voice]);
    await write('fast.wav', [band], 16000);
    await write('nan.wav', [band.map((value, n) => (n === 500 ? Number.NaN : value))]);
    const read = (accompaniment: string) => readStems({ vocals: at('vocals.wav'), accompaniment: [at(accompaniment)] });
    await expect(read('fast.wav')).rejects.toThrow(
      'The stems differ in rate: vocals.wav has 8000 Hz, fast.wav 16000 Hz.',
    );
    await expect(read('nan.wav')).rejects.toThrow('“nan.wav” has invalid samples (NaN or infinity).');
    await expect(read('missing.wav')).rejects.toThrow('There is no file');
  });
});
