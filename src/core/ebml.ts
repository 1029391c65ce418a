/** Numbers of the elements of Matroska that matter here (RFC 9559, section 5). */
export const ID = {
  EBML: 0x1a45dfa3,
  DocType: 0x4282,
  Void: 0xec,
  Crc32: 0xbf,
  Segment: 0x18538067,
  SeekHead: 0x114d9b74,
  Seek: 0x4dbb,
  SeekID: 0x53ab,
  SeekPosition: 0x53ac,
  Info: 0x1549a966,
  TimestampScale: 0x2ad7b1,
  Duration: 0x4489,
  Title: 0x7ba9,
  Tracks: 0x1654ae6b,
  TrackEntry: 0xae,
  TrackNumber: 0xd7,
  TrackUID: 0x73c5,
  TrackType: 0x83,
  FlagEnabled: 0xb9,
  FlagDefault: 0x88,
  FlagForced: 0x55aa,
  FlagLacing: 0x9c,
  Name: 0x536e,
  Language: 0x22b59c,
  LanguageBCP47: 0x22b59d,
  CodecID: 0x86,
  CodecPrivate: 0x63a2,
  CodecDelay: 0x56aa,
  SeekPreRoll: 0x56bb,
  Audio: 0xe1,
  SamplingFrequency: 0xb5,
  Channels: 0x9f,
  BitDepth: 0x6264,
  Chapters: 0x1043a770,
  Attachments: 0x1941a469,
  AttachedFile: 0x61a7,
  FileName: 0x466e,
  FileMediaType: 0x4660,
  FileData: 0x465c,
  Tags: 0x1254c367,
  Tag: 0x7373,
  Targets: 0x63c0,
  TargetTypeValue: 0x68ca,
  TagTrackUID: 0x63c5,
  TagEditionUID: 0x63c9,
  TagChapterUID: 0x63c4,
  TagAttachmentUID: 0x63c6,
  SimpleTag: 0x67c8,
  TagName: 0x45a3,
  TagString: 0x4487,
  Cues: 0x1c53bb6b,
  CuePoint: 0xbb,
  CueTime: 0xb3,
  CueTrackPositions: 0xb7,
  CueTrack: 0xf7,
  CueClusterPosition: 0xf1,
  Cluster: 0x1f43b675,
  Timestamp: 0xe7,
  SimpleBlock: 0xa3,
  BlockGroup: 0xa0,
  Block: 0xa1,
  BlockDuration: 0x9b,
  ReferenceBlock: 0xfb,
  DiscardPadding: 0x75a2,
  EncryptedBlock: 0xaf,
} as const;

/** Most bytes of an element's number and size. */
const MAX_HEADER_BYTES = 12;

/** The head of an element. */
export interface ElementHead {
  readonly id: number;
  readonly headerBytes: number;
  /** Bytes of the content; undefined: until an element follows that cannot lie in it. */
  readonly bytes: number | undefined;
}

/** An element in memory: its number and its content. */
export interface Element {
  readonly id: number;
  readonly data: Uint8Array;
}

/** An element by its place in a file. */
export interface PlacedElement extends ElementHead {
  /** Where its content begins. */
  readonly start: number;
  /** Where its content ends; of unknown size, where it begins. */
  readonly end: number;
}

