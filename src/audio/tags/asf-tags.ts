import { type ByteSource, viewOf } from './byte-source.ts';
import type { SongTags } from './song-tags.ts';
import { TagFields } from './tag-fields.ts';

/** Identifiers of objects (Advanced Systems Format, section 10), as they stand in a file. */
const HEADER = '3026b2758e66cf11a6d900aa0062ce6c';
const CONTENT_DESCRIPTION = '3326b2758e66cf11a6d900aa0062ce6c';
const EXTENDED_CONTENT_DESCRIPTION = '40a4d0d207e3d21197f000a0c95ea850';
const HEADER_EXTENSION = 'b503bf5f2ea9cf118ee300c00c205365';
const METADATA_LIBRARY = '941c23449894d149a1411d134e457054';

const UTF_16LE = new TextDecoder('utf-16le');

/** Larger headers are not read. */
const MAX_HEADER_BYTES = 1 << 27;

/** Whether these first bytes are those of an ASF file: WMA or WMV. */
export function isAsf(head: Uint8Array): boolean {
  return hex(head.subarray(0, 16)) === HEADER;
}

/**
 * The tags of an ASF file.
 *
 * @throws RangeError if they are damaged
 */
export async function readAsfTags(source: ByteSource): Promise<SongTags> {
  const size = Number(viewOf(await source.read(0, 24)).getBigUint64(16, true));
  const fields = new TagFields();
  if (size <= MAX_HEADER_BYTES) addObjects(fields, (await source.read(0, size)).subarray(30));
  return fields.tags();
}

function addObjects(fields: TagFields, objects: Uint8Array): void {
  for (let at = 0; at + 24 <= objects.length; ) {
    const size = Number(viewOf(objects).getBigUint64(at + 16, true));
    if (size < 24) return;
    const content = objects.subarray(at + 24, at + size);
    const id = hex(objects.subarray(at, at + 16));
    if (id === CONTENT_DESCRIPTION) addDescription(fields, content);
    if (id === EXTENDED_CONTENT_DESCRIPTION) addExtended(fields, content);
    if (id === METADATA_LIBRARY) addLibrary(fields, content);
    if (id === HEADER_EXTENSION) addObjects(fields, content.subarray(22));
    at += size;
  }
}

/** Title and author: the first two of five texts. */
function addDescription(fields: TagFields, content: Uint8Array): void {
  const view = viewOf(content);
  const title = view.getUint16(0, true);
  const author = view.getUint16(2, true);
  fields.add('title', textOf(content.subarray(10, 10 + title)));
  fields.add('artist', textOf(content.subarray(10 + title, 10 + title + author)));
}

function addExtended(fields: TagFields, content: Uint8Array): void {
  const view = viewOf(content);
  for (let n = view.getUint16(0, true), at = 2; n > 0; n--) {
    const nameEnd = at + 2 + view.getUint16(at, true);
    const type = view.getUint16(nameEnd, true);
    const end = nameEnd + 4 + view.getUint16(nameEnd + 2, true);
    addAttribute(fields, textOf(content.subarray(at + 2, nameEnd)), type, content.subarray(nameEnd + 4, end));
    at = end;
  }
}

/** Attributes that are too long for the extended content description, such as pictures. */
function addLibrary(fields: TagFields, content: Uint8Array): void {
  const view = viewOf(content);
  for (let n = view.getUint16(0, true), at = 2; n > 0; n--) {
    const nameEnd = at + 12 + view.getUint16(at + 4, true);
    const end = nameEnd + view.getUint32(at + 8, true);
    const name = textOf(content.subarray(at + 12, nameEnd));
    addAttribute(fields, name, view.getUint16(at + 6, true), content.subarray(nameEnd, end));
    at = end;
  }
}

function addAttribute(fields: TagFields, name: string, type: number, value: Uint8Array): void {
  const view = viewOf(value);
  if (name === 'WM/Picture') addPicture(fields, value);
  else if (type === 0) fields.addNamed(name, textOf(value));
  else if (type === 3) fields.addNamed(name, String(view.getUint32(0, true)));
  else if (type === 5) fields.addNamed(name, String(view.getUint16(0, true)));
}

/** Type, length, media type, description, data. */
function addPicture(fields: TagFields, value: Uint8Array): void {
  const size = viewOf(value).getUint32(1, true);
  const [mimeType] = textOf(value.subarray(5, value.length - size)).split('\0');
  fields.addPicture(value[0], mimeType, value.subarray(value.length - size));
}

function textOf(bytes: Uint8Array): string {
  return UTF_16LE.decode(bytes).replace(/\0+$/, '');
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
