import { dirname, join, parse, resolve } from 'node:path';
import { safeFolderName } from '../../src/audio/encode/file-names.ts';
import { STANDARD } from './standard-streams.ts';
import { PARTIAL } from './temporary-file.ts';

/** The stems of a song. */
export const STEMS = ['vocals', 'accompaniment'] as const;

export type Stem = (typeof STEMS)[number];

/** Paths of a song's stems. */
export type StemPaths = Readonly<Record<Stem, string>>;

/** Name of the stems of standard input, which has none. */
const STANDARD_INPUT = 'stdin';

/** Maximum bytes of a file's name in most file systems. */
const MAX_NAME_BYTES = 255;

/** A song's file name without its ending, for its stems. */
export function songName(input: string): string {
  return input === STANDARD ? STANDARD_INPUT : parse(input).name;
}

/**
 * `<name>.vocals.wav` and `<name>.accompaniment.wav` for each input, in `folder` or beside the song. A name that would
 * be written twice, or would overwrite an input, gets a number: `song-2.vocals.wav`. Names that differ only in case are
 * the same, as on macOS and Windows. A name that would be too long is shortened as on the page.
 */
export function stemPaths(inputs: readonly string[], folder?: string, extension = 'wav'): StemPaths[] {
  const taken = new Set(inputs.map(key));
  return inputs.map((input) => {
    for (let number = 1; ; number++) {
      const suffix = number === 1 ? '' : `-${number}`;
      const base = join(folder ?? dirname(input), fittingName(songName(input), suffix, extension));
      const paths = { vocals: `${base}.vocals.${extension}`, accompaniment: `${base}.accompaniment.${extension}` };
      const keys = [key(paths.vocals), key(paths.accompaniment)];
      if (keys.some((path) => taken.has(path))) continue;
      for (const path of keys) taken.add(path);
      return paths;
    }
  });
}

/** `name` and `suffix`, so short that the names of both stems fit while they are written. */
function fittingName(name: string, suffix: string, extension: string): string {
  const ending = `.accompaniment.${extension}`;
  if (Buffer.byteLength(`${name}${suffix}${ending}${PARTIAL}`) <= MAX_NAME_BYTES) return `${name}${suffix}`;
  return safeFolderName(name, `${suffix}${ending}`).slice(0, -ending.length);
}

function key(path: string): string {
  return resolve(path).toLowerCase();
}
