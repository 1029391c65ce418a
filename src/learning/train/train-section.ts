import './train.css';
import type { Scope } from '../../core/scope.ts';
import { modelTitle } from '../../ui/models/model-texts.ts';
import { handOver } from '../../ui/player/save-target.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import { loadDemoStem } from '../demo-stems.ts';
import { joinSentences, significant } from '../number-texts.ts';
import { sectionBody, sectionPart } from '../section-layout.ts';
import { StemSource } from '../stem-source.ts';
import type { LearningTexts } from '../texts.ts';
import { bindState } from '../widgets/bind-state.ts';
import { fileButton, textButton } from '../widgets/buttons.ts';
import { choice } from '../widgets/choice.ts';
import { slider } from '../widgets/slider.ts';
import { sourcePicker } from '../widgets/source-picker.ts';
import { heldOutExample } from './held-out-example.ts';
import { lossChart } from './loss-chart.ts';
import { TrainClient } from './train-client.ts';
import { TrainState } from './train-state.ts';

const BACKENDS = ['webgl', 'wasm', 'cpu'] as const;
const BATCHES = ['1', '2', '4', '8', '16'] as const;

/** Train one: a small U-Net is trained in the browser. */
export function mount(scope: Scope, context: LearningContext): HTMLElement {
  const { texts, separationClient, i18n, decode, notices } = context;
  const client = new TrainClient();
  scope.add(() => client.dispose());
  const loadDemo = (stem: 'vocals' | 'accompaniment') => loadDemoStem(context, stem);
  const sources = {
    vocals: new StemSource({ stem: 'vocals', loadDemo, decode }),
    accompaniment: new StemSource({ stem: 'accompaniment', loadDemo, decode }),
  };
  const asked = new URLSearchParams(location.search).get('backend');
  const state = new TrainState(scope, {
    sources,
    engine: client,
    backends: asked ? [asked] : BACKENDS,
    title: (steps) => texts.t('train.name', { steps }),
    addModel: async (files) => {
      const entry = await separationClient.addModel({ files, options: {} }, ['paper']);
      return () => modelTitle(entry, i18n.language);
    },
    save: (file, name) => handOver(scope, file, name),
    onError: (error) => notices.thrown(error),
  });
  const pickers = Object.values(sources).map((source) => sourcePicker(scope, context, source, 'train'));
  const panel = h(
    'div',
    { class: 'card learn-panel train' },
    h('div', { class: 'learn-row' }, ...pickers),
    h('div', { class: 'learn-tools' }, ...trainControls(scope, texts, state)),
    ...progressReport(scope, context, state),
    ...modelControls(scope, texts, state),
  );
  bindState(scope, texts, state, () => {
    panel.dataset.state = state.status;
  });
  void state.open();
  return sectionBody(
    scope,
    texts,
    [
      sectionPart(scope, texts, { text: ['train.p1', 'train.p2', 'train.p3'], widget: panel }),
      sectionPart(scope, texts, {
        title: 'train.example',
        text: ['train.exampleText'],
        widget: heldOutExample(scope, context, state),
      }),
    ],
    ['jansson', 'post', 'chainer'],
  );
}

/** Start, pause and reset; learning rate and batch size. */
function trainControls(scope: Scope, texts: LearningTexts, state: TrainState): readonly HTMLElement[] {
  const start = h('button', { type: 'button', class: 'button primary', id: 'train-start' });
  scope.listen(start, 'click', () => void state.toggle());
  const reset = textButton(scope, texts, {
    id: 'train-reset',
    label: 'train.reset',
    onClick: () => void state.begin(),
  });
  const rate = slider(scope, texts, {
    id: 'train-rate',
    label: 'train.rate',
    min: -4,
    max: -2,
    step: 0.1,
    value: Math.log10(state.settings.learningRate),
    text: (value) => significant(10 ** value, 2),
    onInput: (value) => void state.change({ learningRate: 10 ** value }),
  });
  const batches = choice(scope, texts, {
    name: 'train-batch',
    label: 'train.batch',
    narrow: true,
    values: BATCHES,
    text: (value) => `train.batch.${value}` as const,
    value: BATCHES.find((value) => Number(value) === state.settings.batch) ?? '4',
    onChoose: (value) => void state.change({ batch: Number(value) }),
  });
  const batchLabel = h('span');
  bindState(scope, texts, state, () => {
    const unavailable = state.status === 'loading' || state.status === 'failed';
    start.disabled = unavailable;
    reset.disabled = unavailable;
    const running = state.status === 'running';
    setText(start, texts.t(running ? 'train.pause' : state.report ? 'train.continue' : 'train.start'));
    setText(batchLabel, texts.t('train.batch'));
  });
  return [start, reset, rate.element, h('div', { class: 'learn-field' }, batchLabel, batches.element)];
}

