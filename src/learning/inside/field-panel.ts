import { clock, hertz } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import { viridis } from '../../ui/spectrogram/colour-maps.ts';
import { frequencyAxis } from '../../ui/spectrogram/frequency-axis.ts';
import { sectionPart } from '../section-layout.ts';
import type { LearningTexts } from '../texts.ts';
import { bindState } from '../widgets/bind-state.ts';
import { textButton } from '../widgets/buttons.ts';
import { SpectrogramCanvas } from '../widgets/spectrogram-canvas.ts';
import type { InsideState } from './inside-state.ts';
import { receptiveFieldMap } from './receptive-field-colours.ts';

/** The mask to choose a cell of, and the input with the receptive field of that cell. */
export function fieldPanel(scope: Scope, texts: LearningTexts, state: InsideState): HTMLElement {
  const mask = new SpectrogramCanvas(scope, state.link);
  const input = new SpectrogramCanvas(scope, state.link);
  const text = h('p', { class: 'learn-reading', id: 'inside-field', role: 'status' });
  const choose = () => void state.chooseCell();
  scope.listen(mask.canvas, 'click', choose);
  scope.listen(mask.canvas, 'keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    choose();
  });
  const middle = textButton(scope, texts, {
    id: 'inside-look',
    label: 'inside.middle',
    onClick: () => void state.computeField(),
  });
  scope.add(
    state.on('cells', () => {
      if (!state.mask || !state.input) return;
      const { firstBinHz, bins, binHz } = state.mask;
      const axis = frequencyAxis('mel', firstBinHz + bins * binHz);
      mask.show(state.mask, viridis, axis);
      input.show(state.input, receptiveFieldMap, axis);
    }),
  );
  bindState(scope, texts, state, () => {
    mask.describe(texts.t('inside.maskCaption'), texts.t('inside.maskAlt'));
    input.describe(texts.t('inside.inputCaption'), texts.t('inside.inputAlt'));
    for (const canvas of [mask, input]) canvas.mark(state.chosen, texts.t('inside.chosen'));
    text.dataset.frames = String(state.field?.strong.frames ?? '');
    setText(text, fieldText(texts, state));
  });
  const panel = h(
    'div',
    { class: 'card learn-panel' },
    h('div', { class: 'learn-row' }, mask.element, input.element),
    middle,
    text,
  );
  return sectionPart(scope, texts, { title: 'inside.fieldTitle', text: ['inside.fieldText'], widget: panel });
}

function fieldText(texts: LearningTexts, { chosen, field, manifest }: InsideState): string {
  if (!field) return texts.t(chosen ? 'inside.computing' : 'inside.choose');
  const { strong, any, seconds, hz } = field;
  return texts.t('inside.field', {
    time: clock(seconds, 2),
    frequency: hertz(hz),
    frames: strong.frames,
    seconds: ((strong.frames * manifest.stft.hop) / manifest.sampleRate).toFixed(1),
    bins: strong.bins,
    anyFrames: any.frames,
    anyBins: any.bins,
  });
}
