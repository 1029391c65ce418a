import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { CommandLineError } from './command-line-error.ts';

/** A folder of songs, or a song in it, does not have the layout that the evaluation needs. */
export class SongFolderError extends CommandLineError {}

/** Names of files before the dot. The last four are MUSDB18's (Rafii et al. 2017). */
const STEMS = ['mixture', 'accompaniment', 'vocals', 'drums', 'bass', 'other'] as const;

export type StemName = (typeof STEMS)[number];

/** Other files, such as lyrics, may lie beside the stems. */
const AUDIO = /\.(wav|wave|mp3|flac|ogg|oga|opus|m4a|mp4|aac|webm|weba|mka|mkv|aiff?|aifc|caf|wma)$/i;

const LAYOUT =
  'A song is a folder with vocals.* and accompaniment.* (and mixture.*, if there is one), or with vocals.*, drums.*, ' +
  'bass.* and other.* as in MUSDB18; the files are WAV, FLAC, MP3, Ogg, Opus, M4A or other audio.';

/** A folder with at least one stem. */
export interface SongFolder {
  /** Path from the searched folder, with slashes; the searched folder's own name where it is the song. */
  readonly path: string;
  /** The collection: the parent folder's name, or its path where two collections have the same name. */
  readonly set: string;
  readonly folder: string;
  /** Names of the audio files of each stem. */
  readonly files: Readonly<Partial<Record<StemName, readonly string[]>>>;
}

/**
 * Finds the songs in a folder, at any depth. Follows links and skips hidden folders. Songs with missing stems are
 * included, so that they can be reported: see {@link chooseStems}.
 *
 * @returns songs sorted by path, with numbers in numeric order
 * @throws SongFolderError when there is no such folder, or no song in it
 */
export async function findSongs(data: string): Promise<SongFolder[]> {
  const root = resolve(data);
  await requireFolder(data);
  const found: Omit<SongFolder, 'set'>[] = [];
  const seen = new Set<string>();
  const look = async (folder: string): Promise<void> => {
    // A link may lead back to a parent folder.
    const real = await realpath(folder);
    if (seen.has(real)) return;
    seen.add(real);
    const entries = await readdir(folder, { withFileTypes: true });
    const files: Partial<Record<StemName, string[]>> = {};
    for (const entry of entries.sort((a, b) => collator.compare(a.name, b.name))) {
      if (entry.name.startsWith('.')) continue;
      if (await isFolder(entry, folder)) {
        await look(join(folder, entry.name));
        continue;
      }
      const stem = stemOf(entry.name);
      if (stem === undefined) continue;
      files[stem] ??= [];
      files[stem].push(entry.name);
    }
    const path = relative(root, folder).split(sep).join('/') || basename(root);
    if (Object.keys(files).length > 0) found.push({ path, folder, files });
  };
  await look(root);
  if (found.length === 0) throw new SongFolderError(`There are no songs in “${data}”.`, LAYOUT);
  const sets = setNames(
    found.map((song) => dirname(song.folder)),
    root,
  );
  return found
    .map((song) => ({ ...song, set: sets.get(dirname(song.folder)) as string }))
    .sort((a, b) => comparePaths(a.path, b.path));
}

/** The files of one song. Several files of the accompaniment are summed. */
export interface StemFiles {
  readonly vocals: string;
  readonly accompaniment: readonly string[];
  /** Undefined: the mixture is vocals + accompaniment. */
  readonly mixture?: string;
}

/**
 * Chooses the files to read. An accompaniment.* is preferred to drums.*, bass.* and other.*.
 *
 * @returns paths
 * @throws SongFolderError when a stem is missing or has two files
 */
export function chooseStems({ folder, files }: SongFolder): StemFiles {
  const one = (stem: StemName): string => {
    const names = files[stem] ?? [];
    if (names.length > 1) {
      throw new SongFolderError(`There are several files of one stem: ${names.join(', ')}.`, 'Keep one of them.');
    }
    return join(folder, names[0]);
  };
  const parts: readonly StemName[] = files.accompaniment ? ['accompaniment'] : ['drums', 'bass', 'other'];
  const missing = (['vocals', ...parts] as const).filter((stem) => files[stem] === undefined);
  if (missing.length > 0) {
    const has = STEMS.filter((stem) => files[stem] !== undefined);
    // All three are missing: the song has the usual layout.
    const noPart = parts.every((stem) => missing.includes(stem));
    const wanted = noPart ? [...missing.filter((stem) => stem === 'vocals'), 'accompaniment'] : missing;
    throw new SongFolderError(`There is ${has.join(', ')}, but no ${wanted.join(' and no ')}.`, LAYOUT);
  }
  return {
    vocals: one('vocals'),
    accompaniment: parts.map(one),
    mixture: files.mixture && one('mixture'),
  };
}

const collator = new Intl.Collator('en', { numeric: true });

/** Sorts folder by folder, so that the songs of a set stay together. */
function comparePaths(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = collator.compare(left[i], right[i]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function setNames(parents: readonly string[], root: string): ReadonlyMap<string, string> {
  const distinct = [...new Set(parents)];
  return new Map(
    distinct.map((parent) => {
      const name = basename(parent);
      const isOnly = distinct.every((other) => other === parent || basename(other) !== name);
      const path = relative(dirname(root), parent).split(sep).join('/');
      return [parent, isOnly ? name : path];
    }),
  );
}

function stemOf(name: string): StemName | undefined {
  if (!AUDIO.test(name)) return undefined;
  const base = name.replace(AUDIO, '').toLowerCase();
  return STEMS.find((stem) => stem === base);
}

async function isFolder(entry: Dirent, folder: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return (await stat(join(folder, entry.name))).isDirectory();
  } catch {
    // A broken link: if it is a stem, reading it reports the error.
    return false;
  }
}

async function requireFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new SongFolderError(`There is no folder “${path}”.`, 'Check the path of --data.');
  if (!found.isDirectory()) {
    throw new SongFolderError(`“${path}” is a file.`, `Give the folder that holds the songs. ${LAYOUT}`);
  }
}
