import { ExportError } from '../../core/errors.ts';
import { BlobReader } from '../blob-reader.ts';
import type { SinkWriter } from '../sink-writer.ts';
import { type Box, boxBytes, mapChildren, viewOf, withBoxAt } from './boxes.ts';
import { type Chunk, chunksOf, withOffsets } from './chunks.ts';

/** A movie whose tracks lie in one or several other files. */
export interface Movie {
  /** Boxes before `moov`, as they are written. */
  readonly before: readonly Uint8Array[];
  readonly moov: Box;
  /** The file that holds the chunks of a track (a `trak` in `moov`). */
  readonly files: ReadonlyMap<Box, Blob>;
}

interface PlacedChunk extends Chunk {
  readonly reader: BlobReader;
  readonly trak: Box;
  readonly index: number;
}

/** Samples that take more than the files themselves several times are those of a damaged table. */
const MAX_GROWTH = 4;

/** Bytes of the header of `mdat`, with a size of 64 bits. */
const MDAT_HEADER_BYTES = 16;

/**
 * Writes a movie: `moov` first, so that players can begin before they have all of it, then the chunks of all tracks in
 * the order of their times. Chunks are copied one by one; missing bytes of a file that breaks off become zeros.
 *
 * @param onProgress receives the finished part, 0 to 1
 * @throws ExportError if the sink fails; the signal's reason
 */
export async function writeMovie(
  writer: SinkWriter,
  { before, moov, files }: Movie,
  signal: AbortSignal,
  onProgress: (part: number) => void,
): Promise<void> {
  const readers = new Map([...new Set(files.values())].map((file) => [file, new BlobReader(file)]));
  const chunks: PlacedChunk[] = [];
  const offsets = new Map<Box, number[]>();
  for (const [trak, file] of files) {
    const reader = readers.get(file) as BlobReader;
    const own = chunksOf(trak).map((chunk, index) => ({ ...chunk, reader, trak, index }));
    for (const chunk of own) chunks.push(chunk);
    offsets.set(trak, new Array<number>(own.length).fill(0));
  }
  // The sort is stable: chunks of one track stay in their order.
  chunks.sort((a, b) => a.seconds - b.seconds);
  // The size of `moov` does not depend on the offsets in it.
  const headBytes = before.reduce((sum, part) => sum + part.length, 0) + boxBytes(placed(moov, offsets)).length;
  let total = 0;
  for (const { trak, index, bytes } of chunks) {
    (offsets.get(trak) as number[])[index] = headBytes + MDAT_HEADER_BYTES + total;
    total += bytes;
  }
  const available = [...readers.values()].reduce((sum, { size }) => sum + size, 0);
  if (total > MAX_GROWTH * available) throw new ExportError('export.video-unreadable');
  for (const part of before) await writer.write(part);
  await writer.write(boxBytes(placed(moov, offsets)));
  await writer.write(mdatHeader(total));
  let done = 0;
  for (const { reader, start, bytes } of chunks) {
    signal.throwIfAborted();
    const data = await reader.read(start, start + bytes);
    await writer.write(data);
    if (data.length < bytes) await writer.write(new Uint8Array(bytes - data.length));
    done += bytes;
    onProgress(done / total);
  }
}

function placed(moov: Box, offsets: ReadonlyMap<Box, readonly number[]>): Box {
  return mapChildren(moov, (trak) => {
    const own = offsets.get(trak);
    return own ? withBoxAt(trak, ['mdia', 'minf', 'stbl'], (stbl) => withOffsets(stbl, own)) : trak;
  });
}

function mdatHeader(bytes: number): Uint8Array {
  const header = new Uint8Array(MDAT_HEADER_BYTES);
  const view = viewOf(header);
  view.setUint32(0, 1);
  for (const [n, letter] of [...'mdat'].entries()) header[4 + n] = letter.charCodeAt(0);
  view.setBigUint64(8, BigInt(MDAT_HEADER_BYTES + bytes));
  return header;
}
