import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { decodeInNode } from '../../../src/audio/decode/decode.node.ts';
import { AudioDecodeError } from '../../../src/core/errors.ts';
import { audioFixtures, badAudioFixtures, measureSine } from '../../fixtures/audio/index.ts';

const FOLDER = new URL('../../fixtures/audio/', import.meta.url);
const read = (file: string): Promise<Buffer> => readFile(new URL(file, FOLDER));
const decode = async (file: string): ReturnType<typeof decodeInNode> => decodeInNode(await read(file), file);
const peak = (channel: Float32Array): number => channel.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('decodeInNode', () => {
  test.each(audioFixtures)('decodes $file at its own rate, with its length, level and start', async (fixture) => {
    const { sampleRate, channels } = await decode(fixture.file);
    expect(sampleRate).toBe(fixture.sampleRate);
    expect(channels).toHaveLength(fixture.channels);
    for (const channel of channels) expect(channel.length).toBe(fixture.length);
    fixture.sines?.forEach(({ hertz, amplitude }, index) => {
      const measured = measureSine(channels[index], sampleRate, hertz);
      expect(Math.abs(measured.amplitude - amplitude)).toBeLessThan(fixture.tolerance ?? 0);
      expect(Math.abs(measured.delay)).toBeLessThan(1);
    });
  });

  test('gives a one-sample file its sample', async () => {
    const { channels } = await decode('one-sample.wav');
    expect(channels.map((channel) => channel.length)).toEqual([1, 1]);
    expect(channels[0][0]).toBeCloseTo(0.5, 4);
    expect(channels[1][0]).toBeCloseTo(-0.25, 4);
  });

  test('keeps a silent file silent and a clipped file at full scale', async () => {
    expect((await decode('silent.wav')).channels.map(peak)).toEqual([0, 0]);
    for (const channel of (await decode('clipped.wav')).channels) expect(peak(channel)).toBeCloseTo(1, 3);
  });

  test('mixes the centre and the surround of 5.1 into left and right at 0.7071, and leaves the low effects out', async () => {
    const { sampleRate, channels } = await decode('surround51.wav');
    const level = (index: number, hertz: number): number => measureSine(channels[index], sampleRate, hertz).amplitude;
    expect([level(0, 400), level(0, 1200), level(0, 1600)].map((value) => value / 0.2)).toEqual([
      expect.closeTo(1, 2),
      expect.closeTo(Math.SQRT1_2, 2),
      expect.closeTo(Math.SQRT1_2, 2),
    ]);
    expect([level(1, 800), level(1, 1200), level(1, 2000)].map((value) => value / 0.2)).toEqual([
      expect.closeTo(1, 2),
      expect.closeTo(Math.SQRT1_2, 2),
      expect.closeTo(Math.SQRT1_2, 2),
    ]);
    for (const silent of [level(0, 800), level(0, 100), level(1, 400), level(1, 100)])
      expect(silent).toBeLessThan(0.001);
  });

  test.each(badAudioFixtures)('says what is wrong with $file', async ({ file, message }) => {
    const error: unknown = await decode(file).catch((reason: unknown) => reason);
    if (!(error instanceof AudioDecodeError)) throw error;
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`“${file}”`);
    expect(error.hint).toMatch(/^[A-Z].+\.$/);
  });

  test('leaves the bytes as they were', async () => {
    const bytes = await read('cbr.mp3');
    const copy = Buffer.from(bytes);
    await decodeInNode(bytes, 'cbr.mp3');
    expect(bytes.equals(copy)).toBe(true);
  });
});
