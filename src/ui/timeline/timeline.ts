import { store, stored } from '../../core/browser-storage.ts';
import { oncePerFrame, type Scope } from '../../core/scope.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { LoopMarks } from '../../player/practice.ts';
import type { VocalActivity } from '../../player/vocal-activity.ts';
import type { SeparationChunk } from '../../separation/types.ts';
import type { StemStore } from '../../songs/storage/stem-store.ts';
import type { Clock } from '../shell/clock.ts';
import { h, setText } from '../shell/dom.ts';
import { drawTimeRuler } from '../spectrogram/axes.ts';
import { PaintedSpectrograms } from '../spectrogram/painted-spectrograms.ts';
import { Readout } from '../spectrogram/readout.ts';
import type { SongBeside } from '../spectrogram/region-tool.ts';
import { SpectrogramRows, spectrogramOf } from '../spectrogram/spectrogram-rows.ts';
import { parseStyle, type SpectrogramStyle } from '../spectrogram/spectrogram-style.ts';
import { ActivityTrack } from './activity-track.ts';
import { FollowingView } from './following-view.ts';
import { GapOverlay } from './gap-overlay.ts';
import { bindGestures, type GestureActions, type PlotPlace } from './gestures.ts';
import { LoopHandles } from './loop-handles.ts';
import { ScrolledLayer } from './scrolled-layer.ts';
import { TimelineToolbar } from './timeline-toolbar.ts';
import { showsAll, timeAt, unitOfTime, type Viewport } from './viewport.ts';
import { WaveformTrack } from './waveform-track.ts';

const STEMS = ['vocals', 'accompaniment'] as const;

/** Where it is kept how the pictures look. */
const STYLE_STORED_AS = 'unsung.pictures';

/** The song that the score shows. */
export interface TimelineSong {
  readonly samples: number;
  readonly sampleRate: number;
}

/**
 * The lanes of both stems and the pictures of the song, one under the other: they share one stretch of time, one
 * playhead and one pointer.
 */
export class Timeline {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #clock: Clock;
  readonly #seek: (seconds: number) => void;
  readonly #lanes: Readonly<Record<(typeof STEMS)[number], WaveformTrack>>;
  readonly #pictures: SpectrogramRows;
  readonly #hosts: readonly HTMLElement[];
  readonly #ruler = h('div', { class: 'ruler' });
  readonly #times = new ScrolledLayer((view, width) => drawTimeRuler(this.#times.element, view, width));
  readonly #playhead = h('div', { class: 'playhead' });
  readonly #veil: GapOverlay;
  readonly #crosshair = h('div', { class: 'crosshair', hidden: true });
  readonly #view: FollowingView;
  readonly #toolbar: TimelineToolbar;
  readonly #activity: ActivityTrack;
  readonly #loop: LoopHandles;
  readonly #redraw: () => void;
  readonly #store: StemStore;
  #painted: PaintedSpectrograms | undefined;
  #shown: Viewport | undefined;
  #width = 0;

