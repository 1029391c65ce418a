import { type ByteSource, viewOf } from './byte-source.ts';

/** Identifiers of elements (RFC 9559, section 5.1). */
const EBML_HEADER = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const TITLE = 0x7ba9;

/** Elements that are looked at before the information of the segment, which stands near the beginning. */
const MAX_ELEMENTS = 64;

interface Element {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** The title of a Matroska or WebM file that its segment states; '' if there is none. */
export async function readMatroskaTitle(source: ByteSource): Promise<string> {
  const file = { start: 0, end: source.size };
  let info: Element | undefined;
  for await (const element of elementsOf(source, file)) {
    if (element.id === SEGMENT) info = await find(source, element, INFO);
    if (element.id !== EBML_HEADER) break;
  }
  const title = info && (await find(source, info, TITLE));
  return title ? new TextDecoder().decode(await source.read(title.start, title.end)).replace(/\0+$/, '') : '';
}

async function find(source: ByteSource, parent: Omit<Element, 'id'>, id: number): Promise<Element | undefined> {
  for await (const element of elementsOf(source, parent)) if (element.id === id) return element;
  return undefined;
}

async function* elementsOf(source: ByteSource, { start, end }: Omit<Element, 'id'>): AsyncGenerator<Element> {
  let at = start;
  for (let n = 0; n < MAX_ELEMENTS && at + 2 <= end; n++) {
    const header = await source.read(at, at + 12);
    const idBytes = Math.clz32(header[0]) - 23;
    const sizeBytes = Math.clz32(header[idBytes] ?? 0) - 23;
    if (idBytes > 4 || sizeBytes > 8) return;
    const id = header.subarray(0, idBytes).reduce((value, byte) => value * 256 + byte, 0);
    const size = numberOf(header.subarray(idBytes, idBytes + sizeBytes));
    const content = at + idBytes + sizeBytes;
    yield { id, start: content, end: Math.min(end, content + size) };
    at = content + size;
  }
}

/** A number whose first bits state its length; all ones: unknown. */
function numberOf(bytes: Uint8Array): number {
  const view = viewOf(Uint8Array.from({ length: 8 }, (_, n) => bytes[n - 8 + bytes.length] ?? 0));
  const bits = 7n * BigInt(bytes.length);
  const value = view.getBigUint64(0) & ((1n << bits) - 1n);
  return value === (1n << bits) - 1n ? Number.POSITIVE_INFINITY : Number(value);
}
