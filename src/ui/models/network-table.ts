import type { I18n } from '../../i18n/i18n.ts';
import { type LayerSummary, networkTotals } from '../../model/graph/summary.ts';
import { h } from '../shell/dom.ts';
import { layerName, shapeText } from './network-texts.ts';

/** The layers as a table, with bars for their shares of parameters and of multiply-adds. */
export function networkTable(i18n: I18n, layers: readonly LayerSummary[]): HTMLTableElement {
  const { language } = i18n;
  const totals = networkTotals(layers);
  const number = (value: number) => value.toLocaleString(language);
  const heads = ['layer', 'in', 'out', 'kernel', 'parameters', 'multiplyAdds'] as const;
  const shared = (value: number, whole: number) => {
    const cell = h('td', { class: 'number share' }, number(value));
    cell.style.setProperty('--share', String(value / whole));
    return cell;
  };
  const rows = layers.map((layer) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, layerName(i18n, layer)),
      h('td', {}, shapeText(layer.input)),
      h('td', {}, shapeText(layer.output)),
      h('td', {}, `${layer.kernel} × ${layer.kernel}`),
      shared(layer.parameters, totals.parameters),
      shared(layer.multiplyAdds, totals.multiplyAdds),
    ),
  );
  return h(
    'table',
    {},
    h('thead', {}, h('tr', {}, ...heads.map((key) => h('th', { scope: 'col' }, i18n.t(`network.${key}`))))),
    h('tbody', {}, ...rows),
    h(
      'tfoot',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'row', colspan: 4 }, i18n.t('network.total')),
        h('td', { class: 'number' }, number(totals.parameters)),
        h('td', { class: 'number' }, number(totals.multiplyAdds)),
      ),
    ),
  );
}
