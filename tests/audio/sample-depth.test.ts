import { expect, test } from 'vitest';
import { sampleDepth } from '../../src/audio/sample-depth.ts';

test.each([
  ['pcm_s16le', undefined, 16],
  ['pcm_s24be', 24, 24],
  ['pcm_u8', 8, 8],
  // 24 valid bits of 32.
  ['pcm_s32le', 24, 24],
  ['pcm_s32le', undefined, 32],
  ['pcm_f32le', 32, 'float'],
  ['pcm_f64be', 64, 'float'],
  ['flac', 24, 24],
  ['alac', 16, 16],
  ['flac', undefined, undefined],
  ['flac', 0, undefined],
  ['mp3', undefined, 'lossy'],
  ['aac', 16, 'lossy'],
  ['pcm_mulaw', 8, 'lossy'],
  ['adpcm_ms', 4, 'lossy'],
] as const)('%s of %s bits has the depth %s', (codec, bits, depth) => {
  expect(sampleDepth(codec, bits)).toBe(depth);
});