/** A file that is read in parts: bytes [start, end), fewer at its end. */
export interface EbmlFile {
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Consecutive elements in a range of a file. A wrong size ends with the range. */
export async function* placedElements(
  file: EbmlFile,
  from: number,
  to: number,
): AsyncGenerator<PlacedElement, void, undefined> {
  for (let at = from; at < to; ) {
    const head = readHead(await file.read(at, Math.min(to, at + MAX_HEADER_BYTES)));
    if (!head) return;
    const start = at + head.headerBytes;
    const end = head.bytes === undefined ? start : Math.min(to, start + head.bytes);
    yield { ...head, start, end };
    at = end;
  }
}

/** Reads the head of an element (RFC 8794, section 4); undefined: there is none. */
export function readHead(bytes: Uint8Array, at = 0): ElementHead | undefined {
  const idBytes = lengthOf(bytes[at]);
  const sizeBytes = lengthOf(bytes[at + idBytes]);
  if (idBytes > 4 || sizeBytes > 8 || at + idBytes + sizeBytes > bytes.length) return undefined;
  let id = 0;
  for (let n = 0; n < idBytes; n++) id = id * 256 + bytes[at + n];
  const size = readVint(bytes, at + idBytes);
  return { id, headerBytes: idBytes + sizeBytes, bytes: size };
}

/** A number of variable length; undefined: all its bits are set, “unknown”. */
export function readVint(bytes: Uint8Array, at: number): number | undefined {
  const length = lengthOf(bytes[at]);
  let value = bytes[at] & ((1 << (8 - length)) - 1);
  let unknown = value === (1 << (8 - length)) - 1;
  for (let n = 1; n < length; n++) {
    value = value * 256 + bytes[at + n];
    unknown &&= bytes[at + n] === 0xff;
  }
  return unknown ? undefined : value;
}

/** Bytes of the number of variable length that begins with this byte; 9: none does. */
export function lengthOf(first: number | undefined): number {
  return first === undefined ? 9 : Math.clz32(first) - 24 + 1;
}

/** Parses consecutive elements of known size. What follows the last whole one is left out. */
export function parseElements(bytes: Uint8Array): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = readHead(bytes, at);
    if (head?.bytes === undefined || at + head.headerBytes + head.bytes > bytes.length) break;
    const start = at + head.headerBytes;
    elements.push({ id: head.id, data: bytes.subarray(start, start + head.bytes) });
    at = start + head.bytes;
  }
  return elements;
}

/** The first element of a kind. */
export function find(elements: readonly Element[], id: number): Element | undefined {
  return elements.find((element) => element.id === id);
}

/** The unsigned number in an element; `missing` if there is no such element, or it is empty or longer than a number. */
export function numberIn(elements: readonly Element[], id: number, missing = 0): number {
  const { data = new Uint8Array(0) } = find(elements, id) ?? {};
  return data.length > 0 && data.length <= 8 ? data.reduce((value, byte) => value * 256 + byte, 0) : missing;
}

/** An element of several others, or of bytes. */
export function element(id: number, content: Uint8Array | readonly Element[]): Element {
  if (content instanceof Uint8Array) return { id, data: content };
  const parts = content.map(elementBytes);
  const data = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { id, data };
}

/** An element that holds an unsigned number. @param bytes its length, 1 to 8 */
export function unsigned(id: number, value: number, bytes = bytesOf(value)): Element {
  const data = new Uint8Array(bytes);
  for (let n = bytes - 1, rest = value; n >= 0; n--, rest = Math.floor(rest / 256)) data[n] = rest % 256;
  return { id, data };
}

/** An element that holds a signed number of 64 bits. */
export function signed(id: number, value: number): Element {
  const data = new Uint8Array(8);
  new DataView(data.buffer).setBigInt64(0, BigInt(value));
  return { id, data };
}

/** An element that holds a float of 64 bits. */
export function float(id: number, value: number): Element {
  const data = new Uint8Array(8);
  new DataView(data.buffer).setFloat64(0, value);
  return { id, data };
}

/** An element that holds ASCII text. */
export function text(id: number, value: string): Element {
  return { id, data: new TextEncoder().encode(value) };
}

/** The element as it is written. */
export function elementBytes({ id, data }: Element): Uint8Array {
  const head = headBytes(id, data.length);
  const bytes = new Uint8Array(head.length + data.length);
  bytes.set(head);
  bytes.set(data, head.length);
  return bytes;
}

/** The head of an element; its size takes 8 bytes. */
export function headBytes(id: number, size: number): Uint8Array {
  const number = unsigned(0, id).data;
  const bytes = new Uint8Array(number.length + 8);
  bytes.set(number);
  bytes.set(unsigned(0, size, 8).data, number.length);
  bytes[number.length] = 1;
  return bytes;
}

function bytesOf(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 256; rest = Math.floor(rest / 256)) bytes++;
  return bytes;
}
