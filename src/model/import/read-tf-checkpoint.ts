import { PbfReader } from 'pbf';
import { ModelError } from '../../core/errors.ts';
import { elementCount } from '../tensor-layout.ts';
import { decodeNumbers, FLOAT16, FLOAT32, FLOAT64, isRead, type NumberType, type SkippedType } from './number-types.ts';
import { FormatFault, hasMaskedCrc, readSortedTable, type TableEntry } from './sorted-table.ts';
import type { NamedTensor } from './types.ts';
import { READ_LIMITS, type ReadLimits } from './zip.ts';

/** By number in TensorFlow's types.proto. Integers and booleans are skipped: they are counters, such as global_step. */
const TYPES: Readonly<Record<number, NumberType | SkippedType>> = {
  1: FLOAT32,
  2: FLOAT64,
  3: { width: 4 }, // int32
  4: { width: 1 }, // uint8
  5: { width: 2 }, // int16
  6: { width: 1 }, // int8
  9: { width: 8 }, // int64
  10: { width: 1 }, // bool
  17: { width: 2 }, // uint16
  19: FLOAT16,
  22: { width: 4 }, // uint32
  23: { width: 8 }, // uint64
};
/** Strings are skipped too. Their lengths are in the data, not in the index. */
const TEXT = 7;
const LITTLE_ENDIAN = 0;

/**
 * Reads a TensorFlow checkpoint of the second format (V2), as tf.train.Saver and tf.estimator write it: `.index`, a
 * sorted table from a variable's name to its position, and `.data-…-of-…`, the variables' numbers one after the other
 * (TensorFlow, core/protobuf/tensor_bundle.proto). Verifies all checksums. Reads numbers of half, single and double
 * precision; skips integers, booleans and strings.
 *
 * @param index the bytes of `.index`
 * @param shards the bytes of the data files, in order
 * @returns the tensors in the order of their names, row-major
 * @throws ModelError when a file is damaged, cut short or missing, holds partitioned variables or unknown number types,
 * or unpacks to more than the limits
 */
export function readTfCheckpoint(
  index: Uint8Array,
  shards: readonly Uint8Array[],
  where = 'The checkpoint',
  limits: ReadLimits = READ_LIMITS,
): NamedTensor[] {
  try {
    return readTensors(index, shards, limits);
  } catch (cause) {
    // pbf throws a plain Error for an invalid message.
    const what = cause instanceof FormatFault ? cause.message : 'its index is damaged';
    throw new ModelError('checkpoint.tensorflow', { where, what }, { cause });
  }
}

function readTensors(index: Uint8Array, shards: readonly Uint8Array[], limits: ReadLimits): NamedTensor[] {
  // The first entry is the header.
  const [first, ...rest] = readSortedTable(index, { ...limits, entries: limits.entries + 1 });
  if (first === undefined || first.key.length > 0) throw new FormatFault('its index has no header');
  checkHeader(readMessage(first.value, readHeader), shards.length);
  // Keys that begin with a zero belong to parts of partitioned variables, which placeOf rejects.
  const places = rest.filter(({ key }) => key[0] !== 0).flatMap((entry) => placeOf(entry, shards));
  requireApart(places);
  const bytes = places.reduce((sum, { length, type }) => sum + (isRead(type) ? 4 * length : 0), 0);
  if (bytes > limits.bytes) throw new FormatFault(`its numbers would take ${bytes} bytes, too many`);
  return places.flatMap(({ name, shape, type, shard, offset, size, crc }) => {
    const raw = shards[shard].subarray(offset, offset + size);
    if (!hasMaskedCrc(raw, crc)) throw new FormatFault(`the checksum of ${name} is wrong`);
    return isRead(type) ? [{ name, shape, data: decodeNumbers(raw, type) }] : [];
  });
}

/** The position of a variable's numbers. */
interface Place {
  readonly name: string;
  readonly shape: readonly number[];
  readonly length: number;
  readonly type: NumberType | SkippedType;
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
  readonly crc: number;
}

