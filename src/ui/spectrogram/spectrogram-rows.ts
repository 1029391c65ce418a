import { safeFileName } from '../../audio/encode/file-names.ts';
import { clock } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { RegionSound } from '../../player/region-sound.ts';
import type { StemStore } from '../../songs/storage/stem-store.ts';
import { handOver } from '../player/save-target.ts';
import { h, icon, setAttributes, setText } from '../shell/dom.ts';
import type { PlotPlace } from '../timeline/gestures.ts';
import type { Viewport } from '../timeline/viewport.ts';
import { drawFrequencyAxis, drawNoteAxis } from './axes.ts';
import { hzOfUnit } from './frequency-axis.ts';
import type { Readout } from './readout.ts';
import { RegionTool, type SongBeside } from './region-tool.ts';
import { type SpectrogramData, SpectrogramThread } from './spectrogram-client.ts';
import { SPECTROGRAM_KINDS, type SpectrogramKind } from './spectrogram-image.ts';
import { axisOf } from './spectrogram-painter.ts';
import type { SpectrogramStyle } from './spectrogram-style.ts';
import { SpectrogramView } from './spectrogram-view.ts';

/** The song that the pictures are of. */
export interface SpectrogramSong extends SongBeside {
  readonly store: StemStore;
  readonly name: string;
  /** Seconds. */
  readonly duration: number;
}

/** A picture with what lies beside it and over it. */
interface Row {
  readonly kind: SpectrogramKind;
  readonly picture: SpectrogramView;
  readonly axis: HTMLElement;
  readonly notes: HTMLElement;
  readonly levelLine: HTMLElement;
  readonly save: HTMLButtonElement;
  readonly element: HTMLElement;
}

/** The pictures of a song, one under the other, with their axes, what is read and selected on them, and saved. */
export class SpectrogramRows {
  /** The rows, and the panel of the region that is selected on them. */
  readonly elements: readonly HTMLElement[];
  readonly panel: HTMLElement;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #song: SpectrogramSong;
  readonly #thread: SpectrogramThread;
  readonly #readout: Readout;
  readonly #sound: RegionSound;
  readonly #regions: RegionTool;
  readonly #rows: readonly Row[];
  #data: SpectrogramData | undefined;
  #style: SpectrogramStyle;
  /** Counts places under the pointer: an answer about one that it has left is not shown. */
  #pointed = 0;
  #height = 0;
  #selects = false;

