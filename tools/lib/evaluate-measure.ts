import { in16Bits, isSilent } from '../../src/metrics/bit-depth.ts';
import { bssEval } from '../../src/metrics/bss-eval.ts';
import { median } from '../../src/metrics/median.ts';
import { type Channels, framewiseMedianSdr, sdr } from '../../src/metrics/sdr.ts';
import type { Stems } from './evaluate-stems.ts';

export const TARGETS = ['vocals', 'accompaniment'] as const;
/** `sdr` is that of the whole song, the others are medians over frames of 1 s. Those of BSS Eval v4 begin with bss. */
export const MEASURES = ['sdr', 'framewiseSdr', 'bssSdr', 'bssIsr', 'bssSir', 'bssSar'] as const;

export type Target = (typeof TARGETS)[number];
export type Measure = (typeof MEASURES)[number];

/** Decibels. NaN where the true stem is silent: not defined. */
export type Measures = Readonly<Partial<Record<Measure, number>>>;
/** By the key of the method: see evaluate-methods.ts. */
export type Scores = Readonly<Record<Target, Readonly<Record<string, Measures>>>>;

/** A separation of a whole song. */
export type Estimates = Readonly<Record<Target, Channels>>;

/**
 * Measures one separation of a song.
 *
 * @param bss also BSS Eval v4, which is many times slower. It is left out where an estimate is silent throughout, as
 * with centre-channel subtraction of a mono song, because it is not defined there
 */
export function measure(stems: Stems, estimates: Estimates, bss = false): Record<Target, Measures> {
  const { sampleRate } = stems;
  const simple = (target: Target) => ({
    sdr: sdr(stems[target], estimates[target]),
    framewiseSdr: framewiseMedianSdr(stems[target], estimates[target], sampleRate),
  });
  const scores = { vocals: simple('vocals'), accompaniment: simple('accompaniment') };
  if (!bss || TARGETS.some((target) => isSilent(estimates[target]))) return scores;
  const sounds = (all: Estimates) => TARGETS.map((target) => all[target].map(in16Bits));
  const results = bssEval(sounds(stems), sounds(estimates), sampleRate);
  const full = (target: Target, index: number) => ({
    ...scores[target],
    bssSdr: median(results[index].sdr),
    bssIsr: median(results[index].isr),
    bssSir: median(results[index].sir),
    bssSar: median(results[index].sar),
  });
  return { vocals: full('vocals', 0), accompaniment: full('accompaniment', 1) };
}
