import { setImmediate } from 'node:timers/promises';
import { ModelError } from '../../src/errors.ts';
import { bssEval } from '../../src/metrics/bss-eval.ts';
import { median } from '../../src/metrics/median.ts';
import { idealRatioMaskSeparation } from '../../src/metrics/oracle.ts';
import { type Channels, framewiseMedianSdr, sdr } from '../../src/metrics/sdr.ts';
import { type Predictor, separate } from '../../src/separation/separate.ts';
import { allNumbers, type Stems } from './evaluate-stems.ts';

export const TARGETS = ['vocals', 'accompaniment'] as const;
/** What is measured: the unprocessed mixture in place of an estimate, the model, and the ideal ratio mask. */
export const METHODS = ['mixture', 'model', 'idealRatioMask'] as const;
/** `sdr`: of the whole song. The others: median over frames of 1 s; those of BSS Eval v4 begin with bss. */
export const MEASURES = ['sdr', 'framewiseSdr', 'bssSdr', 'bssIsr', 'bssSir', 'bssSar'] as const;

export type Target = (typeof TARGETS)[number];
export type Method = (typeof METHODS)[number];
export type Measure = (typeof MEASURES)[number];

/** Decibels. NaN: not defined, for the true stem is silent. */
export type Measures = Readonly<Partial<Record<Measure, number>>>;
export type Scores = Readonly<Record<Target, Readonly<Record<Method, Measures>>>>;

/** A separation of a whole song. */
export type Estimates = Readonly<Record<Target, Channels>>;

/** The ideal ratio mask's transform: a window of 93 ms at 44.1 kHz, and the Wiener-like exponent of SiSEC's oracles. */
export const ORACLE = { fftSize: 4096, hop: 1024, alpha: 2 } as const;

/**
 * Separates a whole song with a soft mask.
 *
 * @param onProgress receives the seconds that are done, and those of the whole song
 * @throws ModelError when the model's output is no numbers; as `separate`
 */
export async function separateWhole(
  { mixture, sampleRate }: Stems,
  model: Predictor,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Estimates> {
  const empty = (): Float32Array[] => mixture.map((channel) => new Float32Array(channel.length));
  const whole = { vocals: empty(), accompaniment: empty() };
  for await (const chunk of separate({ sampleRate, channels: mixture }, model)) {
    for (const target of TARGETS) {
      chunk[target].forEach((channel, c) => {
        whole[target][c].set(channel, chunk.start);
      });
    }
    onProgress(chunk.doneSamples / sampleRate, chunk.totalSamples / sampleRate);
    // WebAssembly never waits: without this, no signal such as Ctrl+C would be heard before the end.
    await setImmediate();
  }
  if (!allNumbers(whole.vocals)) {
    throw new ModelError(
      `The model “${model.manifest.id}” gave values that are no numbers.`,
      'Train it again, or convert it again with “npm run convert”.',
    );
  }
  return whole;
}

/**
 * Measures the mixture, the model and the ideal ratio mask on one song.
 *
 * @param bss also BSS Eval v4 of mixture and model; many times slower
 */
export function measure(stems: Stems, model: Estimates, { bss = false } = {}): Scores {
  const mixture = compare(stems, { vocals: stems.mixture, accompaniment: stems.mixture }, bss);
  const separated = compare(stems, model, bss);
  const ideal = compare(stems, idealEstimates(stems), false);
  const of = (target: Target) => ({
    mixture: mixture[target],
    model: separated[target],
    idealRatioMask: ideal[target],
  });
  return { vocals: of('vocals'), accompaniment: of('accompaniment') };
}

/**
 * The mask is applied to the mixture that the model gets too. What is not vocals counts as accompaniment in it, which
 * is the accompaniment where the mixture is the sum of the stems.
 */
function idealEstimates({ vocals, mixture }: Stems): Estimates {
  const rest = mixture.map((channel, c) => {
    const voice = vocals[c];
    return channel.map((value, n) => value - voice[n]);
  });
  return idealRatioMaskSeparation(vocals, rest, ORACLE);
}

function compare(stems: Stems, estimates: Estimates, bss: boolean): Record<Target, Measures> {
  const { sampleRate } = stems;
  const simple = (target: Target) => ({
    sdr: sdr(stems[target], estimates[target]),
    framewiseSdr: framewiseMedianSdr(stems[target], estimates[target], sampleRate),
  });
  const scores = { vocals: simple('vocals'), accompaniment: simple('accompaniment') };
  if (!bss) return scores;
  const results = bssEval([stems.vocals, stems.accompaniment], [estimates.vocals, estimates.accompaniment], sampleRate);
  const full = (target: Target, index: number) => ({
    ...scores[target],
    bssSdr: median(results[index].sdr),
    bssIsr: median(results[index].isr),
    bssSir: median(results[index].sir),
    bssSar: median(results[index].sar),
  });
  return { vocals: full('vocals', 0), accompaniment: full('accompaniment', 1) };
}
