import { unzlibSync } from 'fflate';
import { asciiOf, viewOf } from './byte-source.ts';
import type { SongTags } from './song-tags.ts';
import { type FieldName, TagFields } from './tag-fields.ts';
import { decodeText } from './text.ts';

/** Bytes of a tag's header. */
export const ID3V2_HEADER_BYTES = 10;

/** Text frames: of ID3v2.2, and of ID3v2.3 and 2.4. */
const TEXT_FRAMES: Readonly<Record<string, FieldName>> = {
  TT2: 'title',
  TIT2: 'title',
  TP1: 'artist',
  TPE1: 'artist',
  TAL: 'album',
  TALB: 'album',
  TP2: 'albumArtist',
  TPE2: 'albumArtist',
  TCM: 'composer',
  TCOM: 'composer',
  TCO: 'genre',
  TCON: 'genre',
  TRK: 'track',
  TRCK: 'track',
  TPA: 'disc',
  TPOS: 'disc',
  TBP: 'bpm',
  TBPM: 'bpm',
  TKE: 'key',
  TKEY: 'key',
};

/** Frames of the date: ID3v2.4; a year; day and month (“0405”: 4 May). */
const DATES = ['TDRC', 'TDRL', 'TYER', 'TYE', 'TDAT', 'TDA', 'TDOR', 'TORY', 'TOR'] as const;

/** Names under which programs write fields into TXXX frames. */
const OWN_NAMES = /^(initial ?key|key|bpm|tempo)$/i;

interface Frame {
  readonly id: string;
  readonly data: Uint8Array;
}

/** Length of the whole tag that begins with these bytes; undefined if none does. */
export function id3v2Length(header: Uint8Array): number | undefined {
  if (header.length < ID3V2_HEADER_BYTES || asciiOf(header, 0, 3) !== 'ID3') return undefined;
  const [major, revision, flags, ...size] = header.subarray(3, ID3V2_HEADER_BYTES);
  if (major === 0xff || revision === 0xff || size.some((byte) => byte > 0x7f)) return undefined;
  const footer = major === 4 && (flags & 0x10) !== 0 ? ID3V2_HEADER_BYTES : 0;
  return ID3V2_HEADER_BYTES + synchsafe(header, 6) + footer;
}

/**
 * Reads an ID3v2 tag of version 2.2, 2.3 or 2.4. Encrypted frames are skipped.
 *
 * @param tag the tag with its header
 */
export function readId3v2(tag: Uint8Array): SongTags {
  const fields = new TagFields();
  const dates = new Map<string, string>();
  for (const frame of framesOf(tag)) {
    const field = TEXT_FRAMES[frame.id];
    if (field) for (const text of textsOf(frame.data)) fields.add(field, text);
    else if ((DATES as readonly string[]).includes(frame.id)) dates.set(frame.id, textsOf(frame.data)[0] ?? '');
    else if (frame.id === 'TXXX' || frame.id === 'TXX') {
      const [name, value = ''] = textsOf(frame.data);
      if (OWN_NAMES.test(name)) fields.addNamed(name, value);
    } else if (frame.id === 'APIC' || frame.id === 'PIC') addPicture(fields, frame);
  }
  fields.add('date', dateOf(dates));
  return fields.tags();
}

function dateOf(dates: ReadonlyMap<string, string>): string {
  const year = dates.get('TYER') ?? dates.get('TYE');
  const [, day, month] = /^(\d\d)(\d\d)$/.exec(dates.get('TDAT') ?? dates.get('TDA') ?? '') ?? [];
  if (year && day && !dates.has('TDRC')) return `${year}-${month}-${day}`;
  return DATES.map((id) => dates.get(id)).find((date) => date && /\d{4}/.test(date)) ?? '';
}

function* framesOf(tag: Uint8Array): Generator<Frame> {
  const version = tag[3];
  const flags = tag[5];
  const end = ID3V2_HEADER_BYTES + synchsafe(tag, 6);
  let body = tag.subarray(ID3V2_HEADER_BYTES, end);
  // Version 2.4 marks its frames.
  if (flags & 0x80 && version < 4) body = synchronised(body);
  const view = viewOf(body);
  let at = 0;
  if (flags & 0x40 && version > 2) at = version === 3 ? 4 + view.getUint32(0) : synchsafe(body, 0);
  const headerBytes = version === 2 ? 6 : 10;
  while (at + headerBytes <= body.length && body[at] !== 0) {
    const id = asciiOf(body, at, at + (version === 2 ? 3 : 4));
    const size = version === 2 ? view.getUint32(at + 2) & 0xffffff : frameSize(body, at, version);
    const frameFlags = version === 2 ? 0 : view.getUint16(at + 8);
    at += headerBytes;
    const data = contentOf(body.subarray(at, at + size), version, frameFlags, (flags & 0x80) !== 0);
    if (data) yield { id, data };
    at += size;
  }
}

