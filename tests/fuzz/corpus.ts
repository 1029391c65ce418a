import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { memorySink } from '../../src/audio/encode/byte-sink.ts';
import { writeNiStems } from '../../src/containers/ni-stems.ts';
import { SHAPE, SINES, soundFile } from '../containers/videos.ts';

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

/** A song as NI Stems, as the page saves it. */
export async function niStemsFile(): Promise<NamedFile> {
  const sound = await soundFile('m4a', SHAPE, SINES, { title: 'A song' });
  const silence = await soundFile('m4a', SHAPE, [new Float32Array(SHAPE.samples), new Float32Array(SHAPE.samples)]);
  const sink = memorySink();
  const sounds = { mixture: sound, vocals: sound, accompaniment: sound, silence };
  await writeNiStems(sink, sounds, new AbortController().signal);
  return { name: 'song.stem.mp4', bytes: Buffer.concat(sink.pieces()) };
}

function filesIn(folders: readonly string[]): readonly NamedFile[] {
  return folders.flatMap((folder) => {
    const url = new URL(`../fixtures/${folder}/`, import.meta.url);
    const names = readdirSync(url).filter((name) => !OTHERS.has(extname(name)));
    return names.sort().map((name) => ({ name, bytes: new Uint8Array(readFileSync(new URL(name, url))) }));
  });
}
