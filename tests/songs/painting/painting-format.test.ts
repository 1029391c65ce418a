import { describe, expect, test } from 'vitest';
import { decodePainting, encodePainting } from '../../../src/songs/painting/painting-format.ts';

const SONG = { frames: 10, bins: 3, channels: 2, samples: 100 };
const PAINTING = {
  frames: [2, 3, 7],
  rows: Uint16Array.from({ length: 9 }, (_, n) => 7000 * n),
  spans: [
    { start: 10, end: 41 },
    { start: 60, end: 100 },
  ],
};
const vocals = [0, 1].map((c) => Float32Array.from({ length: 100 }, (_, n) => n / 100 + c));
const sound = PAINTING.spans.map(({ start, end }) => vocals.map((channel) => channel.slice(start, end)));
const encoded = () => encodePainting({ ...PAINTING, serial: 5, sound }, SONG);

describe('a stored painting', () => {
  test('is read back as written: frames, cells, and the samples of its ranges', () => {
    const read = decodePainting(encoded(), SONG)!;
    expect(read).toMatchObject({ serial: 5, frames: PAINTING.frames, spans: PAINTING.spans });
    expect([...read.rows]).toEqual([...PAINTING.rows]);
    for (const [n, { start, end }] of PAINTING.spans.entries()) {
      for (const c of [0, 1]) expect([...read.sound[n][c]]).toEqual([...vocals[c].subarray(start, end)]);
    }
  });

  test('may be empty', () => {
    const empty = { frames: [], rows: new Uint16Array(0), spans: [], sound: [], serial: 1 };
    expect(decodePainting(encodePainting(empty, SONG), SONG)).toMatchObject({ frames: [], sound: [] });
  });

  test('is not read if its writing did not finish, or it is of another song', () => {
    const bytes = encoded();
    for (let length = 0; length < bytes.length; length++) {
      expect(decodePainting(bytes.slice(0, length), SONG)).toBeUndefined();
    }
    for (const other of [{ frames: 7 }, { bins: 4 }, { channels: 1 }, { samples: 99 }]) {
      expect(decodePainting(bytes, { ...SONG, ...other })).toBeUndefined();
    }
    const odd = encodePainting({ ...PAINTING, serial: 5, sound, frames: [3, 2, 7] }, SONG);
    expect(decodePainting(odd, SONG)).toBeUndefined();
  });
});