/** The backend, the last step, and the curve of the losses. */
function progressReport(scope: Scope, context: LearningContext, state: TrainState): readonly HTMLElement[] {
  const { texts } = context;
  const status = h('p', { class: 'learn-reading', role: 'status', id: 'train-status' });
  const now = h('p', { class: 'learn-reading', id: 'train-now' });
  bindState(scope, texts, state, () => {
    setText(status, statusText(texts, state));
    setText(now, stepText(texts, state));
    const { ends } = state.history;
    Object.assign(now.dataset, { step: state.steps, first: ends?.first ?? '', last: ends?.last ?? '' });
  });
  return [status, now, lossChart(scope, context, state)];
}

function statusText(texts: LearningTexts, { status, backend: chosen }: TrainState): string {
  const sentences: string[] = [];
  if (status === 'loading') sentences.push(texts.t('train.loading'));
  if (status === 'failed') sentences.push(texts.t('train.cannot'));
  if (chosen?.backend) {
    const { backend, ownGradient } = chosen;
    sentences.push(texts.t('train.backend', { backend }));
    if (!ownGradient) sentences.push(texts.t('train.noGradient', { backend }));
  }
  for (const refusal of chosen?.refused ?? []) {
    const reason = refusal.why === 'error' ? refusal.message : texts.t(`train.refused.${refusal.why}`);
    sentences.push(texts.t('train.refused', { backend: refusal.backend, reason }));
  }
  return joinSentences(...sentences);
}

function stepText(texts: LearningTexts, { report, example }: TrainState): string {
  if (!report) return '';
  const { step, loss, milliseconds } = report;
  return texts.t('train.now', {
    step,
    loss: loss.toFixed(4),
    held: (example?.loss ?? 0).toFixed(4),
    milliseconds: Math.round(milliseconds),
  });
}

/** Buttons that use, save and load the trained model, and what came of it. */
function modelControls(scope: Scope, texts: LearningTexts, state: TrainState): readonly HTMLElement[] {
  const onUse = () => void state.addModel();
  const use = textButton(scope, texts, { id: 'train-use', label: 'train.use', onClick: onUse });
  const onSave = () => void state.saveZip();
  const save = textButton(scope, texts, { id: 'train-save', label: 'train.save', onClick: onSave });
  const [load, input] = fileButton(scope, texts, {
    id: 'train-load',
    inputId: 'train-file',
    label: 'train.load',
    accept: '.zip',
    onFile: (file) => void state.loadZip(file),
  });
  const outcome = h('p', { class: 'learn-reading', role: 'status' });
  bindState(scope, texts, state, () => {
    const unavailable = state.status === 'loading' || state.status === 'failed';
    load.disabled = unavailable;
    for (const button of [use, save]) button.disabled = unavailable || !state.report;
    setText(outcome, outcomeText(texts, state));
  });
  return [h('div', { class: 'learn-tools' }, use, save, load, input), outcome];
}

function outcomeText(texts: LearningTexts, { outcome }: TrainState): string {
  if (!outcome) return '';
  if (outcome.kind === 'loaded') return texts.t('train.loaded', { name: outcome.name });
  return texts.t('train.added', { title: outcome.title() });
}
