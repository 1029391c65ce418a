import { browserStorage, store, stored } from '../../core/browser-storage.ts';
import { oncePerFrame, type Scope } from '../../core/scope.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { LoopMarks } from '../../player/practice.ts';
import type { VocalActivity } from '../../player/vocal-activity.ts';
import type { SeparationChunk } from '../../separation/types.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import type { Clock } from '../shell/clock.ts';
import { h, setText } from '../shell/dom.ts';
import { drawTimeRuler } from '../spectrogram/axes.ts';
import { fillWindow } from '../spectrogram/fill-window.ts';
import { PaintedSpectrograms } from '../spectrogram/painted-spectrograms.ts';
import { Readout } from '../spectrogram/readout.ts';
import type { RegionPlayback } from '../spectrogram/region-tool.ts';
import type { ComparedResult } from '../spectrogram/result-difference-row.ts';
import type { SpectrogramLayout } from '../spectrogram/spectrogram-layout.ts';
import { SpectrogramRows } from '../spectrogram/spectrogram-rows.ts';
import { parseStyle, type SpectrogramStyle } from '../spectrogram/spectrogram-style.ts';
import { ActivityTrack } from './activity-track.ts';
import { FollowingView } from './following-view.ts';
import { GapOverlay } from './gap-overlay.ts';
import { GestureHints } from './gesture-hints.ts';
import { bindGestures, type PlotPlace } from './gestures.ts';
import { LoopHandles } from './loop-handles.ts';
import { ScrolledLayer } from './scrolled-layer.ts';
import { StemTracks, type StemTracksOptions } from './stem-tracks.ts';
import { timelineGestures } from './timeline-gestures.ts';
import { TimelineToolbar } from './timeline-toolbar.ts';
import { showsAll, timeAt, unitOfTime, type Viewport } from './viewport.ts';

/** The setting under which the browser keeps the appearance of the spectrograms. */
const STYLE_STORED_AS = 'unsung.pictures';

/** What the timeline works with. */
export interface TimelineOptions extends RegionPlayback, Pick<StemTracksOptions, 'laneHeads'> {
  /** The position that the playhead follows. */
  readonly clock: Clock;
  readonly store: SongStorage;
  /** Name of the song, for saved images. */
  readonly name: string;
  readonly seek: (seconds: number) => void;
  /** Sets a loop, in seconds. */
  readonly loop: (from: number, to: number) => void;
  /** Which spectrograms are shown, and how high. */
  readonly layout: SpectrogramLayout;
}

/** What a timeline shows of a song: to go on in another one. */
export interface TimelinePlace extends Readonly<Pick<SpectrogramRows, 'style' | 'selects' | 'selection'>> {
  readonly view: Viewport;
  readonly follows: boolean;
}

/**
 * The waveform tracks of both stems and the spectrograms of the song, one under the other. They share one part of the
 * song, one playhead and one pointer.
 */
export class Timeline {
  readonly element: HTMLElement;
  /** A place between the lanes and the spectrograms. */
  readonly underLanes = h('div', { class: 'under-lanes' });
  readonly #scope: Scope;
  readonly #options: TimelineOptions;
  readonly #hints = new GestureHints(browserStorage());
  readonly #readout: Readout;
  readonly #tracks: StemTracks;
  readonly spectrograms: SpectrogramRows;
  readonly #ruler = h('div', { class: 'ruler' });
  readonly #times = new ScrolledLayer((view, width) => drawTimeRuler(this.#times.element, view, width));
  readonly #playhead = h('div', { class: 'playhead' });
  readonly #gaps: GapOverlay;
  readonly #crosshair = h('div', { class: 'crosshair', hidden: true });
  readonly #view: FollowingView;
  readonly #toolbar: TimelineToolbar;
  readonly #activity: ActivityTrack;
  readonly #loop: LoopHandles;
  readonly #redraw: () => void;
  #painted: PaintedSpectrograms | undefined;
  #shown: Viewport | undefined;
  #width = 0;

