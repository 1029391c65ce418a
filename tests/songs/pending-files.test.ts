import { describe, expect, test } from 'vitest';
import { roomFor } from '../../src/songs/pending-files.ts';

describe('roomFor', () => {
  test('of a song that waits is what it will take when it is separated, and its file twice', () => {
    // An hour of CD sound: 635 MB as a WAV file; 32-bit floats are twice that, and there are original and vocals.
    const file = 3600 * 44_100 * 2 * 2;
    const separated = 2 * 2 * file;
    expect(roomFor(file, 3600)).toBeGreaterThan(2 * file + separated);
    expect(roomFor(file, 3600)).toBeLessThan(1.2 * (2 * file + separated));
    expect(roomFor(1000, 0)).toBe(2000);
  });
});
