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
import type { Heard } from './region-level.ts';
import { RegionPanel } from './region-panel.ts';
import type { SpectrogramData } from './spectrogram-client.ts';
import { SPECTROGRAM_KINDS, type SpectrogramKind } from './spectrogram-image.ts';
import { axisOf } from './spectrogram-painter.ts';

/** What the tool works on: undefined as long as there are no pictures. */
interface Ground {
  readonly data: SpectrogramData;
  readonly axis: FrequencyAxis;
  readonly bounds: RegionBounds;
}

/** The song that a region is of, as far as hearing it goes. */
export interface RegionPlayback {
  readonly pause: () => void;
  /** A region could not be played. */
  readonly failed: (error: unknown) => void;
}

/**
 * A region of time and frequency, drawn on the pictures: shown on all of them, told in numbers, and heard.
 */
export class RegionTool {
  readonly panel: RegionPanel;
  /** One layer for each picture, to be laid over it. */
  readonly layers: readonly HTMLElement[];
  readonly #boxes: readonly HTMLElement[];
  readonly #sound: RegionSound;
  readonly #song: RegionPlayback;
  #ground: Ground | undefined;
  #view: Viewport | undefined;
  #region: Region | undefined;
  #corner: Corner | undefined;
  /** A region was asked for before there were pictures. */
  #owed = false;
  /** Counts questions to the worker: only the last one's answer is shown. */
  #asked = 0;

  /**
   * @param sound What plays a region.
   * @param song Pauses the song, which would sound over it; and is told what went wrong.
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
    // It is one region, shown on every picture: the first one stands for it before the keyboard and a screen reader.
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

  /** The part of the song that is on the screen. */
  get view(): Viewport | undefined {
    return this.#view;
  }

  /** Takes the numbers that the pictures show, and their axis. */
  use(data: SpectrogramData, axis: Parameters<typeof axisOf>[1], duration: number): void {
    this.#ground = { data, axis: axisOf(data.scale, axis), bounds: boundsOf(data.scale, duration) };
    this.#place();
    if (this.#owed) this.offer();
  }

  /** Follows the part of the song that is on the screen. */
  show(view: Viewport): void {
    this.#view = view;
    if (this.#region) this.#place();
    if (this.#owed) this.offer();
  }

  /** Begins a region at a corner; `kind` is the picture that it is drawn on. */
  begin(kind: SpectrogramKind, unit: number, fromTop: number): void {
    this.#corner = this.#cornerAt(unit, fromTop);
    this.panel.sound = kind === 'vocals' || kind === 'accompaniment' ? kind : ('mixture' satisfies Heard);
  }

  /** Draws it to the other corner. */
  draw(unit: number, fromTop: number): void {
    const corner = this.#cornerAt(unit, fromTop);
    if (!this.#ground || !this.#corner || !corner) return;
    this.set(regionBetween(this.#corner, corner, this.#ground.bounds));
  }

  /** A region in the middle of what is on the screen, for who draws with the keyboard; as soon as there is something. */
  offer(): void {
    this.#owed = !this.#ground || !this.#view;
    if (!this.#ground || !this.#view || this.#region) return;
    const { start, span } = this.#view;
    const hz = (unit: number) => hzOfUnit((this.#ground as Ground).axis, unit);
    this.set({ start: start + 0.35 * span, end: start + 0.65 * span, lowHz: hz(0.35), highHz: hz(0.65) });
  }

  /** An offer that nothing came of yet is no longer wanted. */
  withdraw(): void {
    this.#owed = false;
  }

  /** Sets the region. */
  set(region: Region): void {
    if (!this.#ground) return;
    this.#region = regionWithin(region, this.#ground.bounds);
    this.panel.show(this.#region);
    this.#place();
    this.measure();
    // What sounds is not it any more.
    this.#sound.stop();
  }

  /** Asks for the levels again: more of the song may be there. */
  measure(): void {
    const asked = ++this.#asked;
    if (!this.#region || !this.#ground) return;
    void this.#ground.data.levels(this.#region).then((levels) => {
      if (asked === this.#asked) this.panel.levels(levels);
    });
  }

  /** Takes the region away. */
  clear(): void {
    this.#region = undefined;
    this.#asked++;
    this.#sound.stop();
    this.panel.show(undefined);
    this.#place();
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

  /** Arrows move the region, with Shift its later and upper edges; Escape takes it away, Enter plays it. */
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

  #place(): void {
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
  }
}
