import type { Predictor } from '../../src/separation/separate.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';
import { CachingPredictor, cpuMs } from './caching-predictor.ts';
import { table } from './evaluate-markdown.ts';
import { measure, TARGETS, type Target } from './evaluate-measure.ts';
import type { Stems } from './evaluate-stems.ts';
import { decibels } from './evaluate-table.ts';
import { separateWhole } from './separate-whole.ts';

const PLAIN = {
  mask: { kind: 'soft' },
  overlap: 0.25,
  channels: 'mean',
  wiener: 0,
  gate: false,
  speeds: 1,
  partner: false,
} as const satisfies SeparationOptions;

const sharp = (exponent: number): SeparationOptions => ({ mask: { kind: 'sharp', exponent } });

/** What is compared; the first is what the others' gain is counted from. */
const VARIANTS: readonly (readonly [title: string, options: SeparationOptions])[] = [
  ['plain: a quarter of overlap, one run, soft mask', {}],
  ['network hears the song at two speeds', { speeds: 2 }],
  ['network hears the song at three speeds', { speeds: 3 }],
  ['patches overlap by half', { overlap: 0.5 }],
  ['patches overlap by three quarters', { overlap: 0.75 }],
  ['network run on left and right', { channels: 'left-right' }],
  ['network run on mid and side', { channels: 'mid-side' }],
  ['multichannel Wiener filter, 1 round', { wiener: 1 }],
  ['multichannel Wiener filter, 2 rounds', { wiener: 2 }],
  ['silence gate', { gate: true }],
  ['mask exponent 0.8', sharp(0.8)],
  ['mask exponent 1.25', sharp(1.25)],
  ['mask exponent 1.5', sharp(1.5)],
  ['mask exponent 2', sharp(2)],
  ['gate and Wiener filter, 1 round', { gate: true, wiener: 1 }],
];

interface Result {
  readonly title: string;
  readonly stereo: boolean;
  readonly sdr: Readonly<Record<Target, number>>;
  readonly seconds: number;
  readonly patches: number;
  readonly filterMs: number;
}

/** What each way of post-processing gains, and what it costs: collects songs, then makes a table. */
export class PostProcessingComparison {
  readonly #model: CachingPredictor;
  readonly #results: Result[] = [];

  constructor(model: Predictor) {
    this.#model = new CachingPredictor(model);
  }

  /** Separates one song in every way. */
  async add(stems: Stems, onProgress: (done: number, total: number) => void): Promise<void> {
    const { mixture, sampleRate } = stems;
    const stereo = mixture.length === 2;
    const seconds = mixture[0].length / sampleRate;
    for (const [n, [title, options]] of VARIANTS.entries()) {
      if (!stereo && ((options.wiener ?? 0) > 0 || options.channels !== undefined)) continue;
      this.#model.takeCount();
      const network = this.#model.networkMs;
      const before = cpuMs();
      const estimates = await separateWhole(stems, this.#model, undefined, { ...PLAIN, ...options });
      const filterMs = cpuMs() - before - (this.#model.networkMs - network);
      const scores = measure(stems, estimates);
      const sdr = { vocals: scores.vocals.sdr ?? Number.NaN, accompaniment: scores.accompaniment.sdr ?? Number.NaN };
      this.#results.push({ title, stereo, sdr, seconds, patches: this.#model.takeCount(), filterMs });
      onProgress(n + 1, VARIANTS.length);
    }
    this.#model.clear();
  }

  /** Markdown. */
  table(): string {
    const [plain] = VARIANTS;
    const rows = VARIANTS.map(([title]) => [
      title,
      ...[true, false].map((stereo) => {
        const [base, own] = [plain[0], title].map((name) => this.#of(name, stereo));
        const gain = (target: Target) => meanOf(own, target) - meanOf(base, target);
        if (own.length === 0) return '–';
        const value = title === plain[0] ? (target: Target) => meanOf(own, target) : gain;
        return TARGETS.map((target) => signed(value(target), title !== plain[0])).join(' / ');
      }),
      ...this.#cost(title),
    ]);
    const songs = (stereo: boolean) => this.#of(plain[0], stereo).length;
    return table(
      [
        '',
        `stereo (${songs(true)}): vocals / accompaniment, dB`,
        `mono (${songs(false)}), dB`,
        'network, ms a second',
        'the rest, ms a second',
        'together',
      ],
      rows,
    );
  }

  #of(title: string, stereo: boolean): readonly Result[] {
    return this.#results.filter((result) => result.title === title && result.stereo === stereo);
  }

  /** Of stereo songs, where there are any: processor time for a second of song. */
  #cost(title: string): string[] {
    const songs = [true, false].map((stereo) => this.#of(title, stereo)).find((some) => some.length > 0) ?? [];
    const seconds = songs.reduce((sum, song) => sum + song.seconds, 0);
    const network = (songs.reduce((sum, song) => sum + song.patches, 0) * this.#model.patchMs) / seconds;
    const rest = songs.reduce((sum, song) => sum + song.filterMs, 0) / seconds;
    return [network.toFixed(1), rest.toFixed(1), `${(1000 / (network + rest)).toFixed(0)} × real time`];
  }
}

function meanOf(results: readonly Result[], target: Target): number {
  const values = results.map((result) => result.sdr[target]).filter(Number.isFinite);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function signed(value: number, gain: boolean): string {
  return gain && value > 0 ? `+${decibels(value)}` : decibels(value);
}
