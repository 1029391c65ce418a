/** How a file stores samples: integers of so many bits, floating point, or with a loss (MP3, AAC …). */
export type SampleDepth = number | 'float' | 'lossy';

/** Codecs that keep each sample, other than PCM. */
const LOSSLESS = [
  'flac',
  'alac',
  'wavpack',
  'tta',
  'ape',
  'shorten',
  'tak',
  'mlp',
  'truehd',
  'wmalossless',
  'pcm_bluray',
  'pcm_dvd',
];

/**
 * The depth of samples.
 *
 * @param codec as FFmpeg calls it: “pcm_s16le”, “flac”, “mp3” …
 * @param bits of a sample, where the file states them
 * @returns undefined: a lossless codec whose bits are not known
 */
export function sampleDepth(codec: string, bits?: number): SampleDepth | undefined {
  const [, kind, size] = /^pcm_([a-z])(\d+)/.exec(codec) ?? [];
  if (kind === 'f') return 'float';
  if (kind !== undefined) return bits && bits < Number(size) ? bits : Number(size);
  return LOSSLESS.includes(codec) ? bits || undefined : 'lossy';
}
