import { Emitter } from '../../core/emitter.ts';
import type { Scope } from '../../core/scope.ts';
import type { MaskEdit } from '../../songs/painting/mask-edit.ts';
import { Repainter, type RepainterOptions } from '../../songs/painting/repainter.ts';
import type { AxisKind } from '../../ui/spectrogram/frequency-axis.ts';
import type { Viewport } from '../../ui/timeline/viewport.ts';
import { Brush, type BrushSettings } from './brush.ts';
import { FirstSinging, type SungStorage } from './first-singing.ts';
import type { MaskCanvasMode } from './mask-canvas-pixels.ts';
import type { MaskGeometry, MaskPlace } from './mask-geometry.ts';

/** Seconds that the canvas can show. */
export const MIN_SPAN = 1.5;
export const MAX_SPAN = 60;

/** The part of the mask that the canvas shows, and how. */
export interface PaintView extends Viewport {
  readonly axis: AxisKind;
  readonly mode: MaskCanvasMode;
}

export interface PaintOptions extends Pick<RepainterOptions, 'facts' | 'renderMasked' | 'onError'> {
  readonly store: RepainterOptions['store'] & SungStorage;
  readonly player: { readonly position: number };
  /** To be called when something painted cannot be heard yet, and when all of it can. */
  readonly onBusy: (busy: boolean) => void;
  /** To be called when nothing more will be rendered. */
  readonly onDone: () => void;
}

/** The numbers of a cell; outside the separated mask only its time and frequency. */
export interface PaintReading {
  readonly seconds: number;
  readonly hz: number;
  readonly cell?: { readonly levelDb: number; readonly mask: number; readonly network: number };
}

type PaintEvents = {
  /** What can be undone, or how long the last change took. */
  changed: [];
  view: [];
  /** More of the mask is in memory. */
  mask: [];
};

/** Seconds that the view begins before the playhead, or before the first singing. */
const LEAD_IN = 2;

/** Levels of the stored mixture: byte 0 is −100 dB. */
const FLOOR_DB = -100;

/** The section “Paint the mask”: the brush, the view, and the changes on their way to the sound. */
export class PaintState extends Emitter<PaintEvents> {
  readonly edit: MaskEdit;
  readonly #options: PaintOptions;
  #settings: BrushSettings = { tool: 'brush', size: 14, feather: 0.5, value: 1 };
  #view: PaintView;
  /** Looks for singing in a song that was not played, until the person chooses what is shown. */
  #firstSinging: FirstSinging | undefined;
  #changedAt: number | undefined;
  #delay: number | undefined;

  constructor(scope: Scope, options: PaintOptions) {
    super();
    const { store, player } = options;
    this.#options = options;
    const duration = store.samples / store.sampleRate;
    this.#view = { start: 0, span: 12, duration, axis: 'mel', mode: 'both' };
    const repainter = new Repainter({
      ...options,
      playhead: () => player.position,
      onSamples: () => this.#rendered(),
    });
    this.edit = repainter.edit;
    this.change({ start: player.position - LEAD_IN });
    if (player.position === 0) {
      this.#firstSinging = new FirstSinging(store);
      void this.showSinging();
    }
    scope.add(
      this.edit.on('changed', () => {
        this.#changedAt ??= performance.now();
        this.emit('changed');
      }),
    );
    scope.add(() => {
      repainter.dispose();
      // The painted mask must be in the sound when the person leaves.
      void repainter.idle().then(options.onDone);
    });
  }

  get settings(): BrushSettings {
    return this.#settings;
  }

  set settings(settings: BrushSettings) {
    this.#settings = settings;
  }

  get view(): PaintView {
    return this.#view;
  }

  /** Milliseconds from the last change until it could be heard; undefined: nothing was painted yet. */
  get delay(): number | undefined {
    return this.#delay;
  }

