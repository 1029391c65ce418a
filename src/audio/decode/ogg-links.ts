import type { ByteSource } from './sources.ts';

/** Bytes of a page's header without its table of segments (RFC 3533, section 6), and of the longest page. */
const HEADER_BYTES = 27;
const MAX_PAGE_BYTES = HEADER_BYTES + 255 + 255 * 255;

/** Bytes that are read at once. */
const WINDOW_BYTES = 1 << 20;

/** A set bit of a page's flags: it is the first one of its stream. */
const BEGINS = 2;

interface OggPage {
  readonly begins: boolean;
  readonly serial: number;
  /** Samples up to the page's end; −1: no packet ends on the page. */
  readonly granule: number;
  readonly body: Uint8Array;
  readonly end: number;
}

/** A stream: its rate in hertz, samples that are not part of the sound, and samples up to its last page. */
interface Link {
  readonly rate: number;
  readonly padding: number;
  samples: number;
}

/**
 * Seconds of a chained Ogg file: streams one after the other, as recordings of internet radio are. The whole file is
 * read for that.
 *
 * @returns undefined if the file is not a chained one; 0 if it is damaged, or a codec is unknown
 */
export function chainedSeconds(source: ByteSource): number | undefined {
  const read = windowed(source);
  const first = pageAt(read, 0);
  if (!first || isOfFirstLink(source, read)) return undefined;
  const links = new Map<number, Link>();
  for (let at = 0; at < source.size; ) {
    const page = pageAt(read, at);
    if (!page) return 0;
    at = page.end;
    const known = links.get(page.serial);
    if (known && !page.begins) known.samples = Math.max(known.samples, page.granule);
    if (!page.begins) continue;
    const link = linkOf(page.body);
    if (!link) return 0;
    links.set(page.serial, link);
  }
  return [...links.values()].reduce(
    (sum, { rate, padding, samples }) => sum + Math.max(0, samples - padding) / rate,
    0,
  );
}

type Read = (start: number, end: number) => Uint8Array;

/** Whether the last page belongs to a stream that begins at the file's start. */
function isOfFirstLink({ size }: ByteSource, read: Read): boolean {
  const serials = new Set<number>();
  for (let page = pageAt(read, 0); page?.begins; page = pageAt(read, page.end)) serials.add(page.serial);
  const start = Math.max(0, size - MAX_PAGE_BYTES);
  const tail = latin1(read(start, size));
  for (let at = tail.lastIndexOf('OggS'); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf('OggS', at - 1)) {
    const page = pageAt(read, start + at);
    if (page) return serials.has(page.serial);
  }
  // A damaged file; the decoder finds what there is.
  return true;
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}

/** The page whose header stands at a place; undefined: none does. */
function pageAt(read: Read, at: number): OggPage | undefined {
  const header = read(at, at + HEADER_BYTES + 255);
  if (header.length < HEADER_BYTES || latin1(header.subarray(0, 4)) !== 'OggS') return undefined;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const segments = header[26];
  const start = at + HEADER_BYTES + segments;
  const end = header.subarray(HEADER_BYTES, HEADER_BYTES + segments).reduce((sum, bytes) => sum + bytes, start);
  const begins = (header[5] & BEGINS) !== 0;
  const serial = view.getUint32(14, true);
  const granule = Number(view.getBigInt64(6, true));
  return { begins, serial, granule, body: begins ? read(start, end) : new Uint8Array(0), end };
}

/** What the first packet of a stream states. */
function linkOf(packet: Uint8Array): Link | undefined {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const head = latin1(packet.subarray(0, 8));
  const link = (rate: number, padding = 0): Link | undefined => (rate > 0 ? { rate, padding, samples: 0 } : undefined);
  if (head === 'OpusHead' && packet.length >= 12) return link(48_000, view.getUint16(10, true));
  if (head.startsWith('\x01vorbis') && packet.length >= 16) return link(view.getUint32(12, true));
  // 20 bits of STREAMINFO, after 17 bytes and four lengths (RFC 9639, sections 8.2 and 10.1).
  if (head.startsWith('\x7fFLAC') && packet.length >= 31) return link(view.getUint32(27) >>> 12);
  if (head === 'Speex   ' && packet.length >= 40) return link(view.getUint32(36, true));
  return undefined;
}

/** Reads parts of the file from larger ones. */
function windowed(source: ByteSource): Read {
  let start = 0;
  let window = new Uint8Array(0);
  return (from, to) => {
    const end = Math.min(to, source.size);
    if (from < start || end > start + window.length) {
      window = new Uint8Array(Math.min(source.size - from, Math.max(WINDOW_BYTES, to - from)));
      let filled = 0;
      for (let got = 1; got > 0 && filled < window.length; filled += got) {
        got = source.read(from + filled, window.subarray(filled));
      }
      window = window.subarray(0, filled);
      start = from;
    }
    return window.subarray(from - start, Math.max(from, end) - start);
  };
}
