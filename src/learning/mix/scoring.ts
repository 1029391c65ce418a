import { in16Bits, isSilent } from '../../metrics/bit-depth.ts';
import { bssEval } from '../../metrics/bss-eval.ts';
import { median } from '../../metrics/median.ts';
import { idealBinaryMaskSeparation, idealRatioMaskSeparation, ORACLE } from '../../metrics/oracle.ts';
import { type Channels, frameSdrs, sdr } from '../../metrics/sdr.ts';
import type { KnownSong } from './mix-pair.ts';

/** The methods that are scored: the network, leaving the mixture as it is, and two ideal masks computed from the truth. */
export const METHODS = ['separated', 'mixture', 'idealRatio', 'idealBinary'] as const;

export type MethodName = (typeof METHODS)[number];

/** The two sounds that a method separates a song into. */
export interface Estimate {
  readonly vocals: Channels;
  readonly accompaniment: Channels;
}

/** The SDR of one part, decibels, as `npm run evaluate` measures it. */
export interface Score {
  /** Of the whole song. */
  readonly sdr: number;
  /** Of each second; NaN where the truth is silent. */
  readonly seconds: Float64Array;
}

/** Medians over seconds of BSS Eval's ratios, decibels; see metrics/bss-eval.ts. */
export interface BssScore {
  readonly sdr: number;
  readonly sir: number;
  readonly sar: number;
}

/** A value for each part. */
export interface Both<T> {
  readonly vocals: T;
  readonly accompaniment: T;
}

/** What a method estimates for a song whose truth is known. */
export function estimateOf(method: Exclude<MethodName, 'separated'>, song: KnownSong): Estimate {
  if (method === 'mixture') return { vocals: song.mixture, accompaniment: song.mixture };
  const separation = method === 'idealRatio' ? idealRatioMaskSeparation : idealBinaryMaskSeparation;
  // Everything but the voice counts as accompaniment, as in `npm run evaluate`.
  const rest = song.mixture.map((channel, c) => channel.map((value, n) => value - song.vocals[c][n]));
  return separation(song.vocals, rest, ORACLE);
}

/** SDR of both parts: of the whole song, and of each second. */
export function scoreOf(song: KnownSong, estimate: Estimate): Both<Score> {
  const of = (part: 'vocals' | 'accompaniment'): Score => ({
    sdr: sdr(song[part], estimate[part]),
    seconds: frameSdrs(song[part], estimate[part], song.sampleRate),
  });
  return { vocals: of('vocals'), accompaniment: of('accompaniment') };
}

/** BSS Eval's SDR, SIR and SAR of both parts; takes seconds. Undefined where an estimate is silent throughout. */
export function bssScoreOf(song: KnownSong, estimate: Estimate): Both<BssScore> | undefined {
  if (isSilent(estimate.vocals) || isSilent(estimate.accompaniment)) return undefined;
  const sounds = ({ vocals, accompaniment }: Estimate) => [vocals, accompaniment].map((sound) => sound.map(in16Bits));
  const [vocals, accompaniment] = bssEval(sounds(song), sounds(estimate), song.sampleRate).map((result) => ({
    sdr: median(result.sdr),
    sir: median(result.sir),
    sar: median(result.sar),
  }));
  return { vocals, accompaniment };
}
