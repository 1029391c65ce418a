import type { BlobReader } from '../blob-reader.ts';

/** A box of an ISO base media file (ISO/IEC 14496-12), that is MP4 or MOV: data, or the boxes in it. */
export interface Box {
  readonly type: string;
  readonly data?: Uint8Array;
  readonly children?: readonly Box[];
}

/** A box of the file's top level, by its place. */
export interface TopLevelBox {
  readonly type: string;
  readonly start: number;
  readonly headerBytes: number;
  readonly end: number;
}

/** Boxes whose children matter here; all others are data. */
const CONTAINERS = new Set(['moov', 'trak', 'edts', 'mdia', 'minf', 'stbl', 'tref']);

/** The boxes at the top level of a file. A box that states a wrong size ends with the file. */
export async function* topLevelBoxes(reader: BlobReader): AsyncGenerator<TopLevelBox, void, undefined> {
  for (let start = 0; start + 8 <= reader.size; ) {
    const header = boxHeader(await reader.read(start, start + 16), 0, reader.size - start);
    if (!header) return;
    const end = start + header.bytes;
    yield { type: header.type, start, headerBytes: header.headerBytes, end };
    start = end;
  }
}

/** Parses consecutive boxes. Bytes after the last whole box are left out. */
export function parseBoxes(bytes: Uint8Array): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const header = boxHeader(bytes, at, bytes.length - at);
    if (!header) break;
    const data = bytes.subarray(at + header.headerBytes, at + header.bytes);
    const { type } = header;
    boxes.push(CONTAINERS.has(type) ? { type, children: parseBoxes(data) } : { type, data });
    at += header.bytes;
  }
  return boxes;
}

function boxHeader(bytes: Uint8Array, at: number, left: number) {
  const view = viewOf(bytes);
  const stated = view.getUint32(at);
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
  const large = stated === 1 && at + 16 <= bytes.length;
  const size = large ? Number(view.getBigUint64(at + 8)) : stated === 0 ? left : stated;
  const headerBytes = large ? 16 : 8;
  return size < headerBytes ? undefined : { type, headerBytes, bytes: Math.min(size, left) };
}

/** The box as it is written; at most 4 GiB. */
export function boxBytes(box: Box): Uint8Array {
  const content = box.data ? [box.data] : (box.children ?? []).map(boxBytes);
  const length = 8 + content.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length);
  viewOf(bytes).setUint32(0, length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = box.type.charCodeAt(i);
  let at = 8;
  for (const part of content) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The data of the box at a path of types below `box`; undefined: there is none. */
export function dataAt(box: Box, ...path: readonly string[]): Uint8Array | undefined {
  return boxAt(box, ...path)?.data;
}

/** The box at a path of types below `box`; undefined: there is none. */
export function boxAt(box: Box, ...path: readonly string[]): Box | undefined {
  let found: Box | undefined = box;
  for (const type of path) found = found?.children?.find((child) => child.type === type);
  return found;
}

/** The same box with other children: `change` returns the child, another one, or undefined to leave it out. */
export function mapChildren(box: Box, change: (child: Box) => Box | undefined): Box {
  return { ...box, children: (box.children ?? []).map(change).filter((child) => child !== undefined) };
}

/** The same box with another one at a path of types below it. */
export function withBoxAt(box: Box, [type, ...path]: readonly string[], change: (found: Box) => Box): Box {
  return mapChildren(box, (child) => {
    if (child.type !== type) return child;
    return path.length === 0 ? change(child) : withBoxAt(child, path, change);
  });
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
