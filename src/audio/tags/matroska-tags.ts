import { type ByteSource, viewOf } from './byte-source.ts';
import type { SongTags } from './song-tags.ts';
import { TagFields } from './tag-fields.ts';

/** Identifiers of elements (RFC 9559, section 5.1). */
const SEGMENT = 0x18538067;
const SEEK_HEAD = 0x114d9b74;
const SEEK = 0x4dbb;
const SEEK_ID = 0x53ab;
const SEEK_POSITION = 0x53ac;
const CLUSTER = 0x1f43b675;
const INFO = 0x1549a966;
const TITLE = 0x7ba9;
const TAGS = 0x1254c367;
const TAG = 0x7373;
const TARGETS = 0x63c0;
const TARGET_TYPE_VALUE = 0x68ca;
const SIMPLE_TAG = 0x67c8;
const TAG_NAME = 0x45a3;
const TAG_STRING = 0x4487;
const ATTACHMENTS = 0x1941a469;
const ATTACHED_FILE = 0x61a7;
const FILE_NAME = 0x466e;
const FILE_MEDIA_TYPE = 0x4660;
const FILE_DATA = 0x465c;

/** A tag that applies to all of the file, as one without a target does; others are for one track or chapter. */
const ALBUM_LEVEL = 50;
/** Targets: a track, an edition, a chapter, an attachment. */
const TARGET_UIDS = [0x63c5, 0x63c9, 0x63c4, 0x63c6];

/** Elements of a level that are looked at; before the sound, a file has a dozen. */
const MAX_ELEMENTS = 64;

/** Larger elements are not read. */
const MAX_TAG_BYTES = 1 << 27;

const UTF_8 = new TextDecoder();

interface Element {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The tags of a Matroska or WebM file: the title that its segment states, its tags, attached pictures. They stand before
 * the sound, or where the index of the segment says.
 *
 * @throws RangeError if they are damaged
 */
export async function readMatroskaTags(source: ByteSource): Promise<SongTags> {
  const fields = new TagFields();
  for await (const segment of elementsOf(source, 0, source.size)) {
    if (segment.id !== SEGMENT) continue;
    const elements = await indexedElements(source, segment);
    const contents = async (id: number) => {
      const found = elements.filter((element) => element.id === id && element.end - element.start <= MAX_TAG_BYTES);
      return await Promise.all(found.map(({ start, end }) => source.read(start, end)));
    };
    for (const info of await contents(INFO)) fields.add('title', textOf(childOf(info, TITLE)));
    for (const tags of await contents(TAGS)) for (const tag of childrenOf(tags, TAG)) addTag(fields, tag);
    for (const files of await contents(ATTACHMENTS)) {
      for (const file of childrenOf(files, ATTACHED_FILE)) addPicture(fields, file);
    }
    break;
  }
  return fields.tags();
}

/** The elements of a segment before its sound, and those that its indexes (seek heads) name. */
async function indexedElements(source: ByteSource, segment: Element): Promise<readonly Element[]> {
  const elements = new Map<number, Element>();
  for await (const element of elementsOf(source, segment.start, segment.end)) {
    if (element.id === CLUSTER) break;
    elements.set(element.start, element);
  }
  for (const { id, start, end } of [...elements.values()]) {
    if (id !== SEEK_HEAD) continue;
    for (const entry of childrenOf(await source.read(start, end), SEEK).slice(0, MAX_ELEMENTS)) {
      const wanted = numberOf(childOf(entry, SEEK_ID));
      const at = segment.start + numberOf(childOf(entry, SEEK_POSITION));
      if (![INFO, TAGS, ATTACHMENTS].includes(wanted) || at >= source.size) continue;
      const element = elementOf(await source.read(at, at + MAX_HEADER_BYTES), at, source.size);
      if (element?.id === wanted) elements.set(element.start, element);
    }
  }
  return [...elements.values()];
}

function addTag(fields: TagFields, tag: Uint8Array): void {
  const targets = childOf(tag, TARGETS);
  const level = childOf(targets, TARGET_TYPE_VALUE);
  if (level.length > 0 && numberOf(level) !== ALBUM_LEVEL) return;
  if (TARGET_UIDS.some((id) => childrenOf(targets, id).length > 0)) return;
  for (const simple of childrenOf(tag, SIMPLE_TAG)) {
    fields.addNamed(textOf(childOf(simple, TAG_NAME)), textOf(childOf(simple, TAG_STRING)));
  }
}

/** “cover.jpg” is the front cover (RFC 9559, section 21.2). */
function addPicture(fields: TagFields, file: Uint8Array): void {
  const mimeType = textOf(childOf(file, FILE_MEDIA_TYPE));
  if (!mimeType.startsWith('image/')) return;
  const name = textOf(childOf(file, FILE_NAME)).toLowerCase();
  const type = name.startsWith('cover.') ? 3 : name.startsWith('back.') ? 4 : 0;
  fields.addPicture(type, mimeType, childOf(file, FILE_DATA));
}

async function* elementsOf(source: ByteSource, start: number, end: number): AsyncGenerator<Element> {
  let at = start;
  for (let n = 0; n < MAX_ELEMENTS && at < end; n++) {
    const element = elementOf(await source.read(at, at + MAX_HEADER_BYTES), at, end);
    if (!element) return;
    yield element;
    at = element.end;
  }
}

/** The contents of all elements of an identifier in another one. */
function childrenOf(parent: Uint8Array, id: number): readonly Uint8Array[] {
  const children: Uint8Array[] = [];
  for (let at = 0; at < parent.length; ) {
    const element = elementOf(parent.subarray(at, at + MAX_HEADER_BYTES), at, parent.length);
    if (!element) break;
    if (element.id === id) children.push(parent.subarray(element.start, element.end));
    at = element.end;
  }
  return children;
}

/** The content of the first element of an identifier; empty if there is none. */
function childOf(parent: Uint8Array, id: number): Uint8Array {
  return childrenOf(parent, id)[0] ?? new Uint8Array(0);
}

/** Bytes of an identifier and of a length. */
const MAX_HEADER_BYTES = 12;

/** The element whose header stands at `at`; one of unknown length goes on to `end`. */
function elementOf(header: Uint8Array, at: number, end: number): Element | undefined {
  // The first bits of each number state its bytes.
  const idBytes = Math.clz32(header[0] ?? 0) - 23;
  const sizeBytes = Math.clz32(header[idBytes] ?? 0) - 23;
  if (idBytes > 4 || sizeBytes > 8 || idBytes + sizeBytes > header.length) return undefined;
  const start = at + idBytes + sizeBytes;
  const size = lengthOf(header.subarray(idBytes, idBytes + sizeBytes));
  return { id: numberOf(header.subarray(0, idBytes)), start, end: Math.min(end, start + size) };
}

function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** A number whose first bits state its bytes; all ones: unknown. */
function lengthOf(bytes: Uint8Array): number {
  const view = viewOf(Uint8Array.from({ length: 8 }, (_, n) => bytes[n - 8 + bytes.length] ?? 0));
  const bits = 7n * BigInt(bytes.length);
  const value = view.getBigUint64(0) & ((1n << bits) - 1n);
  return value === (1n << bits) - 1n ? Number.POSITIVE_INFINITY : Number(value);
}

/** Text up to the first zero byte. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return UTF_8.decode(end < 0 ? bytes : bytes.subarray(0, end));
}
