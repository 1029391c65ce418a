import type { I18n } from '../i18n/i18n.ts';
import type { LoopMarks } from '../player/practice.ts';
import type { StemStore } from '../player/stem-store.ts';
import type { VocalActivity } from '../player/vocal-activity.ts';
import { oncePerFrame, type Scope } from '../scope.ts';
import type { PictureColumns, PictureScale, SeparationChunk } from '../separation/types.ts';
import { ActivityLane } from './activity-lane.ts';
import { drawTimeRuler } from './axes.ts';
import { h, setText } from './dom.ts';
import { GapVeil } from './gap-veil.ts';
import { bindGestures, type GestureActions, type PlotPlace } from './gestures.ts';
import { LoopHandles } from './loop-handles.ts';
import { type Clock, MediaClock } from './media-clock.ts';
import { PaintedPictures } from './painted-pictures.ts';
import { PictureRows, pictureOf } from './picture-rows.ts';
import { type PictureStyle, parseStyle } from './picture-style.ts';
import { Readout } from './readout.ts';
import type { SongBeside } from './region-tool.ts';
import { ScoreToolbar } from './score-toolbar.ts';
import { store, stored } from './theme.ts';
import { ViewGlide } from './view-glide.ts';
import {
  centred,
  panned,
  pinched,
  showsAll,
  timeAt,
  unitOfTime,
  type Viewport,
  wholeSong,
  zoomed,
} from './viewport.ts';
import { WaveformLane } from './waveform-lane.ts';

const STEMS = ['vocals', 'accompaniment'] as const;

/** A zoom by more than this, as a logarithm, is a step of a wheel. */
const COARSE_STEP = 0.15;

/** Where it is kept how the pictures look. */
const STYLE_STORED_AS = 'unsung.pictures';

/** The song that the score shows. */
export interface ScoreSong {
  readonly samples: number;
  readonly sampleRate: number;
}

/**
 * The lanes of both stems and the pictures of the song, one under the other: they share one stretch of time, one
 * playhead and one pointer.
 */
export class Score {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #clock: Clock;
  readonly #seek: (seconds: number) => void;
  readonly #media: MediaClock;
  readonly #lanes: Readonly<Record<(typeof STEMS)[number], WaveformLane>>;
  readonly #pictures: PictureRows;
  readonly #hosts: readonly HTMLElement[];
  readonly #ruler = h('div', { class: 'ruler' });
  readonly #playhead = h('div', { class: 'playhead' });
  readonly #veil: GapVeil;
  readonly #crosshair = h('div', { class: 'crosshair', hidden: true });
  readonly #glide = new ViewGlide(() => matchMedia('(prefers-reduced-motion: reduce)').matches);
  readonly #toolbar: ScoreToolbar;
  readonly #activity: ActivityLane;
  readonly #loop: LoopHandles;
  readonly #redraw: () => void;
  readonly #store: StemStore;
  #painted: PaintedPictures | undefined;
  #view: Viewport;
  #follows = true;
  #shown: Viewport | undefined;
  #width = 0;

