import type { HighBandRule } from '../../src/dsp/interpolate-mask.ts';
import { leakage, logSpectralDistance } from '../../src/metrics/high-band.ts';
import type { Predictor } from '../../src/separation/separate.ts';
import { CachingPredictor } from './caching-predictor.ts';
import { table } from './evaluate-markdown.ts';
import { measure } from './evaluate-measure.ts';
import type { Stems } from './evaluate-stems.ts';
import { separateWhole } from './separate-whole.ts';

interface Result {
  readonly rule: string;
  readonly song: string;
  readonly values: readonly number[];
}

const MEASURES = [
  'SDR vocals, dB',
  'SDR accompaniment, dB',
  'log-spectral distance of the vocals, dB',
  '… of the accompaniment, dB',
  'vocals left in the accompaniment, %',
  'accompaniment let into the vocals, %',
] as const;

/** The rules for the band above a model's, measured: collects songs, then makes tables. */
export class HighBandComparison {
  readonly #model: Predictor;
  readonly #topHz: number;
  readonly #rules: readonly (readonly [title: string, rule: HighBandRule])[];
  readonly #results: Result[] = [];

  /** @param learnt a further rule to compare: one that was just fitted */
  constructor(model: Predictor, learnt?: HighBandRule) {
    const { highBand, sampleRate, stft, patch } = model.manifest;
    this.#model = model;
    this.#topHz = ((patch.firstBin + patch.bins - 1) * sampleRate) / stft.fftSize;
    const half = this.#topHz / 2;
    this.#rules = [
      ['zero: all of it accompaniment', { rule: 'zero' }],
      [`mean of the mask from ${Math.round(half)} Hz`, { rule: 'mean', fromHz: half, gain: 1 }],
      ['half of that mean', { rule: 'mean', fromHz: half, gain: 0.5 }],
      ['mean of the top eighth of the band', { rule: 'mean', fromHz: (this.#topHz * 7) / 8, gain: 1 }],
      ...(highBand.rule === 'learnt' ? [['learnt (manifest)', highBand] as const] : []),
      ...(learnt ? [['learnt (file)', learnt] as const] : []),
    ];
  }

  /** Separates one song by every rule. One without sound above the band says nothing, and is left out. */
  async add(stems: Stems, song: string, onProgress: (done: number, total: number) => void): Promise<void> {
    const { vocals, accompaniment, sampleRate } = stems;
    if (sampleRate / 2 <= this.#topHz) return;
    const caching = new CachingPredictor(this.#model);
    for (const [n, [rule, highBand]] of this.#rules.entries()) {
      const model: Predictor = {
        manifest: { ...this.#model.manifest, highBand } as Predictor['manifest'],
        predict: (patches, count, maximum) => caching.predict(patches, count, maximum),
      };
      const estimates = await separateWhole(stems, model);
      const scores = measure(stems, estimates);
      const band = [sampleRate, this.#topHz] as const;
      const values = [
        scores.vocals.sdr ?? Number.NaN,
        scores.accompaniment.sdr ?? Number.NaN,
        logSpectralDistance(vocals, estimates.vocals, ...band),
        logSpectralDistance(accompaniment, estimates.accompaniment, ...band),
        100 * leakage(vocals, accompaniment, estimates.accompaniment, ...band),
        100 * leakage(accompaniment, vocals, estimates.vocals, ...band),
      ];
      this.#results.push({ rule, song, values });
      onProgress(n + 1, this.#rules.length);
    }
  }

  /** Markdown: a table a song, and one of the means. */
  table(): string {
    const songs = [...new Set(this.#results.map((result) => result.song))];
    const one = (title: string, of: (rule: string) => readonly number[]): string => {
      const rows = this.#rules.map(([rule]) => [rule, ...of(rule).map((value) => value.toFixed(2))]);
      return `${title}\n\n${table(['above the band', ...MEASURES], rows)}`;
    };
    const bySong = songs.map((song) =>
      one(song, (rule) => this.#results.find((result) => result.rule === rule && result.song === song)?.values ?? []),
    );
    const means = one(`Mean of ${songs.length} songs`, (rule) => {
      const own = this.#results.filter((result) => result.rule === rule);
      return MEASURES.map((_, n) => own.reduce((sum, result) => sum + result.values[n], 0) / own.length);
    });
    return [...bySong, ...(songs.length > 1 ? [means] : [])].join('\n\n');
  }
}
