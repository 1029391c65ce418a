import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { SeparationChunk } from '../../separation/types.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import { h, setText } from '../shell/dom.ts';
import { PeakTrack } from './peaks.ts';
import type { Viewport } from './viewport.ts';
import { WaveformTrack } from './waveform-track.ts';

const STEMS = ['vocals', 'accompaniment'] as const;
const LABELS = { vocals: 'timeline.trackVocals', accompaniment: 'timeline.trackAccompaniment' } as const;

/** What the tracks need to know of the song. */
export interface StemTracksOptions {
  /** The first visible part of the song. */
  readonly view: Viewport;
  readonly store: SongStorage;
  /** What stands at the head of each lane: its name and its levels. */
  readonly laneHeads: Readonly<Record<(typeof STEMS)[number], HTMLElement>>;
  /** Describes what is missing, for the text alternatives. */
  readonly missing: () => string;
}

/** The waveforms of vocals and accompaniment, drawn to the same scale. */
export class StemTracks {
  /** One row for each stem. */
  readonly elements: readonly HTMLElement[];
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #options: StemTracksOptions;
  /** Says that the vocals' lane shows the difference. */
  readonly #note = h('span', { class: 'lane-note', hidden: true, 'aria-hidden': 'true' });
  /** The result whose vocals are subtracted in the vocals' lane. */
  #minus: SongStorage | undefined;
  /** Counts the changes of that: a waveform of an earlier one is not drawn. */
  #comparison = 0;
  readonly #rows: readonly {
    readonly stem: (typeof STEMS)[number];
    readonly host: HTMLElement;
    readonly waveform: WaveformTrack;
  }[];

  constructor(scope: Scope, i18n: I18n, options: StemTracksOptions) {
    const { view, store, laneHeads } = options;
    const { samples, sampleRate } = store;
    this.#scope = scope;
    this.#i18n = i18n;
    this.#options = options;
    const hosts = STEMS.map((stem) => h('div', { class: `wave ${stem}`, role: 'img', 'data-track': stem }));
    this.elements = STEMS.map((stem, n) =>
      h(
        'div',
        { class: `row track lane ${stem}` },
        h('div', { class: 'caption' }, laneHeads[stem]),
        h('div', { class: 'plot', 'data-row': stem }, hosts[n], stem === 'vocals' ? this.#note : ''),
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

  /**
   * Shows the difference to another result's vocals in the vocals' lane, at the same scale; undefined: the vocals.
   * @throws whatever reading the songs throws
   */
  async compare(minus: SongStorage | undefined): Promise<void> {
    if (minus === this.#minus) return;
    this.#minus = minus;
    const comparison = ++this.#comparison;
    const isOver = () => this.#scope.disposed || this.#comparison !== comparison;
    this.describe();
    const [{ waveform }] = this.#rows;
    if (!minus) return waveform.draw(undefined);
    const { store } = this.#options;
    // Not in the page's first download.
    const { vocalsDifference } = await import('../../songs/compare-results.ts');
    const peaks = new PeakTrack(store.samples, store.sampleRate);
    try {
      for await (const { start, channels } of vocalsDifference(store, minus)) {
        if (isOver()) return;
        peaks.add(start, channels);
        waveform.draw(peaks);
      }
    } catch (error) {
      // A song that is closed meanwhile ends the reading.
      if (!isOver()) throw error;
    }
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
    this.#note.hidden = this.#minus === undefined;
    setText(this.#note, this.#i18n.t('results.difference'));
    for (const { stem, host } of this.#rows) {
      const differs = stem === 'vocals' && this.#minus !== undefined;
      const label = this.#i18n.t(differs ? 'timeline.trackDifference' : LABELS[stem]);
      host.setAttribute('aria-label', label + this.#options.missing());
    }
  }
}
