import { safeFileName } from '../../audio/encode/file-names.ts';
import { clock, hertz } from '../../core/format.ts';
import { nextTask } from '../../core/next-task.ts';
import type { Scope } from '../../core/scope.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { RegionSound } from '../../player/region-sound.ts';
import { replay } from '../../songs/replay-chunks.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import { handOver } from '../player/save-target.ts';
import type { PlotPlace } from '../timeline/gestures.ts';
import type { Viewport } from '../timeline/viewport.ts';
import { hzOfUnit } from './frequency-axis.ts';
import type { Readout } from './readout.ts';
import { type RegionPlayback, RegionTool, type Selection } from './region-tool.ts';
import { type ComparedResult, ResultDifferenceRow } from './result-difference-row.ts';
import { type SpectrogramData, SpectrogramThread } from './spectrogram-client.ts';
import { SPECTROGRAM_KINDS, type SpectrogramKind } from './spectrogram-image.ts';
import type { SpectrogramLayout } from './spectrogram-layout.ts';
import { axisOf } from './spectrogram-painter.ts';
import { SpectrogramRow } from './spectrogram-row.ts';
import type { SpectrogramStyle } from './spectrogram-style.ts';

/** What the rows work with. */
export interface SpectrogramRowsOptions extends RegionPlayback {
  readonly store: SongStorage;
  /** Name of the song, for saved images. */
  readonly name: string;
  /** Duration of the song, seconds. */
  readonly duration: number;
  /** The appearance at first. */
  readonly style: SpectrogramStyle;
  /** Which are shown, and how high. */
  readonly layout: SpectrogramLayout;
  /** Shows the values under the pointer. */
  readonly readout: Readout;
  /** Called when there is something new to draw. */
  readonly onChange: () => void;
}

/** The spectrograms of a song, one under the other: axes, readout, selected region and saved images. */
export class SpectrogramRows {
  readonly elements: readonly HTMLElement[];
  /** The panel of the selected region. */
  readonly panel: HTMLElement;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #options: SpectrogramRowsOptions;
  readonly #thread: SpectrogramThread;
  readonly #sound: RegionSound;
  readonly #regions: RegionTool;
  readonly #rows: readonly SpectrogramRow[];
  readonly #difference: ResultDifferenceRow;
  #data: SpectrogramData | undefined;
  #style: SpectrogramStyle;
  #topHz: number | undefined;
  /** Counts pointer moves: an answer for an earlier place is dropped. */
  #pointed = 0;
  #selects = false;
  #sharpness = 1;
  #rewriting = false;