  /** Shows another part, or shows it otherwise. The part stays within the song. */
  change(change: Partial<Pick<PaintView, 'start' | 'span' | 'axis' | 'mode'>>): void {
    if (change.start !== undefined) this.#firstSinging = undefined;
    const view = { ...this.#view, ...change };
    const span = Math.min(Math.max(MIN_SPAN, view.span), MAX_SPAN, Math.max(MIN_SPAN, view.duration));
    const start = Math.min(Math.max(0, view.start), Math.max(0, view.duration - span));
    this.#view = { ...view, start, span };
    this.emit('view');
    void this.load();
  }

  /**
   * Shows the first singing, unless the song was played or the person chose what is shown. To be called when more of the
   * song is separated.
   */
  async showSinging(): Promise<void> {
    const looking = this.#firstSinging;
    if (!looking) return;
    try {
      const singing = await looking.find();
      if (singing && looking === this.#firstSinging && this.#options.player.position === 0) {
        this.change({ start: singing.start - LEAD_IN });
      }
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** Where the song should play from, seconds: undefined where the playhead is in the view, else where that begins. */
  get playFrom(): number | undefined {
    const { position } = this.#options.player;
    const { start, span } = this.#view;
    return position >= start && position < start + span ? undefined : start;
  }

  /** Whether the whole mask is in memory; else only the part that is shown is, and nothing can change all of it at once. */
  get isWhole(): boolean {
    return this.#options.store.whole !== undefined;
  }

  /** Loads the part of the mask that is shown. To be called when more of the song is separated. */
  async load(): Promise<void> {
    const { kept } = this.edit;
    const { start, span } = this.#view;
    const { frameSeconds } = kept.scale;
    try {
      const loaded = await kept.load(Math.floor(start / frameSeconds), Math.ceil((start + span) / frameSeconds) + 1);
      if (loaded) this.emit('mask');
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** Zooms round the middle. */
  zoom(factor: number): void {
    const { start, span } = this.#view;
    this.change({ span: span / factor, start: start + (span - span / factor) / 2 });
  }

  /** Shows what lies half a view further to the left (−1) or to the right (1). */
  turn(side: -1 | 1): void {
    const { start, span } = this.#view;
    this.change({ start: start + (side * span) / 2 });
  }

  /** Shows the playhead, a third from the left. */
  showPlayhead(): void {
    this.change({ start: this.#options.player.position - this.#view.span / 3 });
  }

  /** The playhead moved while the song plays: turns the page when it has just left the view. */
  followPlaying(): void {
    const { position } = this.#options.player;
    const { start, span } = this.#view;
    if (position >= start + span && position < start + 2 * span) this.change({ start: position - 0.02 * span });
  }

  /** The playhead jumped: shows it where it is outside the view. */
  followSeek(seconds: number): void {
    const { start, span } = this.#view;
    if (seconds < start || seconds > start + span) this.change({ start: seconds - span / 3 });
  }

  /** A brush for a canvas with this geometry. */
  createBrush(geometry: () => MaskGeometry): Brush {
    const brush = new Brush({ edit: this.edit, geometry, settings: () => this.#settings });
    brush.on('edge', (side) => this.turn(side));
    // A stroke can be undone when the pen is up again.
    brush.on('pen', () => this.emit('changed'));
    return brush;
  }

  /** What there is to read at a place. */
  read({ frame, bin }: MaskPlace): PaintReading {
    const { edit } = this;
    const { frameSeconds, firstBinHz, binHz, frames, bins } = edit.kept.scale;
    const [column, row] = [Math.round(frame), Math.round(bin)];
    const place = { seconds: frame * frameSeconds, hz: firstBinHz + row * binHz };
    const isInside = column >= 0 && column < frames && row >= 0 && row < bins && edit.kept.has(column);
    if (!isInside) return place;
    const cell = {
      levelDb: FLOOR_DB * (1 - edit.kept.levels(column)[row] / 255),
      mask: edit.row(column)[row] / 65535,
      network: edit.kept.row(column)[row] / 65535,
    };
    return { ...place, cell };
  }

  #rendered(): void {
    if (this.#changedAt === undefined) return;
    this.#delay = Math.max(1, Math.round(performance.now() - this.#changedAt));
    this.#changedAt = undefined;
    this.emit('changed');
  }
}
