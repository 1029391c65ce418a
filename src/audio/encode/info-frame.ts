/**
 * The first frame of an MP3 file: silent, with the number of frames and the padding that the encoder added at both
 * ends, so that a decoder returns exactly the encoded samples (“Mp3 Info Tag revision 1”, LAME; read by FFmpeg,
 * browsers, players). It is written here because the muxer's own frame has no field for the delays.
 */

/** LAME's delay in samples, from its polyphase filter bank and MDCT. Decoders know of their own additional 529. */
export const LAME_DELAY = 576;

const TAG_BYTES = 36;

/** The contents of the frame. */
export interface InfoFrame {
  /** The first real frame, whose header is copied. */
  readonly firstFrame: Uint8Array;
  /** Number of real frames. */
  readonly frames: number;
  /** Total bytes of the real frames. */
  readonly bytes: number;
  /** Encoded samples of one channel. */
  readonly samples: number;
  /** Bits per second. */
  readonly bitrate: number;
  /** CRC-16 of all real frames. */
  readonly musicCrc: number;
}

/** Whether the header is of MPEG-1 (otherwise MPEG-2, with half the rates and half the samples per frame). */
function isMpeg1(header: Uint8Array): boolean {
  return (header[1] & 0x18) === 0x18;
}

/** Samples of one channel in a frame of layer III. */
export function samplesPerFrame(header: Uint8Array): number {
  return isMpeg1(header) ? 1152 : 576;
}

/** Offset of “Info”: after the header and the side information. */
export function infoOffset(header: Uint8Array): number {
  const isMono = (header[3] & 0xc0) === 0xc0;
  if (isMpeg1(header)) return isMono ? 21 : 36;
  return isMono ? 13 : 21;
}

/** Whether a packet is the silent frame that some encoders emit first. */
export function isInfoFrame(frame: Uint8Array): boolean {
  const at = infoOffset(frame);
  const name = String.fromCharCode(...frame.subarray(at, at + 4));
  return name === 'Info' || name === 'Xing';
}

/** Makes the frame. Its length depends only on `firstFrame`, so it can be written first and again in the end. */
export function infoFrame({ firstFrame, frames, bytes, samples, bitrate, musicCrc }: InfoFrame): Uint8Array {
  const header = firstFrame.slice(0, 4);
  header[1] |= 0x01; // no CRC
  const hasPadding = (header[2] & 0x02) !== 0;
  header[2] &= ~0x02;
  const frame = new Uint8Array(firstFrame.length - (hasPadding ? 1 : 0));
  frame.set(header);
  const view = new DataView(frame.buffer);
  let at = infoOffset(header);
  const text = (value: string): void => {
    for (const letter of value) frame[at++] = letter.charCodeAt(0);
  };
  text('Info');
  view.setUint32(at, 0b0111); // frames, bytes and table of contents follow
  view.setUint32(at + 4, frames);
  view.setUint32(at + 8, bytes + frame.length);
  // At a constant bitrate, hundredths of the time equal hundredths of the bytes.
  for (let percent = 0; percent < 100; percent++) frame[at + 12 + percent] = Math.floor((256 * percent) / 100);
  at += 112;
  const tag = at;
  text('LAME3.100');
  frame[at++] = 0x01; // revision 0, constant bitrate
  at += 10; // lowpass, peak, gains, flags: not told
  frame[at++] = Math.min(255, bitrate / 1000);
  const padding = Math.max(0, Math.min(4095, frames * samplesPerFrame(header) - LAME_DELAY - samples));
  frame[at++] = LAME_DELAY >> 4;
  frame[at++] = ((LAME_DELAY & 0x0f) << 4) | (padding >> 8);
  frame[at++] = padding & 0xff;
  at += 4; // miscellaneous, gain, preset
  view.setUint32(at, bytes + frame.length);
  view.setUint16(at + 4, musicCrc);
  view.setUint16(tag + TAG_BYTES - 2, crc16(frame.subarray(0, tag + TAG_BYTES - 2)));
  return frame;
}

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  return crc;
});

/** CRC-16/ARC (polynomial 0x8005, reflected), continued from `crc`. */
export function crc16(bytes: Uint8Array, crc = 0): number {
  for (const byte of bytes) crc = (crc >> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff];
  return crc;
}
