/// <reference path="./crc32c.d.ts" />
import crc32c from 'crc-32/crc32c.js';
import { PbfReader } from 'pbf';
import { uncompress } from 'snappyjs';
import { joinBytes } from '../../core/join-arrays.ts';
import type { ReadLimits } from './zip.ts';

/** A fault in the bytes of a file. The caller turns it into a ModelError that names the file. */
export class FormatFault extends Error {}

/** One entry of a table. */
export interface TableEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

const FOOTER_BYTES = 48;
/** At the end of the footer, little-endian: 0xdb4775248b80fb57. */
const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];
/** The trailer of each block: its compression, and the checksum of the bytes before. */
const TRAILER_BYTES = 5;
const PLAIN = 0;
const SNAPPY = 1;
/** Keys share prefixes, so a short file could otherwise hold very many long keys. */
const MAX_KEY_LENGTH = 4096;

/**
 * Reads the entries of a LevelDB sorted table (LevelDB, doc/table_format.md): blocks of entries, each with a masked
 * CRC-32C, an index of the blocks, and a footer with the index's position. Skips restart points, which only speed up
 * binary search, and the metaindex's contents.
 *
 * @returns the entries in the order of their keys
 * @throws FormatFault when the file is cut short or damaged, or unpacks to more than the limits
 */
export function readSortedTable(file: Uint8Array, limits: ReadLimits): readonly TableEntry[] {
  if (file.length < FOOTER_BYTES) throw new FormatFault('it is too short');
  const footer = file.subarray(file.length - FOOTER_BYTES);
  if (!MAGIC.every((byte, n) => footer[footer.length - MAGIC.length + n] === byte)) {
    throw new FormatFault('it does not end as a sorted table does, as if it were cut short or another kind of file');
  }
  const reader = new PbfReader(footer);
  // The metaindex is not needed, but its checksum is checked.
  readBlock(file, readHandle(reader), limits.bytes);
  const blocks = readBlock(file, readHandle(reader), limits.bytes);
  const entries: TableEntry[] = [];
  let position = 0;
  let unpacked = 0;
  for (const { value } of blockEntries(blocks)) {
    const handle = readHandle(new PbfReader(value));
    // Writers list blocks in file order. Otherwise a file could list one block many times.
    if (handle.offset < position) throw new FormatFault('its blocks lie over each other');
    position = handle.offset + handle.size + TRAILER_BYTES;
    const block = readBlock(file, handle, limits.bytes - unpacked);
    unpacked += block.length;
    for (const entry of blockEntries(block)) {
      const last = entries.at(-1);
      if (last && compareBytes(last.key, entry.key) >= 0) throw new FormatFault('its keys are not in order');
      if (entries.length === limits.entries) throw new FormatFault(`it has more than ${limits.entries} entries`);
      entries.push(entry);
    }
  }
  return entries;
}

/**
 * Checks a masked CRC-32C, as LevelDB and TensorFlow store it: rotated and shifted, because the CRC of data that
 * contains CRCs would be weak (LevelDB, util/crc32c.h).
 */
export function hasMaskedCrc(bytes: Uint8Array, masked: number): boolean {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return crc32c.buf(bytes) >>> 0 === ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

/** The position of a block. */
interface BlockHandle {
  readonly offset: number;
  /** Bytes without the trailer. */
  readonly size: number;
}

function readHandle(reader: PbfReader): BlockHandle {
  return { offset: readNumber(reader), size: readNumber(reader) };
}

/** Reads a varint, and checks that it ends within the bytes, which pbf does not. */
function readNumber(reader: PbfReader): number {
  if (reader.pos >= reader.length) throw new FormatFault('it is cut short');
  const value = reader.readVarint();
  if (reader.pos > reader.length) throw new FormatFault('it is cut short');
  return value;
}

function readBlock(file: Uint8Array, { offset, size }: BlockHandle, maxBytes: number): Uint8Array {
  const end = offset + size;
  if (end + TRAILER_BYTES > file.length - FOOTER_BYTES) throw new FormatFault('a block lies outside of it');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (!hasMaskedCrc(file.subarray(offset, end + 1), view.getUint32(end + 1, true))) {
    throw new FormatFault('the checksum of a block is wrong');
  }
  const block = file.subarray(offset, end);
  const packing = file[end];
  if (packing === SNAPPY) return unpackSnappy(block, maxBytes);
  if (packing !== PLAIN) throw new FormatFault(`a block is packed by method ${packing}`);
  if (size > maxBytes) throw new FormatFault(`it unfolds to more than ${maxBytes} bytes`);
  return block;
}

/** Snappy (format_description.txt). Checks the elements' lengths first, because snappyjs trusts them. */
function unpackSnappy(packed: Uint8Array, maxBytes: number): Uint8Array {
  const reader = new PbfReader(packed);
  const stated = readNumber(reader);
  if (stated > maxBytes) throw new FormatFault(`it unfolds to more than ${maxBytes} bytes`);
  let at = reader.pos;
  let length = 0;
  while (at < packed.length && length <= stated) {
    const tag = packed[at++];
    let count = (tag >>> 2) + 1;
    switch (tag & 3) {
      case 0: {
        const extra = Math.max(0, count - 60);
        // From the highest byte down. Missing bytes make NaN, which fails below.
        if (extra > 0) count = 1;
        for (let n = extra - 1, scale = 256 ** n; n >= 0; n--, scale /= 256) count += packed[at + n] * scale;
        at += extra + count;
        break;
      }
      case 1:
        count = ((tag >>> 2) & 7) + 4;
        at += 1;
        break;
      case 2:
        at += 2;
        break;
      default:
        at += 4;
    }
    length += count;
  }
  if (at !== packed.length || length !== stated) throw new FormatFault('a packed block is damaged');
  // A plain view, because snappyjs returns a Buffer for a Buffer.
  return uncompress(new Uint8Array(packed.buffer, packed.byteOffset, packed.length), stated);
}

/**
 * An entry holds three lengths, then the bytes: key bytes shared with the previous key, other key bytes, value bytes.
 */
function* blockEntries(block: Uint8Array): Generator<TableEntry> {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const restarts = block.length < 4 ? Number.POSITIVE_INFINITY : view.getUint32(block.length - 4, true);
  const end = block.length - 4 * (restarts + 1);
  if (end < 0) throw new FormatFault('a block is damaged');
  const reader = new PbfReader(block.subarray(0, end));
  let key = new Uint8Array(0);
  while (reader.pos < end) {
    const shared = readNumber(reader);
    const rest = readNumber(reader);
    const valueBytes = readNumber(reader);
    const keyEnd = reader.pos + rest;
    const valueEnd = keyEnd + valueBytes;
    if (shared > key.length || valueEnd > end) throw new FormatFault('a block is damaged');
    if (shared + rest > MAX_KEY_LENGTH) throw new FormatFault(`a key is longer than ${MAX_KEY_LENGTH} bytes`);
    key = joinBytes([key.subarray(0, shared), block.subarray(reader.pos, keyEnd)]);
    yield { key, value: block.subarray(keyEnd, valueEnd) };
    reader.pos = valueEnd;
  }
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let n = 0; n < common; n++) if (a[n] !== b[n]) return a[n] - b[n];
  return a.length - b.length;
}
