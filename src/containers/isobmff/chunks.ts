import { type Box, boxAt, dataAt, viewOf } from './boxes.ts';
import { timescaleOf } from './headers.ts';

/** Consecutive samples of a track in the file. */
export interface Chunk {
  /** Byte offset in the file. */
  readonly start: number;
  readonly bytes: number;
  /** When its first sample is decoded, seconds. */
  readonly seconds: number;
}

/** The chunks of a track in their order, from its sample tables (ISO/IEC 14496-12, 8.6 and 8.7). */
export function chunksOf(trak: Box): Chunk[] {
  const table = boxAt(trak, 'mdia', 'minf', 'stbl');
  const mdhd = boxAt(trak, 'mdia', 'mdhd');
  if (!table || !mdhd) throw new Error('A track has no sample table.');
  const offsets = offsetsOf(table);
  const sizes = sampleSizes(table);
  const samplesIn = samplesPerChunk(table);
  const ticks = decodeTimes(table);
  const timescale = timescaleOf(mdhd);
  let sample = 0;
  return offsets.map((start, index) => {
    const seconds = ticks.at(sample) / timescale;
    const last = Math.min(sizes.count, sample + samplesIn(index + 1));
    let bytes = 0;
    if (sizes.same) bytes = sizes.same * (last - sample);
    else for (; sample < last; sample++) bytes += sizes.of(sample);
    sample = last;
    return { start, bytes, seconds };
  });
}

/** The same sample table with the chunks at other places. */
export function withOffsets(stbl: Box, offsets: readonly number[]): Box {
  const data = new Uint8Array(8 + 8 * offsets.length);
  const view = viewOf(data);
  view.setUint32(4, offsets.length);
  for (const [n, offset] of offsets.entries()) view.setBigUint64(8 + 8 * n, BigInt(offset));
  const others = (stbl.children ?? []).filter(({ type }) => type !== 'stco' && type !== 'co64');
  return { type: 'stbl', children: [...others, { type: 'co64', data }] };
}

function offsetsOf(stbl: Box): number[] {
  const long = dataAt(stbl, 'co64');
  const data = long ?? dataAt(stbl, 'stco') ?? new Uint8Array(8);
  const view = viewOf(data);
  const step = long ? 8 : 4;
  // A damaged table may state more entries than it has.
  const count = Math.min(view.getUint32(4), Math.floor((data.length - 8) / step));
  return Array.from({ length: count }, (_, n) =>
    long ? Number(view.getBigUint64(8 + 8 * n)) : view.getUint32(8 + 4 * n),
  );
}

interface SampleSizes {
  readonly count: number;
  /** The size of every sample; 0: they differ. */
  readonly same: number;
  /** The size of one sample, where they differ. */
  of(sample: number): number;
}

function sampleSizes(stbl: Box): SampleSizes {
  const plain = dataAt(stbl, 'stsz');
  const view = viewOf(plain ?? dataAt(stbl, 'stz2') ?? new Uint8Array(12));
  const count = view.getUint32(8);
  if (plain) return { count, same: view.getUint32(4), of: (sample) => view.getUint32(12 + 4 * sample) };
  const bits = view.getUint8(7);
  const of = (sample: number): number => {
    if (bits === 16) return view.getUint16(12 + 2 * sample);
    if (bits === 8) return view.getUint8(12 + sample);
    return (view.getUint8(12 + (sample >> 1)) >> (sample % 2 === 0 ? 4 : 0)) & 15;
  };
  return { count, same: 0, of };
}

/** @returns a function that takes the numbers of chunks, from 1, in their order */
function samplesPerChunk(stbl: Box): (chunk: number) => number {
  const view = viewOf(dataAt(stbl, 'stsc') ?? new Uint8Array(8));
  const count = view.getUint32(4);
  let entry = -1;
  return (chunk) => {
    while (entry + 1 < count && view.getUint32(8 + 12 * (entry + 1)) <= chunk) entry++;
    return entry < 0 ? 0 : view.getUint32(12 + 12 * entry);
  };
}

/** @returns an object whose `at` takes the indices of samples in their order */
function decodeTimes(stbl: Box): { at(sample: number): number } {
  const view = viewOf(dataAt(stbl, 'stts') ?? new Uint8Array(8));
  const count = view.getUint32(4);
  let entry = 0;
  let first = 0;
  let ticks = 0;
  return {
    at(sample) {
      for (; entry < count; entry++) {
        const length = view.getUint32(8 + 8 * entry);
        const delta = view.getUint32(12 + 8 * entry);
        if (sample < first + length) return ticks + (sample - first) * delta;
        first += length;
        ticks += length * delta;
      }
      return ticks;
    },
  };
}
