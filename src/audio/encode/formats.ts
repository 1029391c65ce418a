/** What a stem can be saved as. */
export const EXPORT_FORMATS = ['wav16', 'wav24', 'wav32f', 'flac', 'mp3', 'opus', 'm4a'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What is known of a format before anything is encoded. */
export interface FormatFacts {
  /** Without the dot. */
  readonly extension: string;
  readonly mimeType: string;
  /** The file decodes to the very samples (integers: rounded to their bits) that were given. */
  readonly lossless: boolean;
  /** Values over full scale are cut off. Only floating point keeps them. */
  readonly clips: boolean;
  /** Bits a second of sound for one and for two channels, or bits a sample of one channel. */
  readonly size: { readonly bitrate: readonly [number, number] } | { readonly bits: number };
}

export const FORMATS: Readonly<Record<ExportFormat, FormatFacts>> = {
  wav16: { extension: 'wav', mimeType: 'audio/wav', lossless: true, clips: true, size: { bits: 16 } },
  wav24: { extension: 'wav', mimeType: 'audio/wav', lossless: true, clips: true, size: { bits: 24 } },
  wav32f: { extension: 'wav', mimeType: 'audio/wav', lossless: true, clips: false, size: { bits: 32 } },
  // 24 bits before they are packed; a stem takes about two thirds.
  flac: { extension: 'flac', mimeType: 'audio/flac', lossless: true, clips: true, size: { bits: 16 } },
  mp3: lossy('mp3', 'audio/mpeg', 128_000, 256_000),
  opus: lossy('opus', 'audio/ogg', 96_000, 160_000),
  m4a: lossy('m4a', 'audio/mp4', 128_000, 224_000),
};

function lossy(extension: string, mimeType: string, mono: number, stereo: number): FormatFacts {
  return { extension, mimeType, lossless: false, clips: true, size: { bitrate: [mono, stereo] } };
}

/** Length and kind of what is to be encoded. */
export interface AudioShape {
  /** Hertz. */
  readonly sampleRate: number;
  /** 1 or 2. */
  readonly channels: number;
  /** Samples of one channel. */
  readonly samples: number;
}

/** RFC 9639, section 9.1.2; the encoder takes no others. */
const FLAC_RATES = [8000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 176400, 192000];

/** MPEG-1 and MPEG-2 layer III, and AAC up to 48 kHz. */
const MPEG_RATES = [16000, 22050, 24000, 32000, 44100, 48000];

/**
 * Hertz of the encoded file. Only the lossy formats change the rate, where they do not know the song's: Opus always
 * has 48 kHz (RFC 7845, 5.1), MP3 and AAC then take the next of their own.
 */
export function encodedRate(format: ExportFormat, sampleRate: number): number {
  if (FORMATS[format].lossless) return sampleRate;
  if (format === 'opus') return 48_000;
  const higher = MPEG_RATES.find((rate) => rate >= sampleRate);
  return higher ?? (sampleRate % 11_025 === 0 ? 44_100 : 48_000);
}

/** Why a format is not offered. */
export type Unavailable = 'rate' | 'browser';

/** Why this format cannot be written here, or null where it can. */
export async function unavailable(format: ExportFormat, shape: AudioShape): Promise<Unavailable | null> {
  if (format === 'flac' && !FLAC_RATES.includes(shape.sampleRate)) return 'rate';
  // The other encoders come along as WebAssembly; for Opus the browser's own is used.
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

/** Bits a second of a lossy format. */
export function bitrateOf(format: ExportFormat, channels: number): number {
  const { size } = FORMATS[format];
  return 'bitrate' in size ? size.bitrate[channels > 1 ? 1 : 0] : 0;
}

/** About how many bytes the file will have. Exact for WAV, without its head; FLAC depends on the sound. */
export function estimatedBytes(format: ExportFormat, { sampleRate, channels, samples }: AudioShape): number {
  const { size } = FORMATS[format];
  if ('bits' in size) return (samples * channels * size.bits) / 8;
  return ((samples / sampleRate) * bitrateOf(format, channels)) / 8;
}
