import { dirname, join, parse, resolve } from 'node:path';
import { safeFolderName } from '../../src/audio/encode/file-names.ts';
import { STANDARD } from './standard-streams.ts';
import { PARTIAL } from './temporary-file.ts';

/** The stems of a song. */
export const STEMS = ['vocals', 'accompaniment'] as const;

export type Stem = (typeof STEMS)[number];

/** Paths of a song's stems. */
export type StemPaths = Readonly<Record<Stem, string>>;

/** Paths of the files that are made of a song: of its stems, or of both in one NI Stems file. */
export type OutputPaths = Readonly<Partial<Record<Stem | 'stems', string>>>;

/** Name of the stems of standard input, which has none. */
const STANDARD_INPUT = 'stdin';

/** Maximum bytes of a file's name in most file systems. */
const MAX_NAME_BYTES = 255;

/** A song's file name without its ending, for its stems. */
export function songName(input: string): string {
  return input === STANDARD ? STANDARD_INPUT : parse(input).name;
}

/**
 * `<name>.vocals.wav` and `<name>.accompaniment.wav` for each input, named as by `outputPaths`.
 * @param extension of all files, or of those of each input
 */
export function stemPaths(
  inputs: readonly string[],
  folder?: string,
  extension: string | readonly string[] = 'wav',
): StemPaths[] {
  return outputPaths(inputs, folder, (index) => {
    const own = typeof extension === 'string' ? extension : extension[index];
    return { vocals: `.vocals.${own}`, accompaniment: `.accompaniment.${own}` };
  });
}

/**
 * The paths of the files of each input: its name with each ending, in `folder` or beside the song. A name that would
 * be written twice, or would overwrite an input, gets a number: `song-2.vocals.wav`. Names that differ only in case are
 * the same, as on macOS and Windows. A name that would be too long is shortened as on the page.
 *
 * @param endingsOf the endings of an input's files, by its index
 */
export function outputPaths<Kind extends string>(
  inputs: readonly string[],
  folder: string | undefined,
  endingsOf: (index: number) => Readonly<Record<Kind, string>>,
): Record<Kind, string>[] {
  const taken = new Set(inputs.map(key));
  return inputs.map((input, index) => {
    const endings = Object.entries<string>(endingsOf(index));
    const longest = endings.reduce((a, [, b]) => (b.length > a.length ? b : a), '');
    for (let number = 1; ; number++) {
      const suffix = number === 1 ? '' : `-${number}`;
      const base = join(folder ?? dirname(input), fittingName(songName(input), suffix, longest));
      const keys = endings.map(([, ending]) => key(`${base}${ending}`));
      if (keys.some((path) => taken.has(path))) continue;
      for (const path of keys) taken.add(path);
      return Object.fromEntries(endings.map(([kind, ending]) => [kind, `${base}${ending}`])) as Record<Kind, string>;
    }
  });
}

/** `name` and `suffix`, so short that the name with the ending fits while the file is written. */
function fittingName(name: string, suffix: string, ending: string): string {
  if (Buffer.byteLength(`${name}${suffix}${ending}${PARTIAL}`) <= MAX_NAME_BYTES) return `${name}${suffix}`;
  return safeFolderName(name, `${suffix}${ending}`).slice(0, -ending.length);
}

function key(path: string): string {
  return resolve(path).toLowerCase();
}
