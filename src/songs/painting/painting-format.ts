import type { Range } from '../../core/ranges.ts';
import type { PaintedRows } from './mask-edit.ts';

/** A user's changes to a song's mask, and the samples they affect. */
export interface Painting extends PaintedRows {
  /** Ranges of samples whose vocals were rendered again, in order. */
  readonly spans: readonly Range[];
}

/** The song that is painted on. */
export interface PaintedSong {
  readonly frames: number;
  readonly bins: number;
  readonly channels: number;
  readonly samples: number;
}

/** A painting with the vocals of each span, one array a channel. */
export interface SoundingPainting extends Painting {
  readonly sound: readonly (readonly Float32Array[])[];
}

/** A painting as it was kept. */
export interface StoredPainting extends SoundingPainting {
  /** The painting with the greater serial is the newer one. */
  readonly serial: number;
}

interface Head {
  readonly version: 1;
  readonly serial: number;
  readonly bins: number;
  readonly channels: number;
  readonly frames: readonly number[];
  readonly spans: readonly (readonly [start: number, end: number])[];
}

const aligned = (bytes: number) => 4 * Math.ceil(bytes / 4);

/**
 * A painting as bytes: the length of the head (32 bits), the head as JSON, the rows (16 bits a cell), the samples (32-bit
 * floats, span after span, channel after channel), each from a multiple of four on; little-endian.
 */
export function encodePainting(
  { frames, rows, spans, sound, serial }: StoredPainting,
  { bins, channels }: Pick<PaintedSong, 'bins' | 'channels'>,
): Uint8Array<ArrayBuffer> {
  const head: Head = {
    version: 1,
    serial,
    bins,
    channels,
    frames,
    spans: spans.map(({ start, end }) => [start, end]),
  };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const rowsAt = 4 + aligned(text.length);
  const soundAt = rowsAt + aligned(rows.byteLength);
  const bytes = new Uint8Array(soundAt + 4 * channels * samplesIn(spans));
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  new Uint16Array(bytes.buffer, rowsAt, rows.length).set(rows);
  let at = soundAt;
  for (const channel of sound.flat()) {
    new Float32Array(bytes.buffer, at, channel.length).set(channel);
    at += channel.byteLength;
  }
  return bytes;
}

/** Decodes a stored painting; undefined if it is incomplete, or of another song or version. */
export function decodePainting(bytes: Uint8Array<ArrayBuffer>, song: PaintedSong): StoredPainting | undefined {
  const head = readHead(bytes, song);
  if (!head) return undefined;
  const spans = head.spans.map(([start, end]) => ({ start, end }));
  const cells = head.frames.length * song.bins;
  const textBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const rowsAt = 4 + aligned(textBytes);
  const soundAt = rowsAt + aligned(2 * cells);
  if (bytes.length !== soundAt + 4 * song.channels * samplesIn(spans)) return undefined;
  let at = bytes.byteOffset + soundAt;
  const sound = spans.map(({ start, end }) =>
    Array.from({ length: song.channels }, () => {
      const samples = new Float32Array(bytes.buffer, at, end - start);
      at += samples.byteLength;
      return samples;
    }),
  );
  const rows = new Uint16Array(bytes.buffer, bytes.byteOffset + rowsAt, cells);
  return { serial: head.serial, frames: head.frames, rows, spans, sound };
}

function samplesIn(spans: readonly Range[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}

function readHead(bytes: Uint8Array<ArrayBuffer>, song: PaintedSong): Head | undefined {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Head;
    const { version, serial, bins, channels, frames, spans } = head;
    const fits = version === 1 && Number.isSafeInteger(serial) && bins === song.bins && channels === song.channels;
    return fits && areRising(frames, song.frames) && areRising(spans.flat(), song.samples + 1) ? head : undefined;
  } catch {
    return undefined;
  }
}

/** Whole numbers below `end`, each greater than the one before. */
function areRising(numbers: readonly number[], end: number): boolean {
  return numbers.every((n, at) => Number.isSafeInteger(n) && n >= 0 && n < end && (at === 0 || n > numbers[at - 1]));
}
