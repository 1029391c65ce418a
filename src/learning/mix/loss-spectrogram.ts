import { clock, hertz } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import { magma } from '../../ui/spectrogram/colour-maps.ts';
import { frequencyAxis } from '../../ui/spectrogram/frequency-axis.ts';
import { significant } from '../number-texts.ts';
import { levelByte } from '../sound/spectrogram.ts';
import type { LearningTexts } from '../texts.ts';
import { cellAt } from '../widgets/cells.ts';
import { SpectrogramCanvas } from '../widgets/spectrogram-canvas.ts';
import { SpectrogramLink } from '../widgets/spectrogram-link.ts';
import type { MixState } from './mix-state.ts';

/** Where the network is wrong: |mask × mixture − truth| of each cell, and its mean, the loss of the training. */
export function lossSpectrogram(scope: Scope, texts: LearningTexts, state: MixState): HTMLElement {
  const link = new SpectrogramLink(1);
  const spectrogram = new SpectrogramCanvas(scope, link);
  const reading = h('p', { class: 'learn-reading', 'aria-live': 'polite' });
  const means = h('p', { class: 'learn-reading', id: 'mix-loss' });

  const showTexts = () => {
    spectrogram.describe(texts.t('mix.lossCaption'), texts.t('mix.lossAlt'));
    if (!state.loss) return;
    const { mean, meanOfSilence, meanOfMixture } = state.loss.map;
    const [network, silence, mixture] = [mean, meanOfSilence, meanOfMixture].map((value) => significant(value, 2));
    const values = { mean: network, silence, mixture };
    setText(means, texts.t('mix.lossMeans', values));
    means.dataset.mean = String(mean);
  };
  let shown: MixState['loss'];
  const show = () => {
    if (!state.loss || state.loss === shown) return;
    shown = state.loss;
    const { map, scale } = state.loss;
    link.reset(scale.frames * scale.frameSeconds);
    const axis = frequencyAxis('mel', scale.firstBinHz + (scale.bins - 1) * scale.binHz);
    spectrogram.show({ ...scale, values: Uint8Array.from(map.loss, levelByte) }, magma, axis);
    showTexts();
  };
  const read = () => {
    const { cursor } = link;
    const { loss } = state;
    const cell = cursor && loss && cellAt(loss.scale, cursor.seconds, cursor.hz);
    if (!cell) return setText(reading, '');
    const value = loss.map.loss[cell.frame * loss.scale.bins + cell.bin];
    const values = { time: clock(cursor.seconds, 2), frequency: hertz(cursor.hz), loss: significant(value, 3) };
    setText(reading, texts.t('mix.lossReading', values));
  };
  scope.add(state.on('results', show));
  scope.add(link.on('cursor', read));
  texts.bind(scope, showTexts);
  return h('div', { class: 'stack' }, means, spectrogram.element, reading);
}