/** Some programs write plain sizes in version 2.4, and some synchsafe ones in 2.3: the one before a frame is right. */
function frameSize(body: Uint8Array, at: number, version: number): number {
  const plain = viewOf(body).getUint32(at + 4);
  const sizes = [plain, synchsafe(body, at + 4)];
  if (version === 4) sizes.reverse();
  const fits = (size: number): boolean => {
    const next = at + 10 + size;
    if (next > body.length) return false;
    return next + 4 > body.length || /^(?:[A-Z][A-Z0-9]{3}|\0.{3})/s.test(asciiOf(body, next, next + 4));
  };
  return sizes.find(fits) ?? sizes[0];
}

/** A frame's data without what its flags add; undefined: it cannot be read. */
function contentOf(data: Uint8Array, version: number, flags: number, unsynchronised: boolean): Uint8Array | undefined {
  const bits =
    version === 4
      ? { grouped: 0x40, compressed: 0x08, encrypted: 0x04, unsynchronised: 0x02, length: 0x01 }
      : { grouped: 0x20, compressed: 0x80, encrypted: 0x40, unsynchronised: 0, length: 0x80 };
  if (flags & bits.encrypted) return undefined;
  let content = data;
  if (version === 4 && (unsynchronised || flags & bits.unsynchronised)) content = synchronised(content);
  const skipped = (flags & bits.grouped ? 1 : 0) + (flags & bits.length ? 4 : 0);
  content = content.subarray(skipped);
  if ((flags & bits.compressed) === 0) return content;
  try {
    return unzlibSync(content);
  } catch {
    return undefined;
  }
}

/** Undoes unsynchronisation: drops the zero byte after each 0xFF. */
function synchronised(data: Uint8Array): Uint8Array {
  return data.filter((byte, index) => byte !== 0 || index === 0 || data[index - 1] !== 0xff);
}

/** Four bytes of seven bits. */
function synchsafe(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] & 0x7f) << 21) | ((bytes[at + 1] & 0x7f) << 14) | ((bytes[at + 2] & 0x7f) << 7) | (bytes[at + 3] & 0x7f)
  );
}

const UTF_16BE = new TextDecoder('utf-16be');
const UTF_16LE = new TextDecoder('utf-16le');
const UTF_8 = new TextDecoder('utf-8');

/** The texts of a frame: the first byte states their encoding, zeros separate them. */
function textsOf(frame: Uint8Array): string[] {
  const texts: string[] = [];
  for (let rest = frame.subarray(1); rest.length > 0; ) {
    const end = endOfText(rest, frame[0]);
    texts.push(textOf(rest.subarray(0, end), frame[0]));
    rest = rest.subarray(end + terminator(frame[0]));
  }
  return texts;
}

function terminator(encoding: number): number {
  return encoding === 1 || encoding === 2 ? 2 : 1;
}

function endOfText(bytes: Uint8Array, encoding: number): number {
  const step = terminator(encoding);
  for (let at = 0; at + step <= bytes.length; at += step) {
    if (bytes[at] === 0 && (step === 1 || bytes[at + 1] === 0)) return at;
  }
  return bytes.length;
}

function textOf(bytes: Uint8Array, encoding: number): string {
  if (encoding === 2) return UTF_16BE.decode(bytes);
  if (encoding === 3) return UTF_8.decode(bytes);
  if (encoding !== 1) return decodeText(bytes);
  return bytes[0] === 0xfe && bytes[1] === 0xff ? UTF_16BE.decode(bytes) : UTF_16LE.decode(bytes);
}

function addPicture(fields: TagFields, { id, data }: Frame): void {
  const encoding = data[0];
  // Version 2.2 has three letters, the others a media type, which is ASCII whatever the encoding.
  const typeEnd = id === 'PIC' ? 4 : data.indexOf(0, 1);
  const mimeType = asciiOf(data, 1, typeEnd);
  // “-->” is followed by an address.
  if (typeEnd < 0 || mimeType === '-->') return;
  const at = id === 'PIC' ? typeEnd : typeEnd + 1;
  const rest = data.subarray(at + 1);
  const picture = rest.subarray(endOfText(rest, encoding) + terminator(encoding));
  fields.addPicture(data[at], mimeType, picture);
}