  constructor(
    scope: Scope,
    i18n: I18n,
    clockOfSong: Clock,
    song: ScoreSong,
    seek: (seconds: number) => void,
    loop: (from: number, to: number) => void,
    beside: SongBeside & { readonly store: StemStore; readonly name: string },
  ) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#clock = clockOfSong;
    this.#seek = seek;
    this.#store = beside.store;
    this.#media = new MediaClock(clockOfSong);
    this.#view = wholeSong(song.samples / song.sampleRate);
    this.#redraw = oncePerFrame(scope, () => this.#draw());
    this.#veil = new GapVeil(scope, i18n, beside.store);
    const readout = new Readout(scope, i18n);
    const style = parseStyle(stored(STYLE_STORED_AS));
    this.#activity = new ActivityLane(scope, i18n);
    this.#loop = new LoopHandles(scope, i18n, this.#ruler, { loop, seek });
    this.#toolbar = new ScoreToolbar(scope, i18n, style, {
      zoom: (factor) => this.zoom(factor),
      fit: () => this.fit(),
      follow: (on) => this.#setFollow(on),
      style: (style) => this.#setStyle(style),
      select: (on, keyboard) => this.#setSelects(on, keyboard),
    });
    const { duration } = this.#view;
    this.#pictures = new PictureRows(scope, i18n, { ...beside, duration }, style, readout, () => this.#repaint());

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
    const lane = (n: number) =>
      new WaveformLane(scope, this.#hosts[n], this.#media, this.#view, song.samples, song.sampleRate);
    this.#lanes = { vocals: lane(0), accompaniment: lane(1) };
    scope.observeResize(this.#ruler, () => this.#resize());
  }

  /** Takes a finished chunk. */
  add(chunk: SeparationChunk): void {
    const { edit } = this.#store;
    // There is a mask to paint on once something is separated.
    if (edit) this.#painted ??= new PaintedPictures(this.#scope, edit, (columns) => this.#write(chunk.scale, columns));
    this.#write(chunk.scale, edit?.over(chunk.picture) ?? chunk.picture);
    this.#lanes.vocals.add(chunk.start, chunk.vocals);
    this.#lanes.accompaniment.add(chunk.start, chunk.accompaniment);
    const loudest = Math.max(...STEMS.map((stem) => this.#lanes[stem].peak));
    for (const stem of STEMS) this.#lanes[stem].scaleTo(loudest);
    this.#describeLanes();
  }

  /** Takes what is known of the singing. */
  setActivity(activity: VocalActivity): void {
    this.#activity.set(activity.curve(), activity.passages());
    this.#shown = undefined;
    this.#redraw();
  }

  /** Shows the marks of a loop. */
  setLoop(marks: LoopMarks, looping: boolean): void {
    this.#loop.set(marks, looping);
  }

  /** Follows the clock; to be called for each frame while the song plays, and after a seek. */
  tick(): void {
    const { position, playing } = this.#clock;
    if (this.#follows && playing && !showsAll(this.#glide.goal(this.#view))) this.#view = centred(this.#view, position);
    if (playing) this.#pictures.hush();
    this.#media.tick();
    this.#redraw();
  }

  /** Brings a position that was jumped to onto the screen. */
  reveal(seconds: number): void {
    const unit = unitOfTime(this.#view, seconds);
    if (unit < 0 || unit > 1) {
      this.#glide.stop();
      this.#view = centred(this.#view, seconds);
    }
    this.#setFollow(true);
    this.tick();
  }

  /** Zooms round the playhead if it is on the screen, else round the middle. */
  zoom(factor: number): void {
    const goal = this.#glide.goal(this.#view);
    const unit = unitOfTime(goal, this.#clock.position);
    this.#glideTo(zoomed(goal, factor, timeAt(goal, unit >= 0 && unit <= 1 ? unit : 0.5)));
  }

  /** Shows the whole song. */
  fit(): void {
    this.#glideTo(wholeSong(this.#view.duration));
  }

  /** Takes the colours from the style sheet again. */
  recolour(): void {
    for (const stem of STEMS) this.#lanes[stem].recolour();
    this.#activity.recolour();
    this.#shown = undefined;
    this.#redraw();
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
    return {
      tap: (unit) => this.#seek(timeAt(this.#view, unit)),
      drag: (delta, unit) => {
        if (showsAll(this.#view)) this.#seek(timeAt(this.#view, unit));
        else this.#pan(-delta * this.#view.span);
      },
      pan: (units) => {
        if (showsAll(this.#view)) return false;
        this.#pan(units * this.#view.span);
        return true;
      },
      zoom: (factor, unit) => this.#zoomAt(factor, unit),
      pinch: (factor, from, to) => this.#move(pinched(this.#view, factor, from, to)),
      hover: (place) => this.#hover(place),
      selects: (plot, shift) => (shift || this.#pictures.selects) && pictureOf(plot) !== undefined,
      select: (begun, now) => this.#pictures.drawRegion(begun, now),
    };
  }

  #hover(place: PlotPlace | undefined): void {
    this.#crosshair.hidden = !place;
    if (place) this.#crosshair.style.transform = `translateX(${place.unit * this.#width}px)`;
    this.#pictures.point(place, place ? timeAt(this.#view, place.unit) : 0);
  }

  /** A wheel with steps glides from one to the next; a touchpad is followed at once. */
  #zoomAt(factor: number, unit: number): void {
    const goal = this.#glide.goal(this.#view);
    const next = zoomed(goal, factor, timeAt(goal, unit));
    if (Math.abs(Math.log(factor)) > COARSE_STEP || goal !== this.#view) this.#glideTo(next);
    else {
      this.#view = next;
      this.#redraw();
    }
  }

  #glideTo(goal: Viewport): void {
    this.#glide.to(this.#view, goal, performance.now());
    this.#redraw();
  }

  #pan(seconds: number): void {
    this.#move(panned(this.#view, seconds));
  }

  /** Goes where a hand moves it. */
  #move(view: Viewport): void {
    this.#glide.stop();
    this.#view = view;
    if (this.#clock.playing) this.#setFollow(false);
    this.#redraw();
  }

  #setFollow(on: boolean): void {
    this.#follows = on;
    this.#redraw();
  }

  #setSelects(on: boolean, keyboard: boolean): void {
    this.element.classList.toggle('selecting', on);
    this.#pictures.select(on, keyboard);
  }

  #setStyle(style: PictureStyle): void {
    store(STYLE_STORED_AS, JSON.stringify(style));
    this.#pictures.style = style;
  }

  #write(scale: PictureScale, columns: PictureColumns): void {
    this.#pictures.write(scale, columns);
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
    const under = this.#glide.at(performance.now());
    if (under) {
      // What follows the playhead goes on following it on the way.
      this.#view = this.#follows && this.#clock.playing ? centred(under, this.#clock.position) : under;
      this.#redraw();
    }
    const view = this.#view;
    const { position } = this.#clock;
    this.#playhead.style.transform = `translateX(${unitOfTime(view, position) * this.#width}px)`;
    this.#playhead.hidden = unitOfTime(view, position) < 0 || unitOfTime(view, position) > 1;
    this.#toolbar.show({ follows: this.#follows, whole: showsAll(view) });
    this.#loop.show(view, this.#width);
    const shown = this.#shown;
    if (shown && shown.start === view.start && shown.span === view.span) return;
    this.#veil.show(view);
    drawTimeRuler(this.#ruler, view, this.#width);
    for (const stem of STEMS) this.#lanes[stem].show(view, this.#glide.under);
    this.#activity.draw(view);
    const complete = this.#pictures.draw(view);
    // What is missing says so when it comes.
    this.#shown = complete ? view : undefined;
  }
}
