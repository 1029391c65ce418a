import { clock, signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { h, setText } from '../shell/dom.ts';
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

/** Shows the values at the place under the pointer. */
export class Readout {
  readonly element = h('dl', { class: 'readout' });
  readonly #hint = h('p', { class: 'readout-hint' });
  readonly #values = new Map<(typeof FIELDS)[number], HTMLElement>();
  readonly #i18n: I18n;
  #reading: Reading | undefined;

  constructor(scope: Scope, i18n: I18n) {
    this.#i18n = i18n;
    for (const field of FIELDS) {
      const label = h('dt');
      const value = h('dd', { 'data-readout': field });
      this.#values.set(field, value);
      this.element.append(h('div', { class: field }, label, value));
      i18n.bind(scope, () => setText(label, i18n.t(LABELS[field])));
    }
    i18n.bind(scope, () => {
      setText(this.#hint, i18n.t('spectrogram.readoutHint'));
      this.show(this.#reading);
    });
  }

  /** The readout, and the hint in its place while there is nothing to read. */
  get elements(): readonly HTMLElement[] {
    return [this.element, this.#hint];
  }

  /** Shows a place; undefined: the pointer is elsewhere. */
  show(reading: Reading | undefined): void {
    this.#reading = reading;
    this.element.classList.toggle('empty', !reading);
    this.#hint.hidden = reading !== undefined;
    if (!reading) return;
    const { seconds, hz, cell } = reading;
    const set = (field: (typeof FIELDS)[number], text: string) => setText(this.#values.get(field) as HTMLElement, text);
    set('time', clock(seconds, 2));
    set('frequency', hz === undefined ? '–' : `${Math.round(hz)} Hz`);
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
  }
}
