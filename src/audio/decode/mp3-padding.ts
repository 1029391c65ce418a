import { infoOffset, isInfoFrame, samplesPerFrame } from '../encode/info-frame.ts';

/** The samples that the encoder added to an MP3 file, as the file states them; decoders remove them. */
export interface Mp3Padding {
  /** Samples to drop at the start. */
  readonly skip: number;
  /** Samples of the song; undefined if the file does not state them. */
  readonly samples: number | undefined;
}

/** Delay of every layer III decoder, samples: LAME's own decoder and FFmpeg remove it with the encoder's delay. */
const DECODER_DELAY = 529;

/** Offsets from the letters “Info”: flags and their fields, the encoder's name, its delays. */
const FLAGS = 4;
const FRAME_COUNT = 8;

const NONE: Mp3Padding = { skip: 0, samples: undefined };

/**
 * Reads the information frame at the start of an MP3 file, which FFmpeg (libavformat/mp3dec.c, mp3_parse_info_tag) and
 * the browsers' decodeAudioData apply. As there, only LAME, Lavf and Lavc are trusted.
 */
export async function mp3Padding(file: Blob): Promise<Mp3Padding> {
  const frame = await firstFrame(file);
  if (frame === undefined) return NONE;
  // A frame of Fraunhofer's encoder with a table instead of sound; it follows the side information.
  if (text(frame, 36, 4) === 'VBRI') return { skip: samplesPerFrame(frame), samples: undefined };
  if (!isInfoFrame(frame)) return NONE;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const info = infoOffset(frame);
  const flags = view.getUint32(info + FLAGS);
  const frames = flags & 1 ? view.getUint32(info + FRAME_COUNT) : undefined;
  // Frames, bytes, table of contents and quality, if present.
  const encoder = info + 8 + (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0);
  if (!['LAME', 'Lavf', 'Lavc'].includes(text(frame, encoder, 4))) return NONE;
  const at = encoder + 21;
  const start = (frame[at] << 4) | (frame[at + 1] >> 4);
  const end = ((frame[at + 1] & 0x0f) << 8) | frame[at + 2];
  const samples = frames === undefined ? undefined : Math.max(0, frames * samplesPerFrame(frame) - start - end);
  return { skip: start + DECODER_DELAY, samples };
}

/** The bytes from the first frame's header on, after ID3v2 tags and other data; as many as are read here. */
async function firstFrame(file: Blob): Promise<Uint8Array | undefined> {
  let at = 0;
  for (;;) {
    const head = await bytes(file, at, 10);
    if (text(head, 0, 3) !== 'ID3' || head.length < 10) break;
    // The size has seven bits per byte and does not count a footer.
    const size = (head[6] << 21) | (head[7] << 14) | (head[8] << 7) | head[9];
    at += 10 + size + (head[5] & 0x10 ? 10 : 0);
  }
  const near = await bytes(file, at, 65536);
  for (let n = 0; n + 256 < near.length; n++) {
    if (near[n] === 0xff && (near[n + 1] & 0xe6) === 0xe2 && (near[n + 2] & 0xf0) !== 0xf0) return near.subarray(n);
  }
  return undefined;
}

async function bytes(file: Blob, start: number, count: number): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(start, start + count).arrayBuffer());
}

function text(data: Uint8Array, start: number, count: number): string {
  return String.fromCharCode(...data.subarray(start, start + count));
}
