import type { ByteSource } from './sources.ts';

/** First bytes of PNG, JPEG, GIF, BMP and TIFF; WebP and AVIF/HEIC state their names later. */
const IMAGES = ['\x89PNG', '\xff\xd8\xff', 'GIF8', 'BM', 'II*\0', 'MM\0*'];

/** Whether a file is an image, by its first bytes. */
export function isImageFile(source: ByteSource): boolean {
  const bytes = new Uint8Array(12);
  const head = String.fromCharCode(...bytes.subarray(0, source.read(0, bytes)));
  return (
    IMAGES.some((magic) => head.startsWith(magic)) ||
    (head.startsWith('RIFF') && head.endsWith('WEBP')) ||
    /ftyp(avif|heic|heix|mif1)$/.test(head)
  );
}
