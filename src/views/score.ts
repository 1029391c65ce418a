import { safeFileName } from '../audio/export/file-names.ts';
import type { I18n } from '../i18n/i18n.ts';
import type { LoopMarks } from '../player/practice.ts';
import { RegionSound } from '../player/region-sound.ts';
import type { StemStore } from '../player/stem-store.ts';
import type { VocalActivity } from '../player/vocal-activity.ts';
import { oncePerFrame, type Scope } from '../scope.ts';
import type { SeparationChunk } from '../separation/types.ts';
import { ActivityLane } from './activity-lane.ts';
import { drawFrequencyAxis, drawNoteAxis, drawTimeRuler } from './axes.ts';
import { h, icon, setAttributes, setText } from './dom.ts';
import { clock } from './format.ts';
import { hzOfUnit } from './frequency-axis.ts';
import { bindGestures, type GestureActions } from './gestures.ts';
import { LoopHandles } from './loop-handles.ts';
import { type Clock, MediaClock } from './media-clock.ts';
import { type PictureData, PictureThread } from './picture-data.ts';
import { axisOf } from './picture-painter.ts';
import { type PictureStyle, parseStyle } from './picture-style.ts';
import { Readout } from './readout.ts';
import { RegionTool, type SongBeside } from './region-tool.ts';
import { download } from './saver.ts';
import { ScoreToolbar } from './score-toolbar.ts';
import { PICTURE_KINDS, type PictureKind } from './spectrogram-image.ts';
import { SpectrogramPicture } from './spectrogram-picture.ts';
import { store, stored } from './theme.ts';
import { ViewGlide } from './view-glide.ts';
import { centred, panned, showsAll, timeAt, unitOfTime, type Viewport, wholeSong, zoomed } from './viewport.ts';
import { WaveformLane } from './waveform-lane.ts';

const STEMS = ['vocals', 'accompaniment'] as const;

/** A zoom by more than this, as a logarithm, is a step of a wheel. */
const COARSE_STEP = 0.15;

