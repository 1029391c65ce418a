import { readFile } from 'node:fs/promises';
import { ALL_FORMATS, BlobSource, type EncodedPacket, EncodedPacketSink, Input } from 'mediabunny';
import { expect, test } from 'vitest';
import { opusSamples } from '../../../src/audio/encode/opus-packet.ts';

// Milliseconds of a frame by the configuration, as in table 2 of RFC 6716.
test.each([
  [0, 10],
  [3, 60],
  [9, 20],
  [11, 60],
  [12, 10],
  [15, 20],
  [16, 2.5],
  [21, 5],
  [30, 10],
  [31, 20],
])('configuration %i has frames of %f ms', (configuration, milliseconds) => {
  const first = configuration << 3;
  expect(opusSamples(Uint8Array.of(first))).toBe(48 * milliseconds);
  // Two frames of the same size; two of different sizes; the number of frames in the second byte, stereo.
  expect(opusSamples(Uint8Array.of(first | 1))).toBe(2 * 48 * milliseconds);
  expect(opusSamples(Uint8Array.of(first | 2))).toBe(2 * 48 * milliseconds);
  expect(opusSamples(Uint8Array.of(first | 4 | 3, 0b1100_0010))).toBe(2 * 48 * milliseconds);
});

test('the packets of a file that FFmpeg has written are as long as the file says', async () => {
  const file = new Blob([await readFile('tests/fixtures/formats/opus.mp4')]);
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  const track = await input.getPrimaryAudioTrack();
  if (!track) throw new Error('There is no track.');
  const packets: EncodedPacket[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet);
  expect(packets.length).toBeGreaterThan(4);
  // MP4 cuts the last one to the length of the sound.
  for (const { data, duration } of packets.slice(0, -1)) expect(opusSamples(data) / 48_000).toBeCloseTo(duration, 6);
});

test('an empty packet is an error', () => {
  expect(() => opusSamples(new Uint8Array())).toThrow(RangeError);
});
