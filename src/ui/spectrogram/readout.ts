import { clock, hertz, signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { h, setText } from '../shell/dom.ts';
import type { GestureHints } from '../timeline/gesture-hints.ts';
import type { PlotPlace } from '../timeline/gestures.ts';
import { noteName } from './frequency-axis.ts';
import { FLOOR_DB } from './spectrogram-image.ts';

/** The place under the pointer. Frequency and values exist only over a spectrogram. */
export interface Reading {
  readonly seconds: number;
  readonly hz?: number;
  readonly cell?: { readonly decibels: number; readonly mask: number };
}

const FIELDS = ['time', 'frequency', 'note', 'level', 'mask'] as const;
const LABELS = {
  time: 'spectrogram.readoutTime',
  frequency: 'spectrogram.readoutFrequency',
  note: 'spectrogram.readoutNote',
  level: 'spectrogram.readoutLevel',
  mask: 'spectrogram.readoutMask',
} as const;

/** Distance of the readout from the pointer, pixels. */
const DISTANCE = 16;

/** Shows the values at the place under the pointer, beside it. */
export class Readout {
  readonly element: HTMLElement;
  readonly #list = h('dl', { class: 'readout' });
  readonly #values = new Map<(typeof FIELDS)[number], HTMLElement>();
  readonly #i18n: I18n;
  readonly #gestures: Pick<GestureHints, 'open'>;
  readonly #hint = h('p', { class: 'hint' });
  #reading: Reading | undefined;
  #place: PlotPlace | undefined;

  /** @param hints Gestures that are hinted at over a spectrogram. */
  constructor(scope: Scope, i18n: I18n, hints: Pick<GestureHints, 'open'>) {
    this.#i18n = i18n;
    this.#gestures = hints;
    this.element = h('div', { class: 'reading', hidden: true }, this.#list, this.#hint);
    for (const field of FIELDS) {
      const label = h('dt');
      const value = h('dd', { 'data-readout': field });
      this.#values.set(field, value);
      this.#list.append(h('div', { class: field }, label, value));
      i18n.bind(scope, () => setText(label, i18n.t(LABELS[field])));
    }
    i18n.bind(scope, () => this.show(this.#reading));
  }

  /** Moves the readout beside a place on a plot, within the surface that it lies on. */
  placeAt(place: PlotPlace): void {
    this.#place = place;
    this.#put();
  }

  /** Shows a place; undefined: the pointer is elsewhere. */
  show(reading: Reading | undefined): void {
    this.#reading = reading;
    this.element.hidden = !reading;
    if (!reading) return;
    const { seconds, hz, cell } = reading;
    const set = (field: (typeof FIELDS)[number], text: string) => setText(this.#values.get(field) as HTMLElement, text);
    set('time', clock(seconds, 2));
    const hints = hz === undefined ? [] : this.#gestures.open;
    setText(this.#hint, hints.map((gesture) => this.#i18n.t(`hint.${gesture}`)).join(' · '));
    set('frequency', hz === undefined ? '–' : hertz(hz));
    set('note', hz === undefined ? '–' : noteName(hz));
    if (hz === undefined) {
      set('level', '–');
      set('mask', '–');
    } else if (!cell) {
      set('level', this.#i18n.t('spectrogram.notYet'));
      set('mask', '–');
    } else {
      const floor = this.#i18n.t('spectrogram.belowFloor', { level: signed(FLOOR_DB, 0) });
      set('level', cell.decibels <= FLOOR_DB ? floor : `${signed(cell.decibels, 1)} dB`);
      set('mask', cell.mask.toFixed(2));
    }
    this.#put();
  }

  #put(): void {
    // Only what is shown has a size.
    const surface = this.element.offsetParent?.getBoundingClientRect();
    if (!surface || !this.#place) return;
    const { plot, unit, fromTop } = this.#place;
    const box = plot.getBoundingClientRect();
    const x = box.left - surface.left + unit * box.width;
    const y = box.top - surface.top + Math.min(1, Math.max(0, fromTop)) * box.height;
    const { offsetWidth, offsetHeight } = this.element;
    const left = x + DISTANCE + offsetWidth <= surface.width ? x + DISTANCE : Math.max(0, x - DISTANCE - offsetWidth);
    const top = y >= offsetHeight + DISTANCE ? y - DISTANCE - offsetHeight : y + DISTANCE;
    this.element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}
