import { type Box, dataAt, viewOf } from './boxes.ts';

/** Byte offsets of a field in version 0 and in version 1 of a header, which has times of 64 bits. */
type Place = readonly [number, number];

const TIMESCALE: Place = [12, 20];
const TRACK_ID: Place = [12, 20];
const LANGUAGE: Place = [20, 32];
const DURATION: Readonly<Record<string, Place>> = { mvhd: [16, 24], mdhd: [16, 24], tkhd: [20, 28] };

const ENABLED = 1;

/** Ticks in a second of a movie (mvhd) or of a track's media (mdhd). */
export function timescaleOf(header: Box): number {
  return viewOf(bytesOf(header)).getUint32(placeIn(header, TIMESCALE));
}

/** The duration that a header states, in its ticks. */
export function durationOf(header: Box): number {
  const data = bytesOf(header);
  const at = placeIn(header, DURATION[header.type]);
  return data[0] === 1 ? Number(viewOf(data).getBigUint64(at)) : viewOf(data).getUint32(at);
}

/** The same header with another duration. What does not fit into 32 bits is said to be unknown. */
export function withDuration(header: Box, ticks: number): Box {
  const data = bytesOf(header).slice();
  const at = placeIn(header, DURATION[header.type]);
  if (data[0] === 1) viewOf(data).setBigUint64(at, BigInt(ticks));
  else viewOf(data).setUint32(at, Math.min(ticks, 0xffffffff));
  return { type: header.type, data };
}

export function trackIdOf(trak: Box): number {
  const header = headerOf(trak);
  return viewOf(bytesOf(header)).getUint32(placeIn(header, TRACK_ID));
}

/** The same track header with another number, and enabled or not: players choose among the enabled tracks. */
export function withTrack(tkhd: Box, trackId: number, enabled: boolean): Box {
  const data = bytesOf(tkhd).slice();
  viewOf(data).setUint32(placeIn(tkhd, TRACK_ID), trackId);
  data[3] = enabled ? data[3] | ENABLED : data[3] & ~ENABLED;
  return { type: 'tkhd', data };
}

export function isEnabled(trak: Box): boolean {
  return (bytesOf(headerOf(trak))[3] & ENABLED) !== 0;
}

/** “vide”, “soun”, “text” … */
export function handlerOf(trak: Box): string {
  const handler = dataAt(trak, 'mdia', 'hdlr');
  return handler ? String.fromCharCode(...handler.subarray(8, 12)) : '';
}

/** `mdhd` with the language of `other`. */
export function withLanguageOf(mdhd: Box, other: Box): Box {
  const data = bytesOf(mdhd).slice();
  const language = viewOf(bytesOf(other)).getUint16(placeIn(other, LANGUAGE));
  viewOf(data).setUint16(placeIn(mdhd, LANGUAGE), language);
  return { type: 'mdhd', data };
}

/** An edit list with its durations in another movie's ticks, rounded up: media that ends earlier ends the track. */
export function rescaledEdits(elst: Box, from: number, to: number): Box {
  const data = bytesOf(elst);
  const view = viewOf(data);
  const wide = data[0] === 1;
  const step = wide ? 20 : 12;
  const count = view.getUint32(4);
  // Written with 64 bits: a finer movie may need them.
  const edits = viewOf(new Uint8Array(8 + 20 * count));
  edits.setUint8(0, 1);
  edits.setUint32(4, count);
  for (let n = 0; n < count; n++) {
    const at = 8 + n * step;
    const duration = wide ? Number(view.getBigUint64(at)) : view.getUint32(at);
    const mediaTime = wide ? view.getBigInt64(at + 8) : BigInt(view.getInt32(at + 4));
    edits.setBigUint64(8 + 20 * n, BigInt(Math.ceil((duration * to) / from)));
    edits.setBigInt64(16 + 20 * n, mediaTime);
    edits.setUint32(24 + 20 * n, view.getUint32(at + step - 4));
  }
  return { type: 'elst', data: new Uint8Array(edits.buffer) };
}

function headerOf(trak: Box): Box {
  const header = trak.children?.find(({ type }) => type === 'tkhd');
  if (!header) throw new Error('A track has no header.');
  return header;
}

function bytesOf(header: Box): Uint8Array {
  if (!header.data) throw new Error(`The box “${header.type}” has no data.`);
  return header.data;
}

function placeIn(header: Box, [short, long]: Place): number {
  return bytesOf(header)[0] === 1 ? long : short;
}
