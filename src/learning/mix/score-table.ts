import { signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningTexts } from '../texts.ts';
import { type Both, type BssScore, METHODS, type MethodName, type Score } from './scoring.ts';

const PARTS = ['vocals', 'accompaniment'] as const;
const MEASURES = ['sdr', 'bss', 'sir', 'sar'] as const;

type Measure = (typeof MEASURES)[number];

/** The scores of all methods, both parts: numbers appear as they are measured. */
export class ScoreTable {
  readonly element: HTMLElement;
  readonly #cells = new Map<string, HTMLElement>();

  constructor(scope: Scope, texts: LearningTexts) {
    const over = h('tr', {}, h('td'));
    const heads = h('tr', {}, h('th', { scope: 'col' }));
    texts.bind(scope, () => setText(heads.firstElementChild as HTMLElement, texts.t('mix.method')));
    for (const part of PARTS) {
      const cell = h('th', { colspan: MEASURES.length, scope: 'colgroup' });
      texts.bind(scope, () => setText(cell, texts.t(`mask.${part}`)));
      over.append(cell);
      for (const measure of MEASURES) {
        const head = h('th', { scope: 'col' });
        texts.bind(scope, () => setText(head, texts.t(`mix.${measure}`)));
        heads.append(head);
      }
    }
    const body = h('tbody');
    for (const method of METHODS) {
      const name = h('th', { scope: 'row' });
      texts.bind(scope, () => setText(name, texts.t(`mix.by.${method}`)));
      const row = h('tr', { 'data-method': method }, name);
      for (const part of PARTS) {
        for (const measure of MEASURES) {
          const cell = h('td', { 'data-part': part, 'data-measure': measure });
          this.#cells.set(`${method} ${part} ${measure}`, cell);
          row.append(cell);
        }
      }
      body.append(row);
    }
    this.element = h(
      'div',
      { class: 'learn-table', tabindex: 0, role: 'group' },
      h('table', {}, h('thead', {}, over, heads), body),
    );
    texts.bind(scope, () => this.element.setAttribute('aria-label', texts.t('mix.scores')));
  }

  clear(): void {
    for (const cell of this.#cells.values()) {
      setText(cell, '');
      delete cell.dataset.value;
    }
  }

  score(method: MethodName, { vocals, accompaniment }: Both<Score>): void {
    this.#write(method, 'vocals', 'sdr', vocals.sdr);
    this.#write(method, 'accompaniment', 'sdr', accompaniment.sdr);
  }

  /** Undefined: nothing can be said, for a part is silent. */
  bss(method: MethodName, scores: Both<BssScore> | undefined): void {
    for (const part of PARTS) {
      this.#write(method, part, 'bss', scores?.[part].sdr ?? Number.NaN);
      this.#write(method, part, 'sir', scores?.[part].sir ?? Number.NaN);
      this.#write(method, part, 'sar', scores?.[part].sar ?? Number.NaN);
    }
  }

  #write(method: MethodName, part: 'vocals' | 'accompaniment', measure: Measure, value: number): void {
    const cell = this.#cells.get(`${method} ${part} ${measure}`);
    if (!cell) return;
    cell.dataset.value = String(value);
    setText(cell, Number.isNaN(value) ? '–' : Number.isFinite(value) ? signed(value, 2) : '∞');
  }
}
