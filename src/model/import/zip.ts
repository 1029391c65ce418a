import crc32 from 'crc-32';
import { Inflate } from 'fflate';
import { ModelError } from '../../core/errors.ts';
import { joinBytes } from '../../core/join-arrays.ts';

/** How much a file may unpack to. The sizes that the file states are not trusted. */
export interface ReadLimits {
  /** Total bytes of all tensors, or of all files in a zip. */
  readonly bytes: number;
  /** Number of tensors, or of files in a zip. */
  readonly entries: number;
}

/** The paper's network has 39 MB and 67 tensors. */
export const READ_LIMITS: ReadLimits = { bytes: 512 * 2 ** 20, entries: 4096 };

/** A file in a zip, as the zip's directory states it. */
export interface ZipEntry {
  /** The path in the zip. */
  readonly name: string;
  /** The stated bytes when unpacked, which `unpackEntry` enforces. */
  readonly size: number;
  readonly method: number;
  readonly crc: number;
  readonly symlink: boolean;
  readonly packed: Uint8Array;
}

const END = 0x06054b50;
const END_BYTES = 22;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const ENCRYPTED = 1 << 0;
const STORED = 0;
const DEFLATED = 8;
/** Bytes to unpack at a time. Deflate makes at most 1032 bytes of one, so a zip bomb is detected within 16 MB. */
const MAX_STEP_BYTES = 16 * 1024;

/** Whether a file begins like a zip. An empty zip has only the end record. */
export function isZip(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6))
  );
}

/**
 * Lists the files of a zip, without folders, from its central directory. Unpacks nothing. Format: PKWARE's APPNOTE.TXT
 * 6.3, sections 4.3.7, 4.3.12 and 4.3.16. fflate reads this too, but does not report encryption, symbolic links and
 * CRC.
 *
 * @throws ModelError when the zip is cut short, inconsistent, encrypted, split or larger than 4 GB (zip64), has two
 * files of one name, or more files than the limit
 */
export function zipEntries(bytes: Uint8Array, where: string, limits: ReadLimits = READ_LIMITS): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (what: string) => zipError(where, what);
  const end = findEnd(view);
  if (end === undefined) throw fail('it has no directory at its end, as if it were cut short');
  const count = view.getUint16(end + 10, true);
  const directory = view.getUint32(end + 16, true);
  if (count === 0xffff || directory === 0xffffffff) throw fail('it is of the kind for more than 4 GB (zip64)');
  if (view.getUint16(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== count)
    throw fail('it is in several parts');
  if (count > limits.entries) throw fail(`it holds ${count} files, more than ${limits.entries}`);

  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let at = directory;
  for (let n = 0; n < count; n++) {
    if (at + CENTRAL_BYTES > end || view.getUint32(at, true) !== CENTRAL) throw fail('its directory is damaged');
    const nameBytes = view.getUint16(at + 28, true);
    const next = at + CENTRAL_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw fail('its directory is damaged');
    const name = decodeName(bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes));
    if (name === undefined) throw fail('a file’s name is not UTF-8');
    if (names.has(name)) throw fail(`two files are called “${name}”`);
    names.add(name);
    if (view.getUint16(at + 8, true) & ENCRYPTED) throw fail(`“${name}” is encrypted`);
    const packedBytes = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const local = view.getUint32(at + 42, true);
    if ([packedBytes, size, local].includes(0xffffffff)) throw fail('it is of the kind for more than 4 GB (zip64)');
    if (!name.endsWith('/')) {
      entries.push({
        name,
        size,
        method: view.getUint16(at + 10, true),
        crc: view.getUint32(at + 16, true),
        symlink: (view.getUint16(at + 40, true) & 0o170000) === 0o120000,
        packed: packedData(local, packedBytes, name),
      });
    }
    at = next;
  }
  // Overlapping files would let a small zip unpack to any size: Fifield, “A better zip bomb”, WOOT 2019.
  let position = 0;
  for (const { name, packed } of [...entries].sort((a, b) => a.packed.byteOffset - b.packed.byteOffset)) {
    if (packed.length === 0) continue;
    if (packed.byteOffset < position) throw fail(`“${name}” lies over another file`);
    position = packed.byteOffset + packed.length;
  }
  return entries;

  function packedData(local: number, length: number, name: string): Uint8Array {
    if (local + LOCAL_BYTES > directory || view.getUint32(local, true) !== LOCAL) throw fail(`“${name}” is not in it`);
    const nameEnd = local + LOCAL_BYTES + view.getUint16(local + 26, true);
    const start = nameEnd + view.getUint16(local + 28, true);
    if (start + length > directory) throw fail(`“${name}” is cut short`);
    if (decodeName(bytes.subarray(local + LOCAL_BYTES, nameEnd)) !== name) {
      throw fail(`“${name}” has another name in the directory`);
    }
    return bytes.subarray(start, start + length);
  }
}

/** Unpacks the first `count` bytes of a file, or all of a shorter one. @throws ModelError when it is damaged */
export function peekEntry(entry: ZipEntry, count: number, where: string): Uint8Array<ArrayBuffer> {
  return joinBytes(unpack(entry, where, count)).slice(0, count);
}

/**
 * Unpacks a file. Stops after `maxBytes`, whatever size the directory states.
 *
 * @throws ModelError when the file is larger or damaged
 */
export function unpackEntry(entry: ZipEntry, maxBytes: number, where: string): Uint8Array<ArrayBuffer> {
  const allowed = Math.min(maxBytes, entry.size);
  const content = joinBytes(unpack(entry, where, allowed + 1));
  if (content.length > allowed)
    throw zipError(where, `“${entry.name}” unpacks to more than the ${allowed} bytes it should`);
  if (content.length < entry.size) throw zipError(where, `“${entry.name}” is cut short`);
  if (crc32.buf(content) >>> 0 !== entry.crc) throw zipError(where, `the checksum of “${entry.name}” is wrong`);
  return content;
}

/** Unpacks at least `enough` bytes, or the whole file. */
function unpack({ name, method, packed }: ZipEntry, where: string, enough: number): Uint8Array[] {
  if (method === STORED) return [packed.subarray(0, enough)];
  if (method !== DEFLATED) throw zipError(where, `“${name}” is packed by method ${method}`);
  const parts: Uint8Array[] = [];
  let length = 0;
  const inflate = new Inflate((part) => {
    parts.push(part);
    length += part.length;
  });
  try {
    for (let at = 0; length < enough; ) {
      // Small steps for a small file, because a zip may hold thousands of small bombs.
      const next = at + Math.min(MAX_STEP_BYTES, Math.max(64, Math.ceil((enough - length) / 16)));
      const last = next >= packed.length;
      inflate.push(packed.subarray(at, next), last);
      if (last) break;
      at = next;
    }
  } catch (cause) {
    throw zipError(where, `“${name}” is damaged`, cause);
  }
  return parts;
}

/** Finds the end record. A comment of up to 65535 bytes may follow it. */
function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) === END && at + END_BYTES + view.getUint16(at + 20, true) <= view.byteLength)
      return at;
  }
  return undefined;
}

function decodeName(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function zipError(where: string, what: string, cause?: unknown): ModelError {
  return new ModelError('checkpoint.zip', { where, what }, { cause });
}
