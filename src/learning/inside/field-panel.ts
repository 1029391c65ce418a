import { clock } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import { viridis } from '../../ui/spectrogram/colour-maps.ts';
import { frequencyAxis } from '../../ui/spectrogram/frequency-axis.ts';
import type { LearningTexts } from '../texts.ts';
import { bindState } from '../widgets/bind-state.ts';
import { textButton } from '../widgets/buttons.ts';
import { paragraphs, subheading } from '../widgets/prose.ts';
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
    text.dataset.frames = String(state.field?.strong.frames ?? '');
    setText(text, fieldText(texts, state));
  });
  return h(
    'section',
    { class: 'card learn-panel' },
    subheading(scope, texts, 'inside.fieldTitle'),
    paragraphs(scope, texts, 'inside.fieldText'),
    h('div', { class: 'learn-row' }, mask.element, input.element),
    middle,
    text,
  );
}

function fieldText(texts: LearningTexts, { field, manifest }: InsideState): string {
  if (!field) return texts.t('inside.choose');
  const { strong, any, seconds, hz } = field;
  return texts.t('inside.field', {
    time: clock(seconds, 2),
    hz: Math.round(hz),
    frames: strong.frames,
    seconds: ((strong.frames * manifest.stft.hop) / manifest.sampleRate).toFixed(1),
    bins: strong.bins,
    anyFrames: any.frames,
    anyBins: any.bins,
  });
}
