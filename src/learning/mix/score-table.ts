import { signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningTexts } from '../texts.ts';
import type { MixState, Part } from './mix-state.ts';
import { METHODS, type MethodName } from './scoring.ts';

const PARTS = ['vocals', 'accompaniment'] as const;
const MEASURES = ['sdr', 'bss', 'sir', 'sar'] as const;

type Measure = (typeof MEASURES)[number];

/** The scores of all methods and both parts. Numbers appear as they are measured. */
export function scoreTable(scope: Scope, texts: LearningTexts, state: MixState): HTMLElement {
  const label = (element: HTMLElement, text: () => string) => {
    texts.bind(scope, () => setText(element, text()));
    return element;
  };
  const columns = PARTS.flatMap((part) => MEASURES.map((measure) => ({ part, measure })));
  const parts = h(
    'tr',
    {},
    h('td'),
    ...PARTS.map((part) =>
      label(h('th', { colspan: MEASURES.length, scope: 'colgroup' }), () => texts.t(`learn.${part}`)),
    ),
  );
  const heads = h(
    'tr',
    {},
    label(h('th', { scope: 'col' }), () => texts.t('mix.method')),
    ...columns.map(({ measure }) => label(h('th', { scope: 'col' }), () => texts.t(`mix.${measure}`))),
  );
  const rows = METHODS.map((method) => {
    const cells = columns.map(({ part, measure }) => {
      const cell = h('td', { 'data-part': part, 'data-measure': measure });
      const show = () => write(cell, scoreOf(state, method, part, measure));
      scope.add(state.on('results', show));
      scope.add(state.on('changed', show));
      return cell;
    });
    const name = label(h('th', { scope: 'row' }), () => texts.t(`mix.by.${method}`));
    return h('tr', { 'data-method': method }, name, ...cells);
  });
  const element = h(
    'div',
    { class: 'learn-table', tabindex: 0, role: 'group' },
    h('table', {}, h('thead', {}, parts, heads), h('tbody', {}, ...rows)),
  );
  texts.bind(scope, () => element.setAttribute('aria-label', texts.t('mix.scores')));
  return element;
}

/** What the measures of the table mean. */
export function measureLegend(scope: Scope, texts: LearningTexts): HTMLElement {
  const list = h('dl', { class: 'measures' });
  for (const measure of MEASURES) {
    const [term, meaning] = [h('dt'), h('dd')];
    texts.bind(scope, () => {
      setText(term, texts.t(`mix.${measure}`));
      setText(meaning, texts.t(`mix.${measure}Means`));
    });
    list.append(term, meaning);
  }
  return list;
}

/** Decibels; undefined where they are not measured yet, NaN where a part is silent. */
function scoreOf(state: MixState, method: MethodName, part: Part, measure: Measure): number | undefined {
  if (measure === 'sdr') return state.scores.get(method)?.[part].sdr;
  if (!state.bssScores.has(method)) return undefined;
  return state.bssScores.get(method)?.[part][measure === 'bss' ? 'sdr' : measure] ?? Number.NaN;
}

function write(cell: HTMLElement, value: number | undefined): void {
  if (value === undefined) {
    setText(cell, '');
    delete cell.dataset.value;
    return;
  }
  cell.dataset.value = String(value);
  setText(cell, Number.isNaN(value) ? '–' : Number.isFinite(value) ? signed(value, 1) : '∞');
}
