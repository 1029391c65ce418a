import { joinBytes } from '../../core/join-arrays.ts';
import { asciiOf, type ByteSource, viewOf } from './byte-source.ts';
import type { SongTags } from './song-tags.ts';
import { TagFields } from './tag-fields.ts';

/** Types of metadata blocks (RFC 9639, section 8.1). */
const VORBIS_COMMENT = 4;
const PICTURE = 6;

/** Longer metadata is not read. */
const MAX_METADATA_BYTES = 1 << 26;

const UTF_8 = new TextDecoder();

/** Whether these first bytes are those of FLAC in Ogg: a page of one packet, which begins with 0x7F “FLAC”. */
export function isOggFlac(head: Uint8Array): boolean {
  return asciiOf(head, 0, 4) === 'OggS' && asciiOf(head, 28, 33) === '\x7fFLAC';
}

/**
 * The tags of FLAC in Ogg (RFC 9639, section 10.1), which mediabunny does not know: each packet after the first one is a
 * metadata block.
 *
 * @throws RangeError if they are damaged
 */
export async function readOggFlacTags(source: ByteSource): Promise<SongTags> {
  const fields = new TagFields();
  let isFirst = true;
  for await (const packet of packetsOf(source)) {
    if (isFirst) {
      isFirst = false;
      continue;
    }
    const type = packet[0] & 0x7f;
    const content = packet.subarray(4);
    if (type === VORBIS_COMMENT) addComments(fields, content);
    if (type === PICTURE) addPicture(fields, content);
    if (packet[0] & 0x80) break;
  }
  return fields.tags();
}

/** The packets of the first pages. */
async function* packetsOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  for (let at = 0; at < Math.min(source.size, MAX_METADATA_BYTES); ) {
    const header = await source.read(at, at + 27 + 255);
    if (asciiOf(header, 0, 4) !== 'OggS') return;
    const lacing = header.subarray(27, 27 + header[26]);
    let start = at + 27 + lacing.length;
    let length = 0;
    for (const segment of lacing) {
      length += segment;
      if (segment === 255) continue;
      parts.push(await source.read(start, start + length));
      yield joinBytes(parts);
      parts = [];
      start += length;
      length = 0;
    }
    if (length > 0) parts.push(await source.read(start, start + length));
    at = start + length;
  }
}

/** “NAME=value” in UTF-8, each with its length, after the name of the program. */
function addComments(fields: TagFields, content: Uint8Array): void {
  const view = viewOf(content);
  let at = 4 + view.getUint32(0, true);
  const count = view.getUint32(at, true);
  at += 4;
  for (let n = 0; n < count; n++) {
    const start = at + 4;
    at = start + view.getUint32(at, true);
    const [name, value] = /^([^=]*)=(.*)$/s.exec(UTF_8.decode(content.subarray(start, at)))?.slice(1) ?? [];
    if (name?.toUpperCase() === 'METADATA_BLOCK_PICTURE') addPicture(fields, bytesOfBase64(value));
    else if (name) fields.addNamed(name, value);
  }
}

function bytesOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** Type, media type, description, four numbers of the picture, data. */
function addPicture(fields: TagFields, content: Uint8Array): void {
  const view = viewOf(content);
  const typeEnd = 8 + view.getUint32(4);
  const descriptionEnd = typeEnd + 4 + view.getUint32(typeEnd);
  const start = descriptionEnd + 20;
  const data = content.subarray(start, start + view.getUint32(start - 4));
  fields.addPicture(view.getUint32(0), asciiOf(content, 8, typeEnd), data);
}
