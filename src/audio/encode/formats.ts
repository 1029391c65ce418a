/** The formats for saving. */
export const EXPORT_FORMATS = ['wav16', 'wav24', 'wav32f', 'flac', 'mp3', 'opus', 'm4a'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Facts about a format. */
export interface FormatFacts {
  /** File name ending without the dot. */
  readonly extension: string;
  readonly mimeType: string;
  /** Whether the file decodes to exactly the given samples (integers: rounded to their bits). */
  readonly lossless: boolean;
  /** Whether values over full scale are clipped. Only floating point keeps them. */
  readonly clips: boolean;
  /** Bits per second for one and for two channels, or bits per sample of one channel. */
  readonly size: { readonly bitrate: readonly [number, number] } | { readonly bits: number };
}

export const FORMATS: Readonly<Record<ExportFormat, FormatFacts>> = {
  wav16: { extension: 'wav', mimeType: 'audio/wav', lossless: true, clips: true, size: { bits: 16 } },
  wav24: { extension: 'wav', mimeType: 'audio/wav', lossless: true, clips: true, size: { bits: 24 } },
  wav32f: { extension: 'wav', mimeType: 'audio/wav', lossless: true, clips: false, size: { bits: 32 } },
  // 24 bits before compression; a stem takes about two thirds of that.
  flac: { extension: 'flac', mimeType: 'audio/flac', lossless: true, clips: true, size: { bits: 16 } },
  mp3: lossy('mp3', 'audio/mpeg', 128_000, 256_000),
  opus: lossy('opus', 'audio/ogg', 96_000, 160_000),
  m4a: lossy('m4a', 'audio/mp4', 128_000, 224_000),
};

function lossy(extension: string, mimeType: string, mono: number, stereo: number): FormatFacts {
  return { extension, mimeType, lossless: false, clips: true, size: { bitrate: [mono, stereo] } };
}

/** Length and kind of the sound to encode. */
export interface AudioShape {
  /** Hertz. */
  readonly sampleRate: number;
  /** 1 or 2. */
  readonly channels: number;
  /** Samples of one channel. */
  readonly samples: number;
}

/** Sample rates of FLAC (RFC 9639, section 9.1.2); the encoder takes no others. */
const FLAC_RATES = [8000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 176400, 192000];

/** Sample rates of MPEG-1 and MPEG-2 layer III, and of AAC up to 48 kHz. */
const MPEG_RATES = [16000, 22050, 24000, 32000, 44100, 48000];

/**
 * Sample rate of the encoded file, hertz. Lossy formats change it if they do not know the song's: Opus always has 48
 * kHz (RFC 7845, 5.1), MP3 and AAC use the next of their own.
 */
export function encodedRate(format: ExportFormat, sampleRate: number): number {
  if (FORMATS[format].lossless) return sampleRate;
  if (format === 'opus') return 48_000;
  const higher = MPEG_RATES.find((rate) => rate >= sampleRate);
  return higher ?? (sampleRate % 11_025 === 0 ? 44_100 : 48_000);
}

/** Why a format is not offered. */
export type Unavailable = 'rate' | 'browser';

/** Why this format cannot be written here; null if it can. */
export async function unavailable(format: ExportFormat, shape: AudioShape): Promise<Unavailable | null> {
  if (format === 'flac' && !FLAC_RATES.includes(shape.sampleRate)) return 'rate';
  // The other encoders are included as WebAssembly; Opus uses the browser's.
  if (format !== 'opus') return null;
  return (await encodesOpus(shape.channels)) ? null : 'browser';
}

async function encodesOpus(numberOfChannels: number): Promise<boolean> {
  if (typeof AudioEncoder === 'undefined') return false;
  const config = { codec: 'opus', sampleRate: 48_000, numberOfChannels, bitrate: bitrateOf('opus', numberOfChannels) };
  try {
    return (await AudioEncoder.isConfigSupported(config)).supported === true;
  } catch {
    return false;
  }
}

/** Bits per second of a lossy format. */
export function bitrateOf(format: ExportFormat, channels: number): number {
  const { size } = FORMATS[format];
  return 'bitrate' in size ? size.bitrate[channels > 1 ? 1 : 0] : 0;
}

/** Estimated bytes of the file. Exact for WAV, without its header; FLAC depends on the sound. */
export function estimatedBytes(format: ExportFormat, { sampleRate, channels, samples }: AudioShape): number {
  const { size } = FORMATS[format];
  if ('bits' in size) return (samples * channels * size.bits) / 8;
  return ((samples / sampleRate) * bitrateOf(format, channels)) / 8;
}