function placeOf({ key, value }: TableEntry, shards: readonly Uint8Array[]): Place[] {
  const name = new TextDecoder().decode(key);
  const { dtype, shape, shard, offset, size, crc, parts } = readMessage(value, readEntry);
  if (parts > 0) throw new FormatFault(`${name} is a partitioned variable, kept in parts`);
  if (dtype === TEXT) return [];
  const type = TYPES[dtype];
  if (!type) throw new FormatFault(`${name} has numbers of an unknown kind (${dtype})`);
  const length = elementCount(shape);
  if (shape.some((side) => side < 0) || length * type.width !== size) {
    throw new FormatFault(`${name} has ${size} bytes, which are not those of its shape, ${shape.join(' × ')}`);
  }
  if (shards[shard] === undefined) throw new FormatFault(`${name} lies in data file ${shard}, which is missing`);
  if (offset < 0 || offset + size > shards[shard].length) {
    throw new FormatFault(`${name} lies beyond the end of data file ${shard}, as if that were cut short`);
  }
  return [{ name, shape, length, type, shard, offset, size, crc }];
}

/** Rejects overlapping tensors, which would let a small file take much memory and time. */
function requireApart(places: readonly Place[]): void {
  const sorted = places.filter(({ size }) => size > 0).sort((a, b) => a.shard - b.shard || a.offset - b.offset);
  for (const [n, { name, shard, offset }] of sorted.entries()) {
    const before = sorted[n - 1];
    if (before?.shard === shard && before.offset + before.size > offset) {
      throw new FormatFault(`${name} lies over ${before.name}`);
    }
  }
}

type Header = { shards: number; endianness: number };
type Entry = {
  dtype: number;
  shape: number[];
  shard: number;
  offset: number;
  size: number;
  crc: number;
  parts: number;
};

function checkHeader({ shards, endianness }: Header, given: number): void {
  if (endianness !== LITTLE_ENDIAN) throw new FormatFault('its numbers are big-endian');
  if (shards !== given) {
    throw new FormatFault(`it has ${shards} data ${shards === 1 ? 'file' : 'files'}, and ${given} were given`);
  }
}

/** Message BundleHeaderProto. */
function readHeader(reader: PbfReader): Header {
  const header: Header = { shards: 0, endianness: LITTLE_ENDIAN };
  return reader.readFields((field) => {
    if (field === 1) header.shards = reader.readVarint(true);
    else if (field === 2) header.endianness = reader.readVarint(true);
  }, header);
}

/** Message BundleEntryProto. */
function readEntry(reader: PbfReader): Entry {
  const entry: Entry = { dtype: 0, shape: [], shard: 0, offset: 0, size: 0, crc: 0, parts: 0 };
  return reader.readFields((field) => {
    if (field === 1) entry.dtype = reader.readVarint(true);
    else if (field === 2) readShape(reader, entry.shape);
    else if (field === 3) entry.shard = reader.readVarint(true);
    else if (field === 4) entry.offset = reader.readVarint(true);
    else if (field === 5) entry.size = reader.readVarint(true);
    else if (field === 6) entry.crc = reader.readFixed32();
    else if (field === 7) entry.parts++;
  }, entry);
}

/** Message TensorShapeProto. Field 2 is repeated: a side, a message with its length as field 1. */
function readShape(reader: PbfReader, shape: number[]): void {
  reader.readMessage((field) => {
    if (field !== 2) return;
    let side = 0;
    reader.readMessage((part) => {
      if (part === 1) side = reader.readVarint(true);
    }, undefined);
    shape.push(side);
  }, undefined);
}

/** Reads bytes as one message, and checks that it ends with them, which pbf does not. */
function readMessage<T>(bytes: Uint8Array, read: (reader: PbfReader) => T): T {
  const reader = new PbfReader(bytes);
  const message = read(reader);
  if (reader.pos !== bytes.length) throw new FormatFault('its index is damaged');
  return message;
}
