import { z } from 'zod';
import { ModelError } from '../../core/errors.ts';
import { elementCount } from '../tensor-layout.ts';
import {
  BFLOAT16,
  decodeNumbers,
  FLOAT16,
  FLOAT32,
  FLOAT64,
  isRead,
  type NumberType,
  type SkippedType,
} from './number-types.ts';
import type { NamedTensor } from './types.ts';
import { READ_LIMITS, type ReadLimits } from './zip.ts';

export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  /** The floating-point tensors. */
  readonly tensors: readonly NamedTensor[];
}

/** By the format's name. Integers and booleans are skipped: they are counters, such as num_batches_tracked. */
const TYPES: Readonly<Record<string, NumberType | SkippedType>> = {
  F64: FLOAT64,
  F32: FLOAT32,
  F16: FLOAT16,
  BF16: BFLOAT16,
  I64: { width: 8 },
  U64: { width: 8 },
  I32: { width: 4 },
  U32: { width: 4 },
  I16: { width: 2 },
  U16: { width: 2 },
  I8: { width: 1 },
  U8: { width: 1 },
  BOOL: { width: 1 },
};

const whole = z.int().nonnegative();
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(whole).max(32),
  data_offsets: z.tuple([whole, whole]),
});
const metadataSchema = z.record(z.string(), z.string());

/** The longest header in bytes, as in the format's own library. */
const MAX_HEADER_BYTES = 100_000_000;

/** Whether a file begins like a .safetensors file: a length, then a JSON object. */
export function isSafetensors(bytes: Uint8Array): boolean {
  // A header is shorter than 2^32 bytes and begins with a brace.
  return bytes.length > 8 && bytes[8] === 0x7b && bytes.subarray(4, 8).every((byte) => byte === 0);
}

/**
 * Reads a .safetensors file: the header's length in 8 bytes, the header (JSON), and the tensors' bytes, little-endian
 * and without gaps. Format: https://github.com/huggingface/safetensors#format
 *
 * @throws ModelError when the file is cut short, its header does not match its bytes, a number type is unknown, or the
 * limits are exceeded
 */
export function readSafetensors(file: Uint8Array, where = 'The file', limits: ReadLimits = READ_LIMITS): Safetensors {
  const broken = (what: string) => new ModelError('checkpoint.safetensors', { where, what });
  if (file.length < 8) throw broken(`it has ${file.length} bytes`);
  const stated = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  if (stated > BigInt(Math.min(file.length - 8, MAX_HEADER_BYTES))) throw broken('its header is longer than the file');
  const start = 8 + Number(stated);
  const { __metadata__: metadata = {}, ...entries } = parseHeader(file.subarray(8, start), broken);
  const strings = metadataSchema.safeParse(metadata);
  if (!strings.success) throw broken('its metadata are not texts');
  const names = Object.keys(entries);
  if (names.length > limits.entries) throw broken(`it lists ${names.length} tensors, more than ${limits.entries}`);

  const places = names.map((name) => {
    const entry = entrySchema.safeParse(entries[name]);
    if (!entry.success) throw broken(`its header does not describe ${name}`);
    const { dtype, shape, data_offsets } = entry.data;
    const type = TYPES[dtype];
    if (!type) throw broken(`${name} has the unknown type ${dtype}`);
    const [begin, end] = data_offsets;
    if (begin > end || end > file.length - start) throw broken(`${name} lies outside of it`);
    const expected = elementCount(shape) * type.width;
    if (end - begin !== expected) throw broken(`${name} has ${end - begin} bytes, not ${expected}`);
    return { name, shape, type, begin, end };
  });
  // The format requires it. Overlapping tensors would let a small file take much memory.
  let position = 0;
  for (const { name, begin, end } of [...places].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== position) throw broken(`${name} does not begin where the tensor before it ends`);
    position = end;
  }
  if (position !== file.length - start) throw broken(`${file.length - start - position} bytes belong to no tensor`);
  // Half precision takes twice the space in memory.
  if (position * 2 > limits.bytes) throw broken(`its tensors have ${position} bytes, too many`);

  const tensors = places.flatMap(({ name, shape, type, begin, end }) => {
    if (!isRead(type)) return [];
    return [{ name, shape, data: decodeNumbers(file.subarray(start + begin, start + end), type) }];
  });
  return { metadata: strings.data, tensors };
}

function parseHeader(bytes: Uint8Array, broken: (what: string) => Error): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null && !Array.isArray(header))
      return header as Record<string, unknown>;
  } catch {
    // Reported below.
  }
  throw broken('its header is not a JSON object');
}
