import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { RegionSound } from '../../player/region-sound.ts';
import { h } from '../shell/dom.ts';
import { timeAt, unitOfTime, type Viewport } from '../timeline/viewport.ts';
import { type FrequencyAxis, hzOfUnit, unitOfHz } from './frequency-axis.ts';
import {
  boundsOf,
  type Corner,
  type Region,
  type RegionBounds,
  regionBetween,
  regionMoved,
  regionWithEdge,
  regionWithin,
} from './region.ts';
import type { RegionSource } from './region-level.ts';
import { RegionPanel } from './region-panel.ts';
import type { SpectrogramData } from './spectrogram-client.ts';
import { SPECTROGRAM_KINDS, type SpectrogramKind } from './spectrogram-image.ts';
import { axisOf } from './spectrogram-painter.ts';

/** The spectrograms that the tool works on. */
interface Ground {
  readonly data: SpectrogramData;
  readonly axis: FrequencyAxis;
  readonly bounds: RegionBounds;
}

/** What playing a region needs of the song's player. */
export interface RegionPlayback {
  readonly pause: () => void;
  /** Reports that a region could not be played. */
  readonly failed: (error: unknown) => void;
}

/** A selected region and how it is heard: to go on in the spectrograms of another result. */
export interface Selection {
  readonly region: Region;
  /** The spectrogram beside which its panel lies. */
  readonly kind: SpectrogramKind;
  readonly sound: RegionSource;
  readonly loop: boolean;
}

/** Draws a region of time and frequency, shows it on all spectrograms and in numbers, and plays it. */
export class RegionTool {
  readonly panel: RegionPanel;
  /** One layer to be placed over each spectrogram. */
  readonly layers: readonly HTMLElement[];
  readonly #boxes: readonly HTMLElement[];
  readonly #sound: RegionSound;
  readonly #song: RegionPlayback;
  #ground: Ground | undefined;
  #view: Viewport | undefined;
  #region: Region | undefined;
  /** A region that was taken over and reaches beyond these spectrograms, or waits for them. */
  #whole: Region | undefined;
  #corner: Corner | undefined;
  /** The spectrogram on which the region was drawn: its panel lies there. */
  #kind: SpectrogramKind = 'mixture';
  /** A region was asked for before there were spectrograms. */
  #owed = false;
  /** Counts questions to the worker: only the answer to the last one is shown. */
  #asked = 0;

