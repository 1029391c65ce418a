import { type Message, message } from '../../core/message.ts';
import type { SampleDepth } from '../sample-depth.ts';
import { type ExportFormat, FORMATS } from './formats.ts';

/** Decibels in a note are rounded up to a tenth: “0.0 dB too loud” would say nothing. */
const DECIBEL_STEP = 10;

/** The largest value that an integer format holds, about: 1 − 2⁻¹⁵. */
const CEILING = 32767 / 32768;

/** What is known of a song whose stems are saved. */
export interface StemFacts {
  /** How the song's file stores its samples; undefined: not known. */
  readonly depth?: SampleDepth;
  /** Largest absolute sample of the stems, 1 being full scale; undefined: not known yet. */
  readonly peak?: number;
}

/** A format, and what a person should know of the choice. */
export interface FormatChoice {
  readonly format: ExportFormat;
  readonly note: Message | undefined;
}

/**
 * The format in which stems are saved where a person chooses none: WAV with the song's own bits, at least 16 (and 16
 * for lossy songs, 24 if nothing is known). Integers of any depth end at full scale, so it is 32-bit floating point if
 * the stems exceed that, with a note that says so: each stem keeps its level, and both together are the song.
 *
 * @example
 * defaultFormat({ depth: 16, peak: 0.9 }).format; // 'wav16'
 * defaultFormat({ depth: 16, peak: 1.2 }).format; // 'wav32f'
 */
export function defaultFormat({ depth, peak = 0 }: StemFacts): FormatChoice {
  const format = formatOfDepth(depth);
  if (peak <= 1 || !FORMATS[format].clips) return { format, note: undefined };
  return { format: 'wav32f', note: message('export.float-for-level', { level: decibelsUp(peak) }) };
}

function formatOfDepth(depth: SampleDepth | undefined): ExportFormat {
  if (depth === undefined) return 'wav24';
  if (depth === 'lossy' || (depth !== 'float' && depth <= 16)) return 'wav16';
  return depth !== 'float' && depth <= 24 ? 'wav24' : 'wav32f';
}

/** A level for stems that a format would cut off, and what a person should know of it. */
export interface StemLevel {
  /** Linear gain for both stems; 1: unchanged. */
  readonly gain: number;
  readonly note: Message | undefined;
}

/**
 * The gain with which both stems fit into a format that a person chose: 1 unless they exceed full scale and the format
 * would cut them off. Both get the same one, so that together they are the song at that level.
 *
 * @param peak largest absolute sample of both stems, 1 being full scale
 */
export function stemLevel(format: ExportFormat, peak: number): StemLevel {
  if (peak <= 1 || !FORMATS[format].clips) return { gain: 1, note: undefined };
  const gain = CEILING / peak;
  return { gain, note: message('export.quieter', { level: decibelsUp(1 / gain) }) };
}

/** Largest absolute sample of all channels. */
export function peakOf(channels: readonly Float32Array[]): number {
  let peak = 0;
  for (const channel of channels) {
    for (let i = 0; i < channel.length; i++) {
      const value = Math.abs(channel[i]);
      if (value > peak) peak = value;
    }
  }
  return peak;
}

function decibelsUp(ratio: number): number {
  return Math.ceil(DECIBEL_STEP * 20 * Math.log10(ratio)) / DECIBEL_STEP;
}
