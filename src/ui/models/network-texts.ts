import type { I18n } from '../../i18n/i18n.ts';
import type { LayerSummary, TensorShape } from '../../model/graph/summary.ts';

/** “512 × 128 × 1”: bins × frames × channels. */
export function shapeText({ bins, frames, channels }: TensorShape): string {
  return `${bins} × ${frames} × ${channels}`;
}

/** A count in compact form: “9.83 M”, “0.754 G”, “448”; in Chinese by ten thousands: “983 万”. */
export function countText(count: number, language: string): string {
  if (count < 1e5) return count.toLocaleString(language);
  return new Intl.NumberFormat(language, { notation: 'compact', maximumSignificantDigits: 3 }).format(count);
}

/** The layer's name, counted from 1. */
export function layerName(i18n: I18n, { part, index }: LayerSummary): string {
  return i18n.t(`network.${part}`, { n: index + 1 });
}

/** The operations of a layer, in the order of the network. */
export function layerSteps(
  i18n: I18n,
  { kernel, stride, dilation, steps, activation, convolution }: LayerSummary,
): string {
  const kind =
    convolution === 'convolution' ? (dilation > 1 ? 'network.dilated' : 'network.convolution') : 'network.transposed';
  const slope = activation?.kind === 'leaky-relu' ? activation.slope : '';
  const after = steps.map((step) =>
    step === 'batch-norm' ? i18n.t('network.norm') : i18n.t(`network.activation.${activation!.kind}`, { slope }),
  );
  return [i18n.t(kind, { kernel, stride, dilation }), ...after].join(' → ');
}
