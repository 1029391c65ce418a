import { decode, encode } from 'fast-png';
import { ModelError } from '../core/errors.ts';
import type { MaskSize } from '../dsp/mask-paint.ts';

/** The whole number that stands for a mask value of 1. */
const ONE = 65535;

/** Pixels of an image at most: an hour of the paper's mask. */
const MAX_PIXELS = 64_000_000;

/**
 * Encodes a mask as a grey PNG of 16 bits: one column a frame, one row a bin, the lowest bin at the bottom, vocals
 * white.
 *
 * @param cells frames × bins, frame by frame, 65535 being 1
 */
export function maskToPng(cells: Uint16Array, { frames, bins }: MaskSize): Uint8Array<ArrayBuffer> {
  const data = new Uint16Array(frames * bins);
  for (let frame = 0, at = 0; frame < frames; frame++) {
    for (let bin = 0; bin < bins; bin++, at++) data[(bins - 1 - bin) * frames + frame] = cells[at];
  }
  return new Uint8Array(encode({ width: frames, height: bins, data, depth: 16, channels: 1 }));
}

/**
 * Decodes a mask from a PNG of any depth. Colours count by their luminance (Rec. 709 weights on the stored values),
 * transparent pixels as black. An image of another size is stretched over the song.
 *
 * @returns frames × bins, frame by frame
 * @throws ModelError when it is no PNG or too large
 */
export function pngToMask(bytes: Uint8Array, { frames, bins }: MaskSize): Uint16Array<ArrayBuffer> {
  const { width, height, value } = greyOf(bytes);
  const mask = new Uint16Array(frames * bins);
  for (let frame = 0, at = 0; frame < frames; frame++) {
    const x = place(frame, frames, width);
    for (let bin = 0; bin < bins; bin++, at++) {
      const y = place(bins - 1 - bin, bins, height);
      const top = (1 - x.share) * value(x.low, y.low) + x.share * value(x.high, y.low);
      const bottom = (1 - x.share) * value(x.low, y.high) + x.share * value(x.high, y.high);
      mask[at] = Math.round(ONE * ((1 - y.share) * top + y.share * bottom));
    }
  }
  return mask;
}

/** The two neighbouring pixels between which the centre of cell `n` of `count` lies. */
function place(n: number, count: number, pixels: number): { low: number; high: number; share: number } {
  const at = Math.min(pixels - 1, Math.max(0, ((n + 0.5) * pixels) / count - 0.5));
  const low = Math.floor(at);
  return { low, high: Math.min(pixels - 1, low + 1), share: at - low };
}

function greyOf(bytes: Uint8Array) {
  let png: ReturnType<typeof decode>;
  try {
    // Of the header, before anything is unpacked: 8 bytes of signature, 8 of the chunk's, then width and height.
    const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (header.getUint32(16) * header.getUint32(20) > MAX_PIXELS) throw new Error('It has too many pixels.');
    png = decode(bytes);
  } catch (cause) {
    throw new ModelError('mask.not-png', {}, { cause });
  }
  const { width, height, data, depth, palette } = png;
  const channels = palette ? 1 : png.channels;
  const most = 2 ** Math.min(16, depth) - 1;
  const levels = palette?.map(([r, g, b, alpha = 255]) => (luminance(r, g, b) * alpha) / 255 / 255);
  const perByte = depth < 8 ? 8 / depth : 1;
  const rowBytes = Math.ceil(width / perByte);
  const sample = (x: number, y: number, channel: number) => {
    if (perByte === 1) return data[(y * width + x) * channels + channel];
    const shift = 8 - depth * ((x % perByte) + 1);
    return (data[y * rowBytes + Math.floor(x / perByte)] >> shift) & most;
  };
  const value = (x: number, y: number): number => {
    if (levels) return levels[sample(x, y, 0)] ?? 0;
    const grey = channels < 3 ? sample(x, y, 0) : luminance(sample(x, y, 0), sample(x, y, 1), sample(x, y, 2));
    const alpha = channels === 2 || channels === 4 ? sample(x, y, channels - 1) / most : 1;
    return (grey / most) * alpha;
  };
  return { width, height, value };
}

function luminance(r: number, g: number, b: number): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