  constructor(
    scope: Scope,
    i18n: I18n,
    clockOfSong: Clock,
    song: TimelineSong,
    seek: (seconds: number) => void,
    loop: (from: number, to: number) => void,
    beside: SongBeside & { readonly store: StemStore; readonly name: string },
  ) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#clock = clockOfSong;
    this.#seek = seek;
    this.#store = beside.store;
    const duration = song.samples / song.sampleRate;
    const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#view = new FollowingView(clockOfSong, duration, still);
    this.#redraw = oncePerFrame(scope, () => this.#draw());
    this.#veil = new GapOverlay(scope, i18n, beside.store);
    this.#ruler.append(this.#times.element);
    const readout = new Readout(scope, i18n);
    const style = parseStyle(stored(STYLE_STORED_AS));
    this.#activity = new ActivityTrack(scope, i18n);
    this.#loop = new LoopHandles(scope, i18n, this.#ruler, { loop, seek });
    this.#toolbar = new TimelineToolbar(scope, i18n, style, {
      zoom: (factor) => this.zoom(factor),
      fit: () => this.fit(),
      follow: (on) => this.#setFollow(on),
      style: (style) => this.#setStyle(style),
      select: (on, keyboard) => this.#setSelects(on, keyboard),
    });
    this.#pictures = new SpectrogramRows(scope, i18n, { ...beside, duration }, style, readout, () => this.#repaint());

    this.#hosts = STEMS.map((stem) => h('div', { class: `wave ${stem}`, role: 'img', 'data-lane': stem }));
    const body = h(
      'div',
      { class: 'score-body' },
      h('div', { class: 'row ruler-row' }, h('div', { class: 'gutter' }), this.#ruler),
      ...STEMS.map((stem, n) => this.#lane(stem, this.#hosts[n])),
      this.#activity.element,
      ...this.#pictures.elements,
      h('div', { class: 'overlay', 'aria-hidden': 'true' }, this.#veil.element, this.#crosshair, this.#playhead),
      this.#loop.element,
    );
    const help = h('p', { class: 'help' });
    this.element = h(
      'section',
      { class: 'score card' },
      h(
        'div',
        { class: 'score-head' },
        this.#toolbar.element,
        this.#pictures.panel,
        h('div', { class: 'reading' }, ...readout.elements),
      ),
      body,
      this.#veil.legend,
      help,
    );
    i18n.bind(scope, () => {
      this.element.setAttribute('aria-label', i18n.t('score.region'));
      setText(help, i18n.t(matchMedia('(pointer: coarse)').matches ? 'score.helpTouch' : 'score.help'));
      this.#describeLanes();
    });
    bindGestures(scope, body, this.#gestures());
    const lane = (n: number) => new WaveformTrack(scope, this.#hosts[n], this.#view.now, song.samples, song.sampleRate);
    this.#lanes = { vocals: lane(0), accompaniment: lane(1) };
    scope.observeResize(this.#ruler, () => this.#resize());
  }

  /** Takes a finished chunk. */
  add(chunk: SeparationChunk): void {
    const { edit } = this.#store;
    // There is a mask to paint on once something is separated.
    if (edit)
      this.#painted ??= new PaintedSpectrograms(this.#scope, edit, (columns) => this.#write(chunk.scale, columns));
    this.#write(chunk.scale, edit?.over(chunk.spectrogram) ?? chunk.spectrogram);
    this.#lanes.vocals.add(chunk.start, chunk.vocals);
    this.#lanes.accompaniment.add(chunk.start, chunk.accompaniment);
    const loudest = Math.max(...STEMS.map((stem) => this.#lanes[stem].peak));
    for (const stem of STEMS) this.#lanes[stem].scaleTo(loudest);
    this.#describeLanes();
  }

  /** Takes what is known of the singing. */
  setActivity(activity: VocalActivity): void {
    this.#activity.set(activity.curve(), activity.passages());
    this.#repaint();
  }

  /** Shows the marks of a loop. */
  setLoop(marks: LoopMarks, looping: boolean): void {
    this.#loop.set(marks, looping);
  }

  /** Follows the clock; to be called for each frame while the song plays, and after a seek. */
  tick(): void {
    this.#view.follow();
    if (this.#clock.playing) this.#pictures.hush();
    // A frame later, the playhead would be a frame off; a glide draws by itself.
    if (this.#view.gliding) this.#redraw();
    else this.#draw();
  }

  /** Brings a position that was jumped to onto the screen. */
  reveal(seconds: number): void {
    this.#view.reveal(seconds);
    this.#redraw();
  }

  /** Zooms round the playhead if it is on the screen, else round the middle. */
  zoom(factor: number): void {
    this.#view.zoom(factor);
    this.#redraw();
  }

  /** Shows the whole song. */
  fit(): void {
    this.#view.fit();
    this.#redraw();
  }

  /** Takes the colours from the style sheet again. */
  recolour(): void {
    for (const stem of STEMS) this.#lanes[stem].recolour();
    this.#activity.recolour();
    this.#repaint();
  }

  #lane(stem: (typeof STEMS)[number], host: HTMLElement): HTMLElement {
    const title = h('span', { class: 'title' });
    this.#i18n.bind(this.#scope, () => setText(title, this.#i18n.t(`score.${stem}`)));
    return h(
      'div',
      { class: `row lane ${stem}` },
      h('p', { class: 'caption' }, title),
      h('div', { class: 'gutter' }),
      h('div', { class: 'plot', 'data-row': stem }, host),
    );
  }

  #gestures(): GestureActions {
    const view = this.#view;
    const moved = (move: () => void) => {
      move();
      this.#redraw();
    };
    return {
      tap: (unit) => this.#seek(timeAt(view.now, unit)),
      drag: (delta, unit) => {
        if (showsAll(view.now)) this.#seek(timeAt(view.now, unit));
        else moved(() => view.pan(-delta));
      },
      pan: (units) => {
        if (showsAll(view.now)) return false;
        moved(() => view.pan(units));
        return true;
      },
      zoom: (factor, unit) => moved(() => view.zoomAt(factor, unit)),
      pinch: (factor, from, to) => moved(() => view.pinch(factor, from, to)),
      hover: (place) => this.#hover(place),
      selects: (plot, shift) => (shift || this.#pictures.selects) && spectrogramOf(plot) !== undefined,
      select: (begun, now) => this.#pictures.drawRegion(begun, now),
    };
  }

  #hover(place: PlotPlace | undefined): void {
    this.#crosshair.hidden = !place;
    if (place) this.#crosshair.style.transform = `translateX(${place.unit * this.#width}px)`;
    this.#pictures.point(place, place ? timeAt(this.#view.now, place.unit) : 0);
  }

  #setFollow(on: boolean): void {
    this.#view.follows = on;
    this.#redraw();
  }

  #setSelects(on: boolean, keyboard: boolean): void {
    this.element.classList.toggle('selecting', on);
    this.#pictures.select(on, keyboard);
  }

  #setStyle(style: SpectrogramStyle): void {
    store(STYLE_STORED_AS, JSON.stringify(style));
    this.#pictures.style = style;
  }

  #write(scale: SpectrogramScale, columns: SpectrogramColumns): void {
    this.#pictures.write(scale, columns);
    this.#veil.spoil();
    this.#repaint();
  }

  #repaint(): void {
    this.#shown = undefined;
    this.#redraw();
  }

  #resize(): void {
    const sharpness = Math.min(2, devicePixelRatio || 1);
    // The first size comes with being put into the page, and with it the style sheet's colours.
    if (this.#width === 0) this.recolour();
    this.#width = this.#ruler.clientWidth;
    this.#pictures.resize(sharpness);
    this.#activity.resize();
    this.#repaint();
  }

  /** The text alternatives of the lanes say what is missing in them. */
  #describeLanes(): void {
    const names = ['score.laneVocals', 'score.laneAccompaniment'] as const;
    for (const [n, host] of this.#hosts.entries()) {
      host.setAttribute('aria-label', this.#i18n.t(names[n]) + this.#veil.words);
    }
  }

  #draw(): void {
    if (this.#view.step(performance.now())) this.#redraw();
    const view = this.#view.now;
    const { position } = this.#clock;
    this.#playhead.style.transform = `translateX(${unitOfTime(view, position) * this.#width}px)`;
    this.#playhead.hidden = unitOfTime(view, position) < 0 || unitOfTime(view, position) > 1;
    this.#toolbar.show({ follows: this.#view.follows, whole: showsAll(view) });
    this.#loop.show(view, this.#width);
    const shown = this.#shown;
    const still = shown && shown.start === view.start && shown.span === view.span;
    for (const stem of STEMS) {
      if (!still) this.#lanes[stem].show(view, this.#width, this.#view.gliding);
      this.#lanes[stem].play(position);
    }
    if (still) return;
    this.#veil.show(view, this.#width);
    this.#times.show(view, this.#width);
    this.#activity.show(view, this.#width, this.#view.gliding);
    const complete = this.#pictures.draw(view);
    // What is missing says so when it comes.
    this.#shown = complete ? view : undefined;
  }
}