  constructor(scope: Scope, i18n: I18n, options: TimelineOptions) {
    this.#scope = scope;
    this.#options = options;
    const { clock, store, seek, loop, layout } = options;
    const duration = store.samples / store.sampleRate;
    this.#view = new FollowingView(clock, duration, () => matchMedia('(prefers-reduced-motion: reduce)').matches);
    this.#redraw = oncePerFrame(scope, () => this.#draw());
    this.#gaps = new GapOverlay(scope, i18n, store);
    this.#ruler.append(this.#times.element);
    this.#readout = new Readout(scope, i18n, this.#hints);
    const style = parseStyle(stored(STYLE_STORED_AS));
    this.#activity = new ActivityTrack(scope, i18n);
    this.#loop = new LoopHandles(scope, i18n, this.#ruler, { loop, seek });
    this.#toolbar = new TimelineToolbar(
      scope,
      i18n,
      { style, layout },
      {
        zoom: (factor) => this.zoom(factor),
        fit: () => this.fit(),
        follow: (on) => this.#setFollow(on),
        style: (style) => this.#setStyle(style),
        select: (on, keyboard) => this.#setSelects(on, keyboard),
      },
    );
    this.spectrograms = new SpectrogramRows(scope, i18n, {
      ...options,
      duration,
      style,
      readout: this.#readout,
      onChange: () => this.#repaint(),
    });
    this.#tracks = new StemTracks(scope, i18n, {
      view: this.#view.now,
      store,
      laneHeads: options.laneHeads,
      missing: () => this.#gaps.words,
    });
    const rulerHint = h('span', { class: 'hint' });
    const body = h(
      'div',
      { class: 'timeline-body' },
      h('div', { class: 'row ruler-row' }, h('div', { class: 'caption' }, rulerHint), this.#ruler),
      ...this.#tracks.elements,
      this.#activity.element,
      this.underLanes,
      ...this.spectrograms.elements,
      h('div', { class: 'overlay', 'aria-hidden': 'true' }, this.#gaps.element, this.#crosshair, this.#playhead),
      this.#loop.element,
      this.#readout.element,
      this.spectrograms.panel,
    );
    this.element = h('section', { class: 'timeline card' }, this.#toolbar.element, body, this.#gaps.legend);
    i18n.bind(scope, () => {
      this.element.setAttribute('aria-label', i18n.t('timeline.region'));
      setText(rulerHint, i18n.t('hint.loop'));
    });
    fillWindow(scope, this.element, layout);
    const gestures = timelineGestures({
      view: this.#view,
      spectrograms: this.spectrograms,
      hints: this.#hints,
      seek,
      moved: this.#redraw,
      hover: (place) => this.#hover(place),
    });
    bindGestures(scope, body, gestures);
    scope.observeResize(this.#ruler, () => this.#resize());
  }

  /** Takes a finished chunk. */
  add(chunk: SeparationChunk): void {
    const { edit } = this.#options.store;
    // The mask can be painted on once something is separated.
    if (edit)
      this.#painted ??= new PaintedSpectrograms(this.#scope, this.#options.store, edit, (columns) =>
        this.#write(chunk.scale, columns),
      );
    this.#write(chunk.scale, edit?.over(chunk.spectrogram) ?? chunk.spectrogram);
    this.#tracks.add(chunk);
  }

  /** Shows the difference to another result that is heard; undefined: none. */
  compare(compared: ComparedResult | undefined): void {
    this.spectrograms.compare(compared);
    void this.#tracks.compare(compared?.store).catch(this.#options.failed);
  }

  /** What is shown: to go on in another timeline of the same song. */
  get place(): TimelinePlace {
    const { style, selects, selection } = this.spectrograms;
    return { view: this.#view.now, follows: this.#view.follows, style, selects, selection };
  }

  set place({ view, follows, style, selects, selection }) {
    this.#view.show(view);
    this.#view.follows = follows;
    this.#toolbar.style = style;
    this.#toolbar.selects = selects;
    this.#setSelects(selects, false);
    this.spectrograms.style = style;
    this.spectrograms.selection = selection;
    this.#repaint();
  }

  /** The spectrograms are painted as they are to be seen. */
  get painted(): boolean {
    return this.#shown !== undefined;
  }

  /** Shows where there is singing. */
  setActivity(activity: VocalActivity): void {
    this.#activity.set(activity.curve(), activity.passages());
    this.#repaint();
  }

  /** Shows the marks of a loop. */
  setLoop(marks: LoopMarks, looping: boolean): void {
    this.#loop.set(marks, looping);
  }

  /** Follows the playhead; to be called in each frame while the song plays, and after a seek. */
  tick(): void {
    this.#view.follow();
    if (this.#options.clock.playing) this.spectrograms.stopSound();
    // Drawing at once keeps the playhead from lagging by a frame; an animation draws by itself.
    if (this.#view.animating) this.#redraw();
    else this.#draw();
  }

  /** Shows a position after a jump. */
  reveal(seconds: number): void {
    this.#view.reveal(seconds);
    this.#redraw();
  }

  /** Zooms round the playhead if it is visible, otherwise round the middle. */
  zoom(factor: number): void {
    this.#view.zoom(factor);
    this.#redraw();
  }

  /** Shows the whole song. */
  fit(): void {
    this.#view.fit();
    this.#redraw();
  }

  /** Reads the colours from the style sheet again. */
  recolour(): void {
    this.#tracks.recolour();
    this.#activity.recolour();
    this.#repaint();
  }

  #hover(place: PlotPlace | undefined): void {
    this.#crosshair.hidden = !place;
    if (place) this.#crosshair.style.transform = `translateX(${place.unit * this.#width}px)`;
    this.spectrograms.point(place, place ? timeAt(this.#view.now, place.unit) : 0);
    if (place) this.#readout.placeAt(place);
  }

  #setFollow(on: boolean): void {
    this.#view.follows = on;
    this.#redraw();
  }

  #setSelects(on: boolean, keyboard: boolean): void {
    this.element.classList.toggle('selecting', on);
    this.spectrograms.select(on, keyboard);
  }

  #setStyle(style: SpectrogramStyle): void {
    store(STYLE_STORED_AS, JSON.stringify(style));
    this.spectrograms.style = style;
  }

  #write(scale: SpectrogramScale, columns: SpectrogramColumns): void {
    this.spectrograms.write(scale, columns);
    this.#gaps.invalidate();
    this.#repaint();
  }

  #repaint(): void {
    this.#shown = undefined;
    this.#redraw();
  }

  #resize(): void {
    const sharpness = Math.min(2, devicePixelRatio || 1);
    // The element gets its first size, and the style sheet's colours, when it enters the page.
    if (this.#width === 0) this.recolour();
    this.#width = this.#ruler.clientWidth;
    this.spectrograms.resize(sharpness);
    this.#activity.resize();
    this.#repaint();
  }

  #draw(): void {
    if (this.#view.step(performance.now())) this.#redraw();
    const view = this.#view.now;
    const { position } = this.#options.clock;
    this.#playhead.style.transform = `translateX(${unitOfTime(view, position) * this.#width}px)`;
    this.#playhead.hidden = unitOfTime(view, position) < 0 || unitOfTime(view, position) > 1;
    this.#toolbar.show({ follows: this.#view.follows, whole: showsAll(view) });
    this.#loop.show(view, this.#width);
    const still = this.#shown?.start === view.start && this.#shown.span === view.span;
    if (!still) this.#tracks.show(view, this.#width, this.#view.animating);
    this.#tracks.play(position);
    if (still) return;
    this.#gaps.show(view, this.#width);
    this.#times.show(view, this.#width);
    this.#activity.show(view, this.#width, this.#view.animating);
    const complete = this.spectrograms.draw(view);
    // Spectrograms that are still being painted report when they are done.
    this.#shown = complete ? view : undefined;
  }
}