  /**
   * @param sound Plays a region.
   * @param song Is paused while a region plays.
   */
  constructor(scope: Scope, i18n: I18n, sound: RegionSound, song: RegionPlayback) {
    this.#sound = sound;
    this.#song = song;
    this.panel = new RegionPanel(scope, i18n, {
      change: (edge, value) => this.#region && this.set(regionWithEdge(this.#region, edge, value)),
      play: () => void this.#play(),
      stop: () => sound.stop(),
      loop: (on) => {
        sound.loop = on;
      },
      clear: () => this.clear(),
    });
    // The region shows on every spectrogram; the first one stands for it to keyboard and screen reader.
    this.#boxes = SPECTROGRAM_KINDS.map((kind, n) =>
      h('div', {
        class: 'region-box',
        hidden: true,
        'data-region': kind,
        ...(n === 0 ? { role: 'group', tabindex: 0 } : { 'aria-hidden': 'true' }),
      }),
    );
    this.layers = this.#boxes.map((box) => h('div', { class: 'region-layer' }, box));
    scope.listen(this.#boxes[0], 'keydown', (event) => this.#key(event));
    i18n.bind(scope, () => this.#boxes[0].setAttribute('aria-label', i18n.t('region.box')));
  }

  get region(): Region | undefined {
    return this.#region;
  }

  /** What is selected; undefined: nothing. */
  get selection(): Selection | undefined {
    const region = this.#whole ?? this.#region;
    return region && { region, kind: this.#kind, sound: this.panel.sound, loop: this.panel.looping };
  }

  set selection(selection: Selection | undefined) {
    this.clear();
    if (!selection) return;
    const { region, kind, sound, loop } = selection;
    this.#kind = kind;
    this.panel.sound = sound;
    this.panel.looping = loop;
    this.#sound.loop = loop;
    this.set(region);
    // Spectrograms that end lower cut it: those that it came from get all of it back.
    this.#whole = region;
  }

  /** The visible part of the song. */
  get view(): Viewport | undefined {
    return this.#view;
  }

  /** Sets the data of the spectrograms, their style and the duration of the song, seconds. */
  use(data: SpectrogramData, style: Parameters<typeof axisOf>[1], duration: number): void {
    this.#ground = { data, axis: axisOf(data.scale, style), bounds: boundsOf(data.scale, duration) };
    const { selection } = this;
    if (selection && !this.#region) this.selection = selection;
    else this.place();
    if (this.#owed) this.offer();
  }

  /** Shows a part of the song. */
  show(view: Viewport): void {
    this.#view = view;
    if (this.#region) this.place();
    if (this.#owed) this.offer();
  }

  /** Starts a region at a corner; `kind` is the spectrogram under it. */
  begin(kind: SpectrogramKind, unit: number, fromTop: number): void {
    this.#corner = this.#cornerAt(unit, fromTop);
    this.#kind = kind;
    this.panel.sound = kind === 'vocals' || kind === 'accompaniment' ? kind : ('mixture' satisfies RegionSource);
  }

  /** Moves the opposite corner. */
  draw(unit: number, fromTop: number): void {
    const corner = this.#cornerAt(unit, fromTop);
    if (!this.#ground || !this.#corner || !corner) return;
    this.set(regionBetween(this.#corner, corner, this.#ground.bounds));
  }

  /**
   * Places a region in the middle of the view, for people who draw with the keyboard; as soon as there are
   * spectrograms.
   */
  offer(): void {
    this.#owed = !this.#ground || !this.#view;
    if (!this.#ground || !this.#view || this.#region) return;
    const { start, span } = this.#view;
    const hz = (unit: number) => hzOfUnit((this.#ground as Ground).axis, unit);
    this.set({ start: start + 0.35 * span, end: start + 0.65 * span, lowHz: hz(0.35), highHz: hz(0.65) });
  }

  /** Withdraws an offer that has not come true yet. */
  withdraw(): void {
    this.#owed = false;
  }

  /** Sets the region. */
  set(region: Region): void {
    if (!this.#ground) return;
    this.#region = regionWithin(region, this.#ground.bounds);
    this.#whole = undefined;
    this.panel.show(this.#region);
    this.place();
    this.measure();
    // The sound is that of the region before.
    this.#sound.stop();
  }

  /** Computes the levels again: more of the song may be there. */
  measure(): void {
    const asked = ++this.#asked;
    if (!this.#region || !this.#ground) return;
    void this.#ground.data.levels(this.#region).then((levels) => {
      if (asked === this.#asked) this.panel.levels(levels);
    });
  }

  /** Removes the region. */
  clear(): void {
    this.#region = undefined;
    this.#whole = undefined;
    this.#asked++;
    this.#sound.stop();
    this.panel.show(undefined);
    this.place();
  }

  async #play(): Promise<void> {
    if (!this.#region) return;
    this.#song.pause();
    try {
      await this.#sound.play(this.#region, this.panel.sound, this.panel.looping);
    } catch (error) {
      this.#sound.stop();
      this.#song.failed(error);
    }
  }

  #cornerAt(unit: number, fromTop: number): Corner | undefined {
    if (!this.#ground || !this.#view) return undefined;
    const height = Math.min(1, Math.max(0, 1 - fromTop));
    return { seconds: timeAt(this.#view, unit), hz: hzOfUnit(this.#ground.axis, height) };
  }

  /** Arrow keys move the region, with Shift its later and upper edges; Escape removes it, Enter plays it. */
  #key(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    };
    const step = steps[event.key];
    const region = this.#region;
    if (!region || !this.#ground || !this.#view || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Escape') this.clear();
    else if (event.key === 'Enter') void this.#play();
    else if (step) {
      const { axis, bounds } = this.#ground;
      const seconds = (step[0] * this.#view.span) / 100;
      const units = step[1] / 50;
      if (event.shiftKey) {
        const highHz = units === 0 ? region.highHz : hzOfUnit(axis, Math.min(1, unitOfHz(axis, region.highHz) + units));
        this.set({
          ...region,
          end: Math.max(region.start, region.end + seconds),
          highHz: Math.max(region.lowHz, highHz),
        });
      } else this.set(regionMoved(region, { seconds, units }, axis, bounds));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Lays the region over the spectrograms as they are now, and its panel beside it. */
  place(): void {
    const region = this.#region;
    const view = this.#view;
    const ground = this.#ground;
    const left = region && view ? Math.max(-0.01, unitOfTime(view, region.start)) : 0;
    const right = region && view ? Math.min(1.01, unitOfTime(view, region.end)) : 0;
    for (const box of this.#boxes) {
      box.hidden = !region || !ground || right <= left;
      if (!region || !ground || box.hidden) continue;
      const top = 1 - Math.min(1, unitOfHz(ground.axis, region.highHz));
      const bottom = 1 - Math.max(0, unitOfHz(ground.axis, region.lowHz));
      box.style.left = `${100 * left}%`;
      box.style.width = `${100 * (right - left)}%`;
      box.style.top = `${100 * top}%`;
      box.style.height = `${100 * Math.max(0, bottom - top)}%`;
    }
    const boxes = [this.#boxes[SPECTROGRAM_KINDS.indexOf(this.#kind)], ...this.#boxes];
    const seen = boxes.find((box) => box.offsetParent !== null);
    if (region && seen) this.panel.placeAt(seen.getBoundingClientRect());
  }
}
