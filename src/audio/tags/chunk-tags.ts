import { asciiOf, type ByteSource, viewOf } from './byte-source.ts';
import { readId3v2 } from './id3v2.ts';
import { type SongTags, uniteTags } from './song-tags.ts';
import { TagFields } from './tag-fields.ts';
import { decodeText } from './text.ts';

/** Larger chunks hold no tags. */
const MAX_TAG_BYTES = 1 << 27;

/** Chunks that are looked at; a file has a few dozen. */
const MAX_CHUNKS = 4096;

interface Chunk {
  readonly id: string;
  /** First byte of the data. */
  readonly start: number;
  /** Bytes of the data. */
  readonly size: number;
}

/** How a kind of file states its chunks. */
interface ChunkLayout {
  /** Byte of the first chunk. */
  readonly first: number;
  readonly headerBytes: number;
  readonly size: (header: DataView) => number;
  /** Whether a chunk of an odd length has a byte more. */
  readonly padded: boolean;
}

const RIFF: ChunkLayout = { first: 12, headerBytes: 8, size: (header) => header.getUint32(4, true), padded: true };
const AIFF: ChunkLayout = { first: 12, headerBytes: 8, size: (header) => header.getUint32(4), padded: true };
const CAF: ChunkLayout = { first: 8, headerBytes: 12, size: (header) => Number(header.getBigInt64(4)), padded: false };

/**
 * The tags of a WAV file, RF64 included: an ID3 chunk, then the INFO list.
 *
 * @throws RangeError if a tag is damaged
 */
export async function readRiffTags(source: ByteSource): Promise<SongTags> {
  const id3: SongTags[] = [];
  const info = new TagFields();
  let largeSize = 0;
  for await (const { id, start, size } of chunksOf(source, RIFF, () => largeSize)) {
    const content = () => source.read(start, start + size);
    if (id === 'ds64') largeSize = Number(viewOf(await content()).getBigUint64(8, true));
    if (/^id3 $/i.test(id) && size <= MAX_TAG_BYTES) id3.push(readId3v2(await content()));
    if (id === 'LIST' && size <= MAX_TAG_BYTES) {
      const list = await content();
      if (asciiOf(list, 0, 4) === 'INFO') addInfo(info, list);
    }
  }
  return uniteTags([...id3, info.tags()]);
}

function addInfo(fields: TagFields, list: Uint8Array): void {
  const view = viewOf(list);
  for (let at = 4; at + 8 <= list.length; ) {
    const size = view.getUint32(at + 4, true);
    fields.addNamed(asciiOf(list, at, at + 4), decodeText(list.subarray(at + 8, at + 8 + size)));
    at += 8 + size + (size % 2);
  }
}

/**
 * The tags of an AIFF or AIFF-C file: an ID3 chunk, then the chunks NAME and AUTH.
 *
 * @throws RangeError if a tag is damaged
 */
export async function readAiffTags(source: ByteSource): Promise<SongTags> {
  const id3: SongTags[] = [];
  const texts = new TagFields();
  for await (const { id, start, size } of chunksOf(source, AIFF)) {
    if (size > MAX_TAG_BYTES) continue;
    if (/^id3 $/i.test(id)) id3.push(readId3v2(await source.read(start, start + size)));
    if (id === 'NAME' || id === 'AUTH') texts.addNamed(id, decodeText(await source.read(start, start + size)));
  }
  return uniteTags([...id3, texts.tags()]);
}

/** The tags of a CAF file: the strings of its information chunk. */
export async function readCafTags(source: ByteSource): Promise<SongTags> {
  const fields = new TagFields();
  for await (const { id, start, size } of chunksOf(source, CAF)) {
    if (id !== 'info' || size > MAX_TAG_BYTES) continue;
    const texts = (await source.read(start + 4, start + size)).subarray();
    const strings = new TextDecoder().decode(texts).split('\0');
    for (let n = 0; n + 1 < strings.length; n += 2) fields.addNamed(strings[n], strings[n + 1]);
  }
  return fields.tags();
}

/**
 * The chunks of a file, one after the other.
 *
 * @param largeSize the size of a chunk whose own field is too small for it (RF64)
 */
async function* chunksOf(
  source: ByteSource,
  { first, headerBytes, size: sizeOf, padded }: ChunkLayout,
  largeSize = () => 0,
): AsyncGenerator<Chunk> {
  let at = first;
  for (let n = 0; n < MAX_CHUNKS && at + headerBytes <= source.size; n++) {
    const header = await source.read(at, at + headerBytes);
    const stated = sizeOf(viewOf(header));
    const size = stated === 0xffffffff && largeSize() > 0 ? largeSize() : stated;
    const id = asciiOf(header, 0, 4);
    // A stream of unknown length, whose sound goes on to the end of the file, or what follows a header without a length.
    if (size < 0 || !/^[ -~]{4}$/.test(id)) return;
    const start = at + headerBytes;
    yield { id, start, size: Math.min(size, source.size - start) };
    at = start + size + (padded ? size % 2 : 0);
  }
}
