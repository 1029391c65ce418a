import { describe, expect, test } from 'vitest';
import { PcmFile } from '../../../src/songs/storage/pcm-file.ts';
import { memoryFile } from './memory-file.ts';

const ramp = (count: number, step: number) => Float32Array.from({ length: count }, (_, n) => n * step);

describe('PcmFile', () => {
  test.each([1, 2])(
    'gives back what was written, bit for bit, with %i channels, however the file cuts it',
    (channels) => {
      const pcm = new PcmFile(memoryFile(1e6), channels);
      const sound = [ramp(5000, 0.001), ramp(5000, -0.0001)].slice(0, channels);
      pcm.write(
        0,
        sound.map((channel) => channel.subarray(0, 3001)),
      );
      pcm.write(
        3001,
        sound.map((channel) => channel.subarray(3001)),
      );
      expect(pcm.read(0, 5000)).toEqual(sound);
      expect(pcm.read(2990, 3010)).toEqual(sound.map((channel) => channel.slice(2990, 3010)));
    },
  );

  test('is silent where nothing was written, and after its end', () => {
    const pcm = new PcmFile(memoryFile(1e6), 2);
    pcm.reserve(100);
    pcm.write(90, [ramp(4, 1), ramp(4, 2)]);
    expect(pcm.read(88, 95)[1]).toEqual(Float32Array.of(0, 0, 0, 2, 4, 6, 0));
    expect(pcm.read(99, 120)[0]).toEqual(new Float32Array(21));
  });

  test('allocates its size when it is reserved, and throws if a write finds no space', () => {
    const handle = memoryFile(80_000);
    const pcm = new PcmFile(handle, 2);
    pcm.reserve(9000);
    expect(handle.getSize()).toBe(72_000);
    expect(() => pcm.reserve(20_000)).toThrow(expect.objectContaining({ name: 'QuotaExceededError' }));
    expect(() => pcm.write(9000, [ramp(5000, 1), ramp(5000, 1)])).toThrow(
      expect.objectContaining({ name: 'QuotaExceededError' }),
    );
  });
});
