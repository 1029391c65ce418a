import { ParameterError } from '../../core/errors.ts';
import { type AudioData, sampleCount } from '../audio-data.ts';

/** Sample formats: integers of 16 or 24 bits, or 32-bit floating point. */
export type WavFormat = '16' | '24' | '32f';

export const WAV_FORMATS: readonly WavFormat[] = ['16', '24', '32f'];

/** Sample values (all channels) in one piece of the output. */
const PIECE = 1 << 18;

/**
 * A WAV file of `audio`, as pieces to be written one after the other or passed to `new Blob(pieces)`: a long song needs
 * no second array of its whole size. Integers are clipped and rounded as `encodeSamples` does.
 *
 * @throws ParameterError if the file would exceed 4 GiB, the maximum of a WAV file
 */
export function encodeWav(audio: AudioData, format: WavFormat): Uint8Array<ArrayBuffer>[] {
  const { sampleRate, channels } = audio;
  const samples = sampleCount(audio);
  const pieces = [wavHeader(sampleRate, channels.length, samples, format)];
  const step = Math.max(1, Math.floor(PIECE / channels.length));
  for (let start = 0; start < samples; start += step) {
    pieces.push(encodeSamples(channels, start, Math.min(samples, start + step), format));
  }
  pieces.push(wavPadding(channels.length, samples, format));
  return pieces.filter((piece) => piece.length > 0);
}

/**
 * Everything before the samples of a WAV file: RIFF, `fmt ` (PCM or IEEE float, 16 bytes), a `fact` chunk for floating
 * point, and the header of `data` (Multimedia Programming Interface and Data Specifications 1.0, 1991).
 *
 * @param samples number of samples of one channel in the file
 * @throws ParameterError if the file would exceed 4 GiB
 */
export function wavHeader(
  sampleRate: number,
  channels: number,
  samples: number,
  format: WavFormat,
): Uint8Array<ArrayBuffer> {
  const bytesPerFrame = channels * bytesPerSample(format);
  const dataBytes = samples * bytesPerFrame;
  const isFloat = format === '32f';
  const headerBytes = isFloat ? 56 : 44;
  if (headerBytes + dataBytes > 0xffffffff) {
    throw new ParameterError('parameter.wav-size');
  }
  const view = new DataView(new ArrayBuffer(headerBytes));
  let at = 0;
  const text = (value: string): void => {
    for (const letter of value) view.setUint8(at++, letter.charCodeAt(0));
  };
  const u32 = (value: number): void => {
    view.setUint32(at, value, true);
    at += 4;
  };
  const u16 = (value: number): void => {
    view.setUint16(at, value, true);
    at += 2;
  };
  text('RIFF');
  u32(headerBytes - 8 + dataBytes + (dataBytes % 2));
  text('WAVEfmt ');
  u32(16);
  u16(isFloat ? 3 : 1);
  u16(channels);
  u32(sampleRate);
  u32(sampleRate * bytesPerFrame);
  u16(bytesPerFrame);
  u16(8 * bytesPerSample(format));
  if (isFloat) {
    text('fact');
    u32(4);
    u32(samples);
  }
  text('data');
  u32(dataBytes);
  return new Uint8Array(view.buffer);
}

/**
 * Samples [start, end) of every channel, interleaved, little-endian. Integers of b bits: value × 2^(b−1), rounded to
 * the nearest (halves to even), clipped to [−2^(b−1), 2^(b−1) − 1], without dither; NaN becomes 0. ffmpeg does the
 * same. Floats stay as they are.
 */
export function encodeSamples(
  channels: readonly Float32Array[],
  start: number,
  end: number,
  format: WavFormat,
): Uint8Array<ArrayBuffer> {
  const size = bytesPerSample(format);
  const stride = channels.length * size;
  const view = new DataView(new ArrayBuffer((end - start) * stride));
  channels.forEach((channel, index) => {
    let at = index * size;
    for (let i = start; i < end; i++, at += stride) {
      if (format === '32f') view.setFloat32(at, channel[i], true);
      else if (format === '16') view.setInt16(at, toInteger(channel[i], 0x8000), true);
      else {
        const value = toInteger(channel[i], 0x800000);
        view.setUint16(at, value & 0xffff, true);
        view.setInt8(at + 2, value >> 16);
      }
    }
  });
  return new Uint8Array(view.buffer);
}

/** A zero byte after an odd number of bytes, otherwise nothing. */
export function wavPadding(channels: number, samples: number, format: WavFormat): Uint8Array<ArrayBuffer> {
  return new Uint8Array((channels * samples * bytesPerSample(format)) % 2);
}

/** Adding and subtracting 1.5 · 2^52 leaves a double no room for a fraction: IEEE 754 rounds it, halves to even. */
const ROUNDER = 1.5 * 2 ** 52;

/** `value` × `scale`, rounded and clipped to [−scale, scale − 1] as in `encodeSamples`. */
export function toInteger(value: number, scale: number): number {
  const scaled = value * scale;
  if (scaled >= scale - 1) return scale - 1;
  if (scaled <= -scale) return -scale;
  return scaled + ROUNDER - ROUNDER;
}

function bytesPerSample(format: WavFormat): number {
  return format === '16' ? 2 : format === '24' ? 3 : 4;
}
