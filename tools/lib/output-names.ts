import { dirname, join, parse, resolve } from 'node:path';

/** Paths of a song's two stems. */
export interface StemPaths {
  readonly vocals: string;
  readonly accompaniment: string;
}

/**
 * `<name>.vocals.wav` and `<name>.accompaniment.wav` for each input, in `folder` or beside the song. A name that would
 * be written twice, or would overwrite an input, gets a number: `song-2.vocals.wav`. Names that differ only in case are
 * the same, as on macOS and Windows.
 */
export function stemPaths(inputs: readonly string[], folder?: string, extension = 'wav'): StemPaths[] {
  const taken = new Set(inputs.map(key));
  return inputs.map((input) => {
    const { name } = parse(input);
    for (let number = 1; ; number++) {
      const base = join(folder ?? dirname(input), number === 1 ? name : `${name}-${number}`);
      const paths = { vocals: `${base}.vocals.${extension}`, accompaniment: `${base}.accompaniment.${extension}` };
      const keys = [key(paths.vocals), key(paths.accompaniment)];
      if (keys.some((path) => taken.has(path))) continue;
      for (const path of keys) taken.add(path);
      return paths;
    }
  });
}

function key(path: string): string {
  return resolve(path).toLowerCase();
}
