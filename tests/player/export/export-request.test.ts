import { describe, expect, test } from 'vitest';
import {
  type ExportKind,
  exportBytes,
  exportFileName,
  exportMimeType,
} from '../../../src/player/export/export-request.ts';
import {
  changesLength,
  type MixSettings,
  mixLabel,
  mixLength,
  wholeMix,
} from '../../../src/player/export/mix-settings.ts';

const HEARD: MixSettings = {
  levels: { vocals: 0, accompaniment: 1 },
  rateAndKey: { speed: 1, semitones: 0 },
  loop: undefined,
};
const request = (kind: ExportKind, mix = HEARD) => ({ kind, format: 'mp3', name: 'AC/DC', mix }) as const;

describe('mixLabel', () => {
  test.each([
    [{}, 'Accompaniment'],
    [{ levels: { vocals: 1, accompaniment: 0 } }, 'Vocals'],
    [{ levels: { vocals: 1, accompaniment: 1 } }, 'Mix'],
    [{ levels: { vocals: 0.3, accompaniment: 1 } }, 'Mix'],
    [{ rateAndKey: { speed: 0.9, semitones: 2 } }, 'Accompaniment, key +2, speed 90%'],
    [{ levels: { vocals: 1, accompaniment: 1 }, rateAndKey: { speed: 1, semitones: -3 } }, 'key -3'],
    [{ loop: { start: 5, end: 9 } }, 'Accompaniment, loop'],
  ] as const)('of %j says %s', (settings, label) => {
    expect(mixLabel({ ...HEARD, ...settings })).toBe(label);
  });
});

test('a slower mix is longer; a loop is as long as one repetition', () => {
  expect(mixLength({ ...HEARD, rateAndKey: { speed: 0.5, semitones: 0 } }, 1000)).toBe(2000);
  expect(mixLength({ ...HEARD, loop: { start: 100, end: 350 } }, 1000)).toBe(250);
});

test.each([
  [{}, false],
  [{ rateAndKey: { speed: 1, semitones: 4 } }, false],
  [{ rateAndKey: { speed: 0.5, semitones: 0 } }, true],
  [{ loop: { start: 100, end: 350 } }, true],
] as const)('%j changes the length: %s; the mix of a video never does', (settings, changes) => {
  const mix = { ...HEARD, ...settings };
  expect(changesLength(mix)).toBe(changes);
  expect(mixLength(wholeMix(mix), 1000)).toBe(1000);
});

test('file names contain the song and the kind of mix', () => {
  expect(exportFileName(request('vocals'))).toBe('AC_DC (Vocals).mp3');
  expect(exportFileName(request('accompaniment'))).toBe('AC_DC (Accompaniment).mp3');
  expect(exportFileName(request('both'))).toBe('AC_DC (Stems).zip');
  expect(exportFileName(request('mix', { ...HEARD, rateAndKey: { speed: 1, semitones: 2 } }))).toBe(
    'AC_DC (Accompaniment, key +2).mp3',
  );
  expect(exportMimeType(request('both'))).toBe('application/zip');
});

test('both stems are twice as large as one', () => {
  const song = { sampleRate: 44100, channels: 2, samples: 441_000 };
  expect(exportBytes(request('both'), song)).toBe(2 * exportBytes(request('vocals'), song));
});
