import { find, ID } from '../core/ebml.ts';
import { BlobReader } from './blob-reader.ts';
import type { VideoContainer } from './file-types.ts';
import { handlerOf, isEnabled } from './isobmff/headers.ts';
import { readHead, tracksOf } from './isobmff/read-head.ts';
import { readSegment } from './matroska/segment.ts';
import { hasPicture } from './matroska/tracks.ts';

/** Bytes that are read at once: only the heads of boxes and elements are looked at. */
const SKIM_BYTES = 1 << 12;

/** The container of a file with a moving picture; undefined: the file has none. Never throws. */
export async function videoContainer(file: Blob): Promise<VideoContainer | undefined> {
  try {
    return (await matroskaContainer(file)) ?? (await isobmffContainer(file));
  } catch {
    return undefined;
  }
}

async function matroskaContainer(file: Blob): Promise<VideoContainer | undefined> {
  const segment = await readSegment(new BlobReader(file, SKIM_BYTES));
  if (!segment || !hasPicture(segment.elements.get(ID.Tracks)?.[0].data)) return undefined;
  const docType = find(segment.header, ID.DocType)?.data;
  return docType && new TextDecoder().decode(docType).startsWith('webm') ? 'webm' : 'mkv';
}

async function isobmffContainer(file: Blob): Promise<VideoContainer | undefined> {
  const head = await readHead(file);
  // A track of pictures for chapters is not enabled.
  if (!head || !tracksOf(head).some((trak) => handlerOf(trak) === 'vide' && isEnabled(trak))) return undefined;
  return head.brand === 'qt  ' ? 'mov' : 'mp4';
}