  /** @param changed Called when there is something new to draw. */
  constructor(
    scope: Scope,
    i18n: I18n,
    song: SpectrogramSong,
    style: SpectrogramStyle,
    readout: Readout,
    changed: () => void,
  ) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#song = song;
    this.#style = style;
    this.#readout = readout;
    this.#thread = new SpectrogramThread(scope);
    this.#sound = new RegionSound(
      scope,
      song.store,
      (...order) => this.#thread.bandPass(...order),
      () => this.#regions.panel.playing(this.#sound.playing),
    );
    this.#regions = new RegionTool(scope, i18n, this.#sound, song);
    this.panel = this.#regions.panel.element;
    this.#rows = SPECTROGRAM_KINDS.map((kind, n) => this.#row(kind, this.#regions.layers[n], changed));
    this.elements = this.#rows.map(({ element }) => element);
    i18n.bind(scope, () => this.#describe());
  }

  /** Takes columns that have become final. */
  write(scale: SpectrogramScale, columns: SpectrogramColumns): void {
    if (!this.#data) {
      this.#data = this.#thread.open(scale);
      this.#useStyle();
      for (const { save } of this.#rows) save.disabled = false;
    }
    this.#data.write(columns);
    this.#regions.measure();
  }

  get style(): SpectrogramStyle {
    return this.#style;
  }

  set style(style: SpectrogramStyle) {
    this.#style = style;
    this.#useStyle();
  }

  /** Drags on the pictures draw a region. */
  get selects(): boolean {
    return this.#selects;
  }

  /** @param keyboard Whether a region is offered, for who has no pointer. */
  select(on: boolean, keyboard: boolean): void {
    this.#selects = on;
    if (!on) this.#regions.withdraw();
    if (!on || !keyboard) return;
    this.#regions.offer();
    this.#regions.panel.focus();
  }

  /** Takes the size that the style sheet gives. */
  resize(sharpness: number): void {
    const heights = this.#rows.map(({ picture }) => picture.resize(sharpness));
    if (heights[0] === this.#height) return;
    this.#height = heights[0];
    this.#useStyle();
  }

  /** Shows a part of the song; true if all of it is there, as it should look. */
  draw(view: Viewport): boolean {
    this.#regions.show(view);
    return this.#rows.map(({ picture }) => picture.draw(view)).every(Boolean);
  }

  /** Ends the sound of a region. */
  hush(): void {
    this.#sound.stop();
  }

  /** Reads what is under the pointer; undefined: it is not over the lanes. */
  point(place: PlotPlace | undefined, seconds: number): void {
    const pointed = ++this.#pointed;
    const data = this.#data;
    const over = place && data && spectrogramOf(place.plot) ? place : undefined;
    for (const { levelLine } of this.#rows) {
      levelLine.hidden = !over;
      if (over) levelLine.style.top = `${100 * over.fromTop}%`;
    }
    if (!over || !data) {
      this.#readout.show(place && { seconds });
      return;
    }
    const { scale } = data;
    const hz = hzOfUnit(axisOf(scale, this.#style.axis), Math.min(1, Math.max(0, 1 - over.fromTop)));
    const frame = Math.min(scale.frames - 1, Math.round(seconds / scale.frameSeconds));
    const bin = Math.min(scale.bins - 1, Math.max(0, Math.round((hz - scale.firstBinHz) / scale.binHz)));
    void data.at(frame, bin).then((cell) => {
      if (pointed === this.#pointed) this.#readout.show({ seconds, hz, cell });
    });
  }

  /** Draws a region from where a drag began to where it is now. */
  drawRegion(begun: PlotPlace, now: PlotPlace): void {
    const kind = spectrogramOf(begun.plot);
    if (!kind) return;
    this.#regions.begin(kind, begun.unit, begun.fromTop);
    this.#regions.draw(now.unit, now.fromTop);
  }

  /** Saves what is shown of a picture, with its axes, as a PNG. */
  async #save(kind: SpectrogramKind): Promise<void> {
    const t = this.#i18n.t.bind(this.#i18n);
    const picture = t(`score.${kind}`);
    const view = this.#regions.view;
    if (!view) return;
    const [from, to] = [view.start, view.start + view.span].map((time) => clock(time, view.span < 20 ? 2 : 0));
    const file = await this.#data?.poster({
      kind,
      style: this.#style,
      view,
      words: {
        title: `${picture}: ${t(`score.${kind}Note`)}`,
        song: `${this.#song.name} · ${from}–${to}`,
        time: t('poster.time'),
        frequency: t('poster.frequency'),
        value: t(kind === 'mask' ? 'poster.mask' : 'poster.decibels'),
      },
    });
    if (!file) return;
    handOver(this.#scope, file, safeFileName(this.#song.name, ` (${picture})`, 'png'));
  }

  #row(kind: SpectrogramKind, region: HTMLElement, changed: () => void): Row {
    const picture = new SpectrogramView(this.#scope, kind, changed);
    const axis = h('div', { class: 'gutter', 'aria-hidden': 'true' });
    const notes = h('div', { class: 'notes', 'aria-hidden': 'true' });
    const levelLine = h('div', { class: 'level-line', hidden: true });
    const title = h('span', { class: 'title' });
    const note = h('span', { class: 'note' });
    const save = h('button', { type: 'button', class: 'save-picture', 'data-save': kind }, icon('save'), 'PNG');
    // There is nothing to save before the first columns.
    save.disabled = true;
    this.#scope.listen(save, 'click', () => void this.#save(kind).catch(this.#song.failed));
    this.#i18n.bind(this.#scope, () => {
      setText(title, this.#i18n.t(`score.${kind}`));
      setText(note, this.#i18n.t(`score.${kind}Note`));
      const text = this.#i18n.t('poster.save', { picture: this.#i18n.t(`score.${kind}`) });
      setAttributes(save, { 'aria-label': text, title: text });
    });
    const plot = h('div', { class: 'plot', 'data-row': kind }, picture.element, notes, region, levelLine);
    const caption = h('div', { class: 'caption' }, h('p', {}, title, note), save);
    return {
      kind,
      picture,
      axis,
      notes,
      levelLine,
      save,
      element: h('div', { class: `row picture-row ${kind}` }, caption, axis, plot),
    };
  }

  #useStyle(): void {
    const data = this.#data;
    for (const { picture } of this.#rows) picture.use(data, this.#style);
    if (!data) return;
    this.#regions.use(data, this.#style.axis, this.#song.duration);
    const scaled = axisOf(data.scale, this.#style.axis);
    for (const { axis, notes } of this.#rows) {
      drawFrequencyAxis(axis, scaled, this.#height);
      drawNoteAxis(notes, scaled, this.#height);
    }
    this.#describe();
  }

  /** The text alternatives say what is shown, not only that something is. */
  #describe(): void {
    const t = this.#i18n.t.bind(this.#i18n);
    const axis = this.#data && axisOf(this.#data.scale, this.#style.axis);
    const range = axis
      ? ` ${t('score.altRange', {
          from: clock(0),
          to: clock(this.#song.duration),
          low: Math.round(axis.lowHz),
          high: Math.round(axis.highHz),
        })}`
      : '';
    for (const { kind, picture } of this.#rows) {
      picture.element.setAttribute('aria-label', t(`score.${kind}Alt`) + range);
    }
  }
}

/** The picture that a plot shows; undefined for a lane. */
export function spectrogramOf(plot: HTMLElement): SpectrogramKind | undefined {
  return SPECTROGRAM_KINDS.find((kind) => kind === plot.dataset.row && plot.querySelector('[data-spectrogram]'));
}