  constructor(scope: Scope, i18n: I18n, options: SpectrogramRowsOptions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#options = options;
    this.#style = options.style;
    this.#thread = new SpectrogramThread(scope, (error) => {
      options.failed(error);
      void this.#rewrite().catch(options.failed);
      this.#difference.compute();
    });
    this.#sound = new RegionSound(
      scope,
      options.store,
      (...order) => this.#thread.bandPass(...order),
      () => this.#regions.panel.playing(this.#sound.playing),
    );
    this.#regions = new RegionTool(scope, i18n, this.#sound, options);
    this.panel = this.#regions.panel.element;
    const { layout, onChange } = options;
    this.#rows = SPECTROGRAM_KINDS.map(
      (kind, n) =>
        new SpectrogramRow(scope, i18n, {
          kind,
          region: this.#regions.layers[n],
          layout,
          onChange,
          save: () => void this.#save(kind).catch(options.failed),
        }),
    );
    this.#difference = new ResultDifferenceRow(scope, i18n, { ...options, thread: this.#thread });
    scope.add(layout.on('change', () => this.#place()));
    this.elements = [this.#difference.element, ...this.#rows.map(({ element }) => element)];
    this.#useStyle();
    i18n.bind(scope, () => this.#describe());
  }

  /** Takes final columns. */
  write(scale: SpectrogramScale, columns: SpectrogramColumns): void {
    if (!this.#data) {
      this.#data = this.#thread.open(scale);
      this.#useStyle();
    }
    this.#data.write(columns);
    this.#regions.measure();
  }

  get #shownStyle(): SpectrogramStyle {
    return { ...this.#style, topHz: this.#topHz };
  }

  get style(): SpectrogramStyle {
    return this.#style;
  }

  set style(style: SpectrogramStyle) {
    this.#style = style;
    this.#useStyle();
  }

  /** Top of the frequency axes, hertz; undefined: that of the data. */
  set topHz(hertz: number | undefined) {
    if (hertz === this.#topHz) return;
    this.#topHz = hertz;
    this.#useStyle();
  }

  /** Shows the difference to another result of the song; undefined: none. */
  compare(compared: ComparedResult | undefined): void {
    if (!compared && this.#difference.element.hidden) return;
    this.#difference.show(compared);
    this.resize(this.#sharpness);
    this.#options.onChange();
  }

  /** The selected region; undefined: none. */
  get selection(): Selection | undefined {
    return this.#regions.selection;
  }

  set selection(selection: Selection | undefined) {
    this.#regions.selection = selection;
  }

  /** Whether a drag on a spectrogram draws a region. */
  get selects(): boolean {
    return this.#selects;
  }

  /** @param keyboard Places a region on the screen, for people who use no pointer. */
  select(on: boolean, keyboard: boolean): void {
    this.#selects = on;
    if (!on) this.#regions.withdraw();
    if (!on || !keyboard) return;
    this.#regions.offer();
    this.#regions.panel.focus();
  }

  /** Reads the sizes from the style sheet. */
  resize(sharpness: number): void {
    this.#sharpness = sharpness;
    for (const row of [...this.#rows, this.#difference]) row.resize(sharpness);
  }

  /**
   * Shows a part of the song.
   * @returns true when all of it is painted in the present style
   */
  draw(viewport: Viewport): boolean {
    this.#regions.show(viewport);
    const drawn = [this.#difference.draw(viewport), ...this.#rows.map(({ view }) => view.draw(viewport))];
    return drawn.every(Boolean);
  }

  /** Stops the sound of the region. */
  stopSound(): void {
    this.#sound.stop();
  }

  /** Reads the values under the pointer; undefined: the pointer is not over a track or spectrogram. */
  point(place: PlotPlace | undefined, seconds: number): void {
    const pointed = ++this.#pointed;
    const data = this.#data;
    const over = place && data && spectrogramOf(place.plot) ? place : undefined;
    for (const row of this.#rows) row.level(over?.fromTop);
    if (!over || !data) {
      this.#options.readout.show(place && { seconds });
      return;
    }
    const { scale } = data;
    const hz = hzOfUnit(axisOf(scale, this.#shownStyle), Math.min(1, Math.max(0, 1 - over.fromTop)));
    const frame = Math.min(scale.frames - 1, Math.round(seconds / scale.frameSeconds));
    const bin = Math.min(scale.bins - 1, Math.max(0, Math.round((hz - scale.firstBinHz) / scale.binHz)));
    void data.at(frame, bin).then((cell) => {
      if (pointed === this.#pointed) this.#options.readout.show({ seconds, hz, cell });
    });
  }

  /** Draws a region from the start of a drag to its present place. */
  drawRegion(begun: PlotPlace, now: PlotPlace): void {
    const kind = spectrogramOf(begun.plot);
    if (!kind) return;
    this.#regions.begin(kind, begun.unit, begun.fromTop);
    this.#regions.draw(now.unit, now.fromTop);
  }

  /** Writes all that is separated once more after a crash, unless it is doing so already. */
  async #rewrite(): Promise<void> {
    const data = this.#data;
    if (!data || this.#rewriting) return;
    this.#rewriting = true;
    const { store } = this.#options;
    for await (const { spectrogram } of replay(store)) {
      if (this.#scope.disposed) return;
      data.write(store.edit?.over(spectrogram) ?? spectrogram);
      await nextTask();
    }
    this.#rewriting = false;
    this.#regions.measure();
  }

  /** Saves the visible part of a spectrogram, with its axes, as a PNG image. */
  async #save(kind: SpectrogramKind): Promise<void> {
    const t = this.#i18n.t.bind(this.#i18n);
    const title = t(`spectrogram.${kind}`);
    const view = this.#regions.view;
    if (!view) return;
    const [from, to] = [view.start, view.start + view.span].map((time) => clock(time, view.span < 20 ? 2 : 0));
    const file = await this.#data?.exportImage({
      kind,
      style: this.#shownStyle,
      view,
      words: {
        title: `${title}: ${t(`spectrogram.${kind}Note`)}`,
        song: `${this.#options.name} · ${from}–${to}`,
        time: t('image.time'),
        frequency: t('image.frequency'),
        value: t(kind === 'mask' ? 'image.mask' : 'image.decibels'),
      },
    });
    if (!file) return;
    handOver(this.#scope, file, safeFileName(this.#options.name, ` (${title})`, 'png'));
  }

  /** Takes the layout: what was hidden or has another height is drawn anew. */
  #place(): void {
    for (const row of this.#rows) row.place();
    this.resize(this.#sharpness);
    this.#regions.place();
    this.#options.onChange();
  }

  #useStyle(): void {
    const data = this.#data;
    const style = this.#shownStyle;
    for (const row of this.#rows) row.use(data, style);
    this.#difference.use(style);
    if (!data) return;
    this.#regions.use(data, style, this.#options.duration);
    this.#describe();
  }

  /** The text alternatives name the range of time and frequency. */
  #describe(): void {
    const t = this.#i18n.t.bind(this.#i18n);
    const axis = this.#data && axisOf(this.#data.scale, this.#shownStyle);
    const range = axis
      ? ` ${t('spectrogram.altRange', {
          from: clock(0),
          to: clock(this.#options.duration),
          low: hertz(axis.lowHz),
          high: hertz(axis.highHz),
        })}`
      : '';
    for (const { kind, view } of this.#rows) {
      view.element.setAttribute('aria-label', t(`spectrogram.${kind}Alt`) + range);
    }
  }
}

/** Which spectrogram a plot shows; undefined for a track. */
export function spectrogramOf(plot: HTMLElement): SpectrogramKind | undefined {
  return SPECTROGRAM_KINDS.find((kind) => kind === plot.dataset.row && plot.querySelector('[data-spectrogram]'));
}