/** Milliseconds that a saved picture's address lasts. */
const KEPT_MS = 60_000;

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
  readonly #thread: PictureThread;
  readonly #pictures: readonly SpectrogramPicture[];
  readonly #axes: readonly HTMLElement[] = PICTURE_KINDS.map(() =>
    h('div', { class: 'gutter', 'aria-hidden': 'true' }),
  );
  readonly #ruler = h('div', { class: 'ruler' });
  readonly #playhead = h('div', { class: 'playhead' });
  readonly #veil = h('div', { class: 'veil' });
  readonly #crosshair = h('div', { class: 'crosshair', hidden: true });
  readonly #levelLines = PICTURE_KINDS.map(() => h('div', { class: 'level-line', hidden: true }));
  readonly #notes = PICTURE_KINDS.map(() => h('div', { class: 'notes', 'aria-hidden': 'true' }));
  readonly #beside: SongBeside & { readonly name: string };
  readonly #regions: RegionTool;
  readonly #sound: RegionSound;
  #selects = false;
  readonly #glide = new ViewGlide(() => matchMedia('(prefers-reduced-motion: reduce)').matches);
  readonly #toolbar: ScoreToolbar;
  readonly #readout: Readout;
  readonly #activity: ActivityLane;
  readonly #loop: LoopHandles;
  readonly #redraw: () => void;
  #view: Viewport;
  #style: PictureStyle = parseStyle(stored(STYLE_STORED_AS));
  #data: PictureData | undefined;
  #hovered = 0;
  #follows = true;
  #doneSeconds = 0;
  #shown: Viewport | undefined;
  #width = 0;
  #height = 0;

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
    this.#beside = beside;
    this.#i18n = i18n;
    this.#clock = clockOfSong;
    this.#seek = seek;
    this.#media = new MediaClock(clockOfSong);
    this.#view = wholeSong(song.samples / song.sampleRate);
    this.#redraw = oncePerFrame(scope, () => this.#draw());
    this.#readout = new Readout(scope, i18n);
    this.#activity = new ActivityLane(scope, i18n);
    this.#loop = new LoopHandles(scope, i18n, this.#ruler, { loop, seek });
    this.#toolbar = new ScoreToolbar(scope, i18n, this.#style, {
      zoom: (factor) => this.zoom(factor),
      fit: () => this.fit(),
      follow: (on) => this.#setFollow(on),
      style: (style) => this.#setStyle(style),
      select: (on, keyboard) => this.#setSelects(on, keyboard),
    });
    this.#thread = new PictureThread(scope);
    this.#sound = new RegionSound(
      scope,
      beside.store,
      (...order) => this.#thread.bandPass(...order),
      () => this.#regions.panel.playing(this.#sound.playing),
    );
    this.#regions = new RegionTool(scope, i18n, this.#sound, beside);
    this.#pictures = PICTURE_KINDS.map((kind) => new SpectrogramPicture(scope, kind, () => this.#repaint()));

    const hosts = STEMS.map((stem) => h('div', { class: `wave ${stem}`, role: 'img', 'data-lane': stem }));
    const body = h(
      'div',
      { class: 'score-body' },
      h('div', { class: 'row ruler-row' }, h('div', { class: 'gutter' }), this.#ruler),
      ...STEMS.map((stem, n) => this.#row(stem, 'lane', h('div', { class: 'gutter' }), hosts[n])),
      this.#activity.element,
      ...PICTURE_KINDS.map((kind, n) =>
        this.#row(
          kind,
          'picture-row',
          this.#axes[n],
          this.#pictures[n].element,
          this.#notes[n],
          this.#regions.layers[n],
          this.#levelLines[n],
        ),
      ),
      h('div', { class: 'overlay', 'aria-hidden': 'true' }, this.#veil, this.#crosshair, this.#playhead),
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
        this.#regions.panel.element,
        h('div', { class: 'reading' }, ...this.#readout.elements),
      ),
      body,
      help,
    );
    i18n.bind(scope, () => {
      this.element.setAttribute('aria-label', i18n.t('score.region'));
      setText(help, i18n.t(matchMedia('(pointer: coarse)').matches ? 'score.helpTouch' : 'score.help'));
      hosts[0].setAttribute('aria-label', i18n.t('score.laneVocals'));
      hosts[1].setAttribute('aria-label', i18n.t('score.laneAccompaniment'));
      this.#describe();
    });
    bindGestures(scope, body, this.#gestures());
    const lane = (n: number) =>
      new WaveformLane(scope, hosts[n], this.#media, this.#view, song.samples, song.sampleRate);
    this.#lanes = { vocals: lane(0), accompaniment: lane(1) };
    scope.observeResize(this.#ruler, () => this.#resize());
  }

  /** Takes a finished chunk. */
  add(chunk: SeparationChunk): void {
    if (!this.#data) {
      this.#data = this.#thread.open(chunk.scale);
      this.#useStyle();
    }
    this.#data.write(chunk.picture);
    this.#regions.measure();
    this.#lanes.vocals.add(chunk.start, chunk.vocals);
    this.#lanes.accompaniment.add(chunk.start, chunk.accompaniment);
    const loudest = Math.max(...STEMS.map((stem) => this.#lanes[stem].peak));
    for (const stem of STEMS) this.#lanes[stem].scaleTo(loudest);
    this.#doneSeconds = Math.max(this.#doneSeconds, (chunk.doneSamples / chunk.totalSamples) * this.#view.duration);
    this.#shown = undefined;
    this.#redraw();
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
    if (playing) this.#sound.stop();
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

  #row(
    name: PictureKind,
    kind: string,
    gutter: HTMLElement,
    content: HTMLElement,
    ...more: readonly HTMLElement[]
  ): HTMLElement {
    const title = h('span', { class: 'title' });
    const note = h('span', { class: 'note' });
    const plot = h('div', { class: 'plot', 'data-row': name }, content, ...more);
    this.#i18n.bind(this.#scope, () => {
      setText(title, this.#i18n.t(`score.${name}`));
      setText(note, kind === 'lane' ? '' : this.#i18n.t(`score.${name}Note`));
    });
    const caption = h('div', { class: 'caption' }, h('p', {}, title, note));
    if (kind === 'picture-row') caption.append(this.#saveButton(name));
    return h('div', { class: `row ${kind} ${name}` }, caption, gutter, plot);
  }

  #saveButton(kind: PictureKind): HTMLElement {
    const button = h('button', { type: 'button', class: 'save-picture', 'data-save': kind }, icon('save'), 'PNG');
    this.#scope.listen(button, 'click', () => void this.#save(kind).catch(this.#beside.failed));
    this.#i18n.bind(this.#scope, () => {
      const text = this.#i18n.t('poster.save', { picture: this.#i18n.t(`score.${kind}`) });
      setAttributes(button, { 'aria-label': text, title: text });
    });
    return button;
  }

  /** Saves what is shown of a picture, with its axes. */
  async #save(kind: PictureKind): Promise<void> {
    const t = this.#i18n.t.bind(this.#i18n);
    const picture = t(`score.${kind}`);
    const view = this.#glide.goal(this.#view);
    const [from, to] = [view.start, view.start + view.span].map((time) => clock(time, view.span < 20 ? 2 : 0));
    const legend = kind === 'mask' ? 'poster.mask' : 'poster.decibels';
    const file = await this.#data?.poster({
      kind,
      style: this.#style,
      view,
      words: {
        title: `${picture}: ${t(`score.${kind}Note`)}`,
        song: `${this.#beside.name} · ${from}–${to}`,
        time: t('poster.time'),
        frequency: t('poster.frequency'),
        value: t(legend),
      },
    });
    if (!file) return;
    const address = URL.createObjectURL(file);
    // Given back when the browser has had time to take it.
    this.#scope.timeout(() => URL.revokeObjectURL(address), KEPT_MS);
    this.#scope.add(() => URL.revokeObjectURL(address));
    download(address, safeFileName(this.#beside.name, ` (${picture})`, 'png'));
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
      hover: (place) => this.#hover(place),
      selects: (plot, shift) => (shift || this.#selects) && PICTURE_KINDS.includes(plot.dataset.row as PictureKind),
      select: (begun, now) => {
        this.#regions.begin(begun.plot.dataset.row as PictureKind, begun.unit, begun.fromTop);
        this.#regions.draw(now.unit, now.fromTop);
      },
    };
  }

  #hover(place: { readonly plot: HTMLElement; readonly unit: number; readonly fromTop: number } | undefined): void {
    this.#crosshair.hidden = !place;
    const data = this.#data;
    const onPicture = place && data && PICTURE_KINDS.includes(place.plot.dataset.row as PictureKind);
    const picture = onPicture && place.plot.querySelector('[data-picture]') ? place : undefined;
    for (const line of this.#levelLines) {
      line.hidden = !picture;
      if (picture) line.style.top = `${100 * picture.fromTop}%`;
    }
    const turn = ++this.#hovered;
    if (!place) {
      this.#readout.show(undefined);
      return;
    }
    this.#crosshair.style.transform = `translateX(${place.unit * this.#width}px)`;
    const seconds = timeAt(this.#view, place.unit);
    if (!picture || !data) {
      this.#readout.show({ seconds });
      return;
    }
    const { scale } = data;
    const hz = hzOfUnit(axisOf(scale, this.#style.axis), Math.min(1, Math.max(0, 1 - picture.fromTop)));
    const frame = Math.min(scale.frames - 1, Math.round(seconds / scale.frameSeconds));
    const bin = Math.min(scale.bins - 1, Math.max(0, Math.round((hz - scale.firstBinHz) / scale.binHz)));
    void data.at(frame, bin).then((cell) => {
      // The pointer may have gone on meanwhile.
      if (turn === this.#hovered) this.#readout.show({ seconds, hz, cell });
    });
  }

  /** A wheel with steps glides from one to the next; a finger or a touchpad is followed at once. */
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
    this.#glide.stop();
    this.#view = panned(this.#view, seconds);
    if (this.#clock.playing) this.#setFollow(false);
    this.#redraw();
  }

  #setFollow(on: boolean): void {
    this.#follows = on;
    this.#redraw();
  }

  #setSelects(on: boolean, keyboard: boolean): void {
    this.#selects = on;
    this.element.classList.toggle('selecting', on);
    if (!on || !keyboard) return;
    this.#regions.offer();
    this.#regions.panel.focus();
  }

  #setStyle(style: PictureStyle): void {
    this.#style = style;
    store(STYLE_STORED_AS, JSON.stringify(style));
    this.#useStyle();
  }

  #useStyle(): void {
    const data = this.#data;
    for (const picture of this.#pictures) picture.use(data, this.#style);
    if (!data) return;
    this.#regions.use(data, this.#style.axis, this.#view.duration);
    const axis = axisOf(data.scale, this.#style.axis);
    for (const gutter of this.#axes) drawFrequencyAxis(gutter, axis, this.#height);
    for (const layer of this.#notes) drawNoteAxis(layer, axis, this.#height);
    this.#describe();
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
    const heights = this.#pictures.map((picture) => picture.resize(sharpness));
    if (heights[0] !== this.#height) {
      this.#height = heights[0];
      this.#useStyle();
    }
    this.#repaint();
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
    this.#regions.show(view);
    const shown = this.#shown;
    if (shown && shown.start === view.start && shown.span === view.span) return;
    const done = Math.min(1, Math.max(0, unitOfTime(view, this.#doneSeconds)));
    this.#veil.style.left = `${100 * done}%`;
    this.#veil.hidden = done >= 1 || this.#doneSeconds >= view.duration - 1e-3;
    drawTimeRuler(this.#ruler, view, this.#width);
    for (const stem of STEMS) this.#lanes[stem].show(view);
    this.#activity.draw(view);
    const complete = this.#pictures.map((picture) => picture.draw(view)).every(Boolean);
    // What is missing says so when it comes.
    this.#shown = complete ? view : undefined;
  }

  /** The text alternatives say what is shown, not only that something is. */
  #describe(): void {
    const t = this.#i18n.t.bind(this.#i18n);
    const axis = this.#data ? axisOf(this.#data.scale, this.#style.axis) : undefined;
    const range = axis
      ? ` ${t('score.altRange', {
          from: clock(0),
          to: clock(this.#view.duration),
          low: Math.round(axis.lowHz),
          high: Math.round(axis.highHz),
        })}`
      : '';
    for (const [n, kind] of PICTURE_KINDS.entries()) {
      this.#pictures[n].element.setAttribute('aria-label', t(`score.${kind}Alt`) + range);
    }
  }
}
