import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeInNode } from '../../../src/audio/decode/decode.node.ts';
import { encodeSamples, encodeWav, wavHeader } from '../../../src/audio/encode/encode-wav.ts';
import { ParameterError } from '../../../src/core/errors.ts';

const FOLDER = new URL('../../fixtures/audio/encoded/', import.meta.url);
const reference = (name: string): Buffer => readFileSync(new URL(name, FOLDER));

const raw = reference('samples.f32');
const interleaved = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
const left = interleaved.filter((_, i) => i % 2 === 0);
const right = interleaved.filter((_, i) => i % 2 === 1);
const stereo = { sampleRate: 44100, channels: [left, right] };

describe('encodeWav', () => {
  test('writes 16-bit files byte by byte as libsndfile does: rounded, and clipped without wrapping round', () => {
    expect(Buffer.concat(encodeWav(stereo, '16')).equals(reference('stereo16.wav'))).toBe(true);
  });

  test('writes 24-bit files byte by byte as libsndfile does', () => {
    expect(Buffer.concat(encodeWav(stereo, '24')).equals(reference('stereo24.wav'))).toBe(true);
  });

  test('pads an odd number of bytes as libsndfile does', () => {
    const mono = { sampleRate: 48000, channels: [left.slice(0, 3)] };
    expect(Buffer.concat(encodeWav(mono, '24')).equals(reference('mono24.wav'))).toBe(true);
  });

  test('writes floats as they are, beyond full scale too', async () => {
    const file = Buffer.concat(encodeWav(stereo, '32f'));
    const data = (bytes: Buffer): Buffer => bytes.subarray(bytes.indexOf('data') + 8);
    expect(data(file).equals(data(reference('stereofloat.wav')))).toBe(true);
    expect(file.readUInt32LE(file.indexOf('fact') + 8)).toBe(left.length);
    const decoded = await decodeInNode(file, 'float.wav');
    expect(decoded.sampleRate).toBe(44100);
    expect(decoded.channels.map((channel) => [...channel])).toEqual([[...left], [...right]]);
  });

  test('takes channels that are backed by shared memory', () => {
    const shared = new Float32Array(new SharedArrayBuffer(4 * left.length));
    shared.set(left);
    expect(encodeWav({ sampleRate: 8000, channels: [shared] }, '24')).toEqual(
      encodeWav({ sampleRate: 8000, channels: [left] }, '24'),
    );
  });

  test('gives a long song in pieces that join to one file', async () => {
    const ramp = Float32Array.from({ length: 300_001 }, (_, i) => (i % 1000) / 1000 - 0.5);
    const pieces = encodeWav({ sampleRate: 44100, channels: [ramp, ramp] }, '32f');
    expect(pieces.length).toBeGreaterThan(3);
    const decoded = await decodeInNode(Buffer.concat(pieces), 'long.wav');
    expect(decoded.channels[1].length).toBe(ramp.length);
    expect(decoded.channels[1].every((value, i) => value === ramp[i])).toBe(true);
  });

  test('makes a file with a header and nothing else of a song without samples', () => {
    const pieces = encodeWav({ sampleRate: 44100, channels: [new Float32Array(0)] }, '16');
    expect(Buffer.concat(pieces).length).toBe(44);
  });

  test('refuses what is too long for a WAV file', () => {
    expect(() => wavHeader(44100, 2, 2 ** 30, '16')).toThrow(ParameterError);
  });
});

test('not-a-number becomes silence in the integer formats', () => {
  expect([...encodeSamples([Float32Array.of(Number.NaN)], 0, 1, '16')]).toEqual([0, 0]);
  expect([...encodeSamples([Float32Array.of(Number.NaN)], 0, 1, '24')]).toEqual([0, 0, 0]);
});
