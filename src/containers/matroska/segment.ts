import { type Element, ID, type PlacedElement, parseElements, placedElements } from '../../core/ebml.ts';
import type { BlobReader } from '../blob-reader.ts';

/** Elements that lie directly in a segment: one of them ends a cluster of unknown size. */
const TOP_LEVEL = new Set<number>([
  ID.SeekHead,
  ID.Info,
  ID.Tracks,
  ID.Chapters,
  ID.Attachments,
  ID.Tags,
  ID.Cues,
  ID.Cluster,
]);

/** A larger element that is not a cluster is a damaged one. */
const MAX_ELEMENT_BYTES = 1 << 29;

/** A Matroska or WebM file, without its clusters. */
export interface Segment {
  /** The elements of the EBML header. */
  readonly header: readonly Element[];
  /** Info, Tracks, Chapters, Attachments, Tags, by their numbers. */
  readonly elements: ReadonlyMap<number, readonly Element[]>;
  /** Where the content of the segment begins and ends in the file. */
  readonly start: number;
  readonly end: number;
}

/** Reads all but the clusters; undefined: this is no Matroska file, or it has no segment. */
export async function readSegment(reader: BlobReader): Promise<Segment | undefined> {
  let header: readonly Element[] | undefined;
  for await (const { id, start, end, bytes } of placedElements(reader, 0, reader.size)) {
    if (id === ID.EBML) header = parseElements((await reader.read(start, end)).slice());
    if (id !== ID.Segment) continue;
    const stop = bytes === undefined ? reader.size : end;
    const elements = new Map<number, Element[]>();
    for await (const inner of placedElements(reader, start, stop)) {
      if (inner.id === ID.Cluster || !TOP_LEVEL.has(inner.id) || inner.end - inner.start > MAX_ELEMENT_BYTES) continue;
      const content = { id: inner.id, data: (await reader.read(inner.start, inner.end)).slice() };
      elements.set(inner.id, [...(elements.get(inner.id) ?? []), content]);
    }
    return header && { header, elements, start, end: stop };
  }
  return undefined;
}

/** The clusters and the blocks in them, in the order of the file. A cluster comes before its elements. */
export async function* clusterElements(
  reader: BlobReader,
  { start, end }: Segment,
): AsyncGenerator<PlacedElement, void, undefined> {
  for await (const placed of placedElements(reader, start, end)) {
    // What lies in a cluster of unknown size comes as if it lay in the segment.
    if (placed.id === ID.Cluster || !TOP_LEVEL.has(placed.id)) yield placed;
    if (placed.id === ID.Cluster && placed.bytes !== undefined) yield* placedElements(reader, placed.start, placed.end);
  }
}
