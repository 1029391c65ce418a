import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';

/** A file to decode. */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const FOLDERS = ['formats', 'audio', 'audio/encoded', 'audio/tags'];

/** Files of the fixtures that are not for decoding. */
const OTHERS = new Set(['.ts', '.json', '.f32', '']);

/** All sound files of the fixtures, in a fixed order. */
export function fixtureFiles(): readonly NamedFile[] {
  return filesIn(FOLDERS);
}

/** All videos of the fixtures, in a fixed order. */
export function videoFiles(): readonly NamedFile[] {
  return filesIn(['video']);
}

function filesIn(folders: readonly string[]): readonly NamedFile[] {
  return folders.flatMap((folder) => {
    const url = new URL(`../fixtures/${folder}/`, import.meta.url);
    const names = readdirSync(url).filter((name) => !OTHERS.has(extname(name)));
    return names.sort().map((name) => ({ name, bytes: new Uint8Array(readFileSync(new URL(name, url))) }));
  });
}
