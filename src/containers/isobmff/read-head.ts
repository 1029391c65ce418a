import { BlobReader } from '../blob-reader.ts';
import { type Box, boxAt, parseBoxes, topLevelBoxes } from './boxes.ts';

/** A larger description of a movie is a damaged one. */
const MAX_MOOV_BYTES = 1 << 29;

/** Bytes that are read at once: only the heads of most boxes are looked at. */
const SKIM_BYTES = 1 << 12;

/** The parts of a file that do not hold samples. */
export interface MovieHead {
  /** Boxes that stay in front: the type of the file, and data of other programs. */
  readonly before: readonly Uint8Array[];
  readonly moov: Box;
  /** The main brand of the file: “isom”, “mp42”, “qt  ” … Old MOV files state none. */
  readonly brand: string;
  /** Whether samples are in fragments, which `moov` does not describe. */
  readonly isFragmented: boolean;
}

/**
 * Reads the head of an MP4 or MOV file.
 * @returns undefined if it has no description of its tracks
 */
export async function readHead(file: Blob): Promise<MovieHead | undefined> {
  const reader = new BlobReader(file, SKIM_BYTES);
  const before: Uint8Array[] = [];
  let moov: Box | undefined;
  let brand = 'qt  ';
  for await (const { type, start, headerBytes, end } of topLevelBoxes(reader)) {
    if (type === 'ftyp' || type === 'uuid') before.push((await reader.read(start, end)).slice());
    if (type === 'ftyp')
      brand = String.fromCharCode(...(await reader.read(start + headerBytes, start + headerBytes + 4)));
    if (type !== 'moov' || end - start > MAX_MOOV_BYTES) continue;
    const bytes = await reader.read(start + headerBytes, end);
    moov = { type, children: parseBoxes(bytes.slice()) };
  }
  if (!moov || !boxAt(moov, 'mvhd')) return undefined;
  return { before, moov, brand, isFragmented: boxAt(moov, 'mvex') !== undefined };
}

/** The tracks of a movie. */
export function tracksOf({ moov }: Pick<MovieHead, 'moov'>): readonly Box[] {
  return (moov.children ?? []).filter(({ type }) => type === 'trak');
}
