import { joinBytes } from '../../core/join-arrays.ts';
import type { Cover, SongTags } from '../tags/song-tags.ts';

/** The list of tags of an MP4 file, from its outermost box on. mediabunny writes each as the last one of its parent. */
const PATH = ['moov', 'udta', 'meta', 'ilst'] as const;

/** Bytes after the header of “meta”: version and flags. */
const META_HEADER_BYTES = 4;

/** Types of data (QuickTime File Format, “Well-known types”). */
const UTF_8 = 1;
const IMAGES: Readonly<Record<string, number>> = { 'image/jpeg': 13, 'image/png': 14, 'image/bmp': 27 };

/**
 * The tags of an M4A file that mediabunny does not write (the key, a free-form field of iTunes), or writes with hundred
 * times their memory (the cover): boxes for the file's list.
 */
export function mp4Items({ key, cover }: SongTags): readonly Uint8Array[] {
  return [...(cover ? [coverItem(cover)] : []), ...(key === undefined ? [] : [freeForm('initialkey', key)])];
}

function coverItem({ data, mimeType }: Cover): Uint8Array {
  return box('covr', box('data', u32(IMAGES[mimeType] ?? 0), u32(0), data));
}

function freeForm(name: string, value: string): Uint8Array {
  return box(
    '----',
    box('mean', u32(0), text('com.apple.iTunes')),
    box('name', u32(0), text(name)),
    box('data', u32(UTF_8), u32(0), text(value)),
  );
}

/**
 * Adds items to the tags of an MP4 file.
 *
 * @param moov the file's box “moov”, with other tags
 * @returns the longer box; undefined if it has no tags at its end
 */
export function withItems(moov: Uint8Array, items: readonly Uint8Array[]): Uint8Array | undefined {
  const longer = joinBytes([moov, ...items]);
  const view = new DataView(longer.buffer);
  let start: number | undefined = 0;
  for (const [depth, name] of PATH.entries()) {
    if (depth > 0) start = lastBox(moov, start + 8 + (PATH[depth - 1] === 'meta' ? META_HEADER_BYTES : 0));
    if (start === undefined || nameAt(moov, start) !== name) return undefined;
    view.setUint32(start, view.getUint32(start) + longer.length - moov.length);
  }
  return longer;
}

/** Where the last of the boxes begins that lie between `start` and the end; undefined if they do not end there. */
function lastBox(bytes: Uint8Array, start: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = start; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at);
    if (at + size === bytes.length) return at;
    if (size < 8) return undefined;
    at += size;
  }
  return undefined;
}

function nameAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at + 4, at + 8));
}

function box(name: string, ...contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = contents.reduce((sum, content) => sum + content.length, 8);
  return joinBytes([u32(length), text(name), ...contents]);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}
