import type { I18n } from '../i18n/i18n.ts';
import type { LayerSummary, TensorShape } from '../model/network-layers.ts';

/** “512 × 128 × 1”: bins × frames × channels. */
export function shapeText({ bins, frames, channels }: TensorShape): string {
  return `${bins} × ${frames} × ${channels}`;
}

/** A count as people say it: “9.83 M”, “0.754 G”, “448”; in Chinese by ten thousands: “983 万”. */
export function countText(count: number, language: string): string {
  if (count < 1e5) return count.toLocaleString(language);
  return new Intl.NumberFormat(language, { notation: 'compact', maximumSignificantDigits: 3 }).format(count);
}

/** The layer's name, counted from 1. */
export function layerName(i18n: I18n, { part, index }: LayerSummary): string {
  return i18n.t(`network.${part}`, { n: index + 1 });
}

/** What the layer does, step by step in the network's own order. */
export function layerSteps(i18n: I18n, layer: LayerSummary, order: 'norm-activation' | 'activation-norm'): string {
  const { kernel, stride, norm, activation, part } = layer;
  const slope = activation.kind === 'leaky-relu' ? activation.slope : '';
  const convolution = i18n.t(part === 'encoder' ? 'network.convolution' : 'network.transposed', { kernel, stride });
  const acts = i18n.t(`network.activation.${activation.kind}`, { slope });
  const normed = i18n.t('network.norm');
  const after = norm ? (order === 'norm-activation' ? [normed, acts] : [acts, normed]) : [acts];
  return [convolution, ...after].join(' → ');
}
