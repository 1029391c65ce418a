import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { SeparationChunk } from '../../separation/types.ts';
import { h } from '../shell/dom.ts';
import type { Viewport } from './viewport.ts';
import { WaveformTrack } from './waveform-track.ts';

const STEMS = ['vocals', 'accompaniment'] as const;
const LABELS = { vocals: 'timeline.trackVocals', accompaniment: 'timeline.trackAccompaniment' } as const;

/** What the tracks need to know of the song. */
export interface StemTracksOptions {
  /** The first visible part of the song. */
  readonly view: Viewport;
  readonly samples: number;
  readonly sampleRate: number;
  /** What stands at the head of each lane: its name and its levels. */
  readonly laneHeads: Readonly<Record<(typeof STEMS)[number], HTMLElement>>;
  /** Describes what is missing, for the text alternatives. */
  readonly missing: () => string;
}

/** The waveforms of vocals and accompaniment, drawn to the same scale. */
export class StemTracks {
  /** One row for each stem. */
  readonly elements: readonly HTMLElement[];
  readonly #i18n: I18n;
  readonly #missing: () => string;
  readonly #rows: readonly {
    readonly stem: (typeof STEMS)[number];
    readonly host: HTMLElement;
    readonly waveform: WaveformTrack;
  }[];

  constructor(scope: Scope, i18n: I18n, { view, samples, sampleRate, laneHeads, missing }: StemTracksOptions) {
    this.#i18n = i18n;
    this.#missing = missing;
    const hosts = STEMS.map((stem) => h('div', { class: `wave ${stem}`, role: 'img', 'data-track': stem }));
    this.elements = STEMS.map((stem, n) =>
      h(
        'div',
        { class: `row track lane ${stem}` },
        h('div', { class: 'caption' }, laneHeads[stem]),
        h('div', { class: 'plot', 'data-row': stem }, hosts[n]),
      ),
    );
    this.#rows = STEMS.map((stem, n) => ({
      stem,
      host: hosts[n],
      waveform: new WaveformTrack(scope, hosts[n], { view, samples, sampleRate }),
    }));
    i18n.bind(scope, () => this.describe());
  }

  /** Takes a finished chunk. */
  add(chunk: SeparationChunk): void {
    for (const { stem, waveform } of this.#rows) waveform.add(chunk.start, chunk[stem]);
    const loudest = Math.max(...this.#rows.map(({ waveform }) => waveform.peak));
    for (const { waveform } of this.#rows) waveform.scaleTo(loudest);
    this.describe();
  }

  /** Shows a part of the song on tracks that are `width` pixels wide. */
  show(view: Viewport, width: number, animating: boolean): void {
    for (const { waveform } of this.#rows) waveform.show(view, width, animating);
  }

  /** Shows the playhead at `seconds`. */
  play(seconds: number): void {
    for (const { waveform } of this.#rows) waveform.play(seconds);
  }

  /** Reads the colours from the style sheet again. */
  recolour(): void {
    for (const { waveform } of this.#rows) waveform.recolour();
  }

  /** The text alternatives name what is missing. */
  describe(): void {
    for (const { stem, host } of this.#rows) {
      host.setAttribute('aria-label', this.#i18n.t(LABELS[stem]) + this.#missing());
    }
  }
}
