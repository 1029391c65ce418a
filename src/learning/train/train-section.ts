import './train.css';
import { baseName } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { modelTitle } from '../../ui/models/model-texts.ts';
import { handOver } from '../../ui/player/save-target.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import { loadDemoStem } from '../demo-stems.ts';
import { sourceList } from '../sources.ts';
import { StemSource } from '../stem-source.ts';
import type { LearningTexts } from '../texts.ts';
import { bindState } from '../widgets/bind-state.ts';
import { fileButton, textButton } from '../widgets/buttons.ts';
import { choice } from '../widgets/choice.ts';
import { paragraphs, subheading } from '../widgets/prose.ts';
import { slider } from '../widgets/slider.ts';
import { heldOutExample } from './held-out-example.ts';
import { LossCurve } from './loss-curve.ts';
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
  const panel = h(
    'section',
    { class: 'card learn-panel train' },
    h('div', { class: 'train-sounds' }, ...Object.values(sources).map((source) => soundPicker(scope, context, source))),
    h('div', { class: 'learn-tools' }, ...trainControls(scope, texts, state)),
    ...progressReport(scope, context, state),
    subheading(scope, texts, 'train.example'),
    heldOutExample(scope, texts, state),
    ...modelControls(scope, texts, state),
  );
  bindState(scope, texts, state, () => {
    panel.dataset.state = state.status;
  });
  void state.open();
  return h(
    'div',
    { class: 'learn-body' },
    paragraphs(scope, texts, 'train.p1', 'train.p2', 'train.p3'),
    sourceList(scope, texts, 'post', 'jansson', 'chainer'),
    panel,
  );
}

/** The demo song's stem, or a file of the person's own. */
function soundPicker(scope: Scope, { texts, notices }: LearningContext, source: StemSource): HTMLElement {
  const { stem } = source;
  const name = h('span', { class: 'train-sound-name' });
  bindState(scope, texts, source, () => {
    const sound = source.file ? baseName(source.file.name) : texts.t('train.demo');
    setText(name, texts.t(`train.sound.${stem}`, { name: sound }));
  });
  const chooser = fileButton(scope, texts, {
    id: `train-choose-${stem}`,
    inputId: `train-${stem}`,
    label: 'learn.chooseFile',
    accept: 'audio/*,video/mp4,video/webm',
    onFile: (file) => {
      source.choose(file).catch((error: unknown) => !scope.disposed && notices.thrown(error));
    },
  });
  return h('p', {}, name, ...chooser);
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
    text: (value) => (10 ** value).toPrecision(2),
    onInput: (value) => void state.change({ learningRate: 10 ** value }),
  });
  const batches = choice(scope, texts, {
    name: 'train-batch',
    label: 'train.batch',
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
  const curve = new LossCurve(() => state.history);
  scope.observeResize(curve.canvas, () => curve.draw());
  context.onRecolour(scope, () => curve.draw());
  scope.add(state.on('losses', () => curve.draw()));
  bindState(scope, texts, state, () => {
    setText(status, statusText(texts, state));
    setText(now, stepText(texts, state));
    const { ends } = state.history;
    Object.assign(now.dataset, { step: state.steps, first: ends?.first ?? '', last: ends?.last ?? '' });
    curve.canvas.setAttribute('aria-label', texts.t('train.curveAlt', { steps: state.steps }));
  });
  return [status, now, curve.canvas];
}

function statusText(texts: LearningTexts, { status, failure, backend }: TrainState): string {
  const sentences: string[] = [];
  if (status === 'loading') sentences.push(texts.t('train.loading'));
  if (status === 'failed') sentences.push(texts.t('train.cannot', { reason: failure }));
  if (backend) {
    sentences.push(texts.t('train.backend', { backend: backend.backend }));
    if (!backend.ownGradient) sentences.push(texts.t('train.noGradient', { backend: backend.backend }));
    for (const refused of backend.refused) sentences.push(texts.t('train.refused', refused));
  }
  return sentences.join(' ');
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
