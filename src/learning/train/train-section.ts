import './train.css';
import type { AudioData } from '../../audio/audio-data.ts';
import { baseName } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { WorkerCrashedError } from '../../core/worker-bridge.ts';
import { modelTitle } from '../../ui/models/model-texts.ts';
import { handOver } from '../../ui/player/save-target.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import { type DemoStem, loadDemoStem } from '../demo-stems.ts';
import { sourceList } from '../sources.ts';
import { choice, paragraphs, slider, subheading, textButton } from '../widgets/fields.ts';
import { ExampleSpectrograms } from './example-spectrograms.ts';
import { LossCurve } from './loss-curve.ts';
import type { TrainBackend, TrainExample, TrainReport } from './train.ts';
import { TrainClient } from './train-client.ts';

const BACKENDS = ['webgl', 'wasm', 'cpu'] as const;
const BATCHES = ['1', '2', '4', '8', '16'] as const;
const STEMS = ['vocals', 'accompaniment'] as const;
/** Of the first weights and of the mixes: the same training each time. */
const SEED = 1;

/** Section 6: a small U-Net is trained here and now. */
export function mount(scope: Scope, context: LearningContext): HTMLElement {
  const { texts, notices } = context;
  const client = new TrainClient();
  scope.add(() => client.dispose());
  const panel = h('section', { class: 'card learn-panel train', 'data-state': 'loading' });
  const status = h('p', { class: 'learn-reading', role: 'status', id: 'train-status' });
  const now = h('p', { class: 'learn-reading', id: 'train-now', 'data-step': 0 });
  const curve = new LossCurve();
  const pictures = new ExampleSpectrograms(scope, texts);
  const own: Partial<Record<DemoStem, { readonly name: string; readonly audio: AudioData }>> = {};
  let settings = { learningRate: 2e-3, batch: 4 };
  let backend: TrainBackend | undefined;
  let report: TrainReport | undefined;
  let fault = '';
  let heldLoss = 0;
  let running = false;

  const say = () => {
    const { state } = panel.dataset;
    const lines: string[] = [];
    if (state === 'loading') lines.push(texts.t('train.loading'));
    if (fault) lines.push(texts.t('train.cannot', { reason: fault }));
    if (backend) {
      lines.push(texts.t('train.backend', { backend: backend.backend }));
      if (!backend.ownGradient) lines.push(texts.t('train.noGradient', { backend: backend.backend }));
      for (const refused of backend.refused) lines.push(texts.t('train.refused', refused));
    }
    setText(status, lines.join(' '));
    setText(start, texts.t(running ? 'train.pause' : report ? 'train.goOn' : 'train.start'));
    curve.canvas.setAttribute('aria-label', texts.t('train.curveAlt', { steps: report?.step ?? 0 }));
    if (!report) return setText(now, '');
    const { step, loss, milliseconds } = report;
    setText(
      now,
      texts.t('train.now', {
        step,
        loss: loss.toFixed(4),
        held: heldLoss.toFixed(4),
        milliseconds: Math.round(milliseconds),
      }),
    );
  };
  const state = (next: 'loading' | 'ready' | 'running' | 'failed') => {
    panel.dataset.state = next;
    running = next === 'running';
    for (const button of panel.querySelectorAll<HTMLButtonElement>('[data-needs]')) {
      button.disabled = next === 'loading' || next === 'failed' || (button.dataset.needs === 'steps' && !report);
    }
    say();
  };
  const showExample = (example: TrainExample, step: number) => {
    heldLoss = example.loss;
    curve.hold(step, example.loss);
    pictures.show(example);
  };
  const onReport = (next: TrainReport) => {
    if (scope.disposed) return;
    const first = !report;
    report = next;
    curve.add(next.loss);
    if (next.example) showExample(next.example, next.step);
    const { ends } = curve;
    Object.assign(now.dataset, { step: next.step, first: ends?.first ?? '', last: ends?.last ?? '' });
    if (first) state('running');
    else say();
  };
  /** The training begins at its first step. */
  const forget = () => {
    report = undefined;
    curve.clear();
    now.dataset.step = '0';
  };
  /** One thing at a time: what is asked for stops the training first. */
  const act = async (what: () => Promise<void>) => {
    try {
      await what();
    } catch (error) {
      if (!scope.disposed) notices.thrown(error);
      if (error instanceof WorkerCrashedError) forget();
    }
    if (!scope.disposed && panel.dataset.state !== 'failed') state('ready');
  };

  const toggle = async () => {
    // Where the worker crashes meanwhile, the training has ended too, and says so.
    if (running) return void (await client.ask.pause().catch(() => undefined));
    state('running');
    await act(() => client.run(onReport));
  };
  const begin = () =>
    act(async () => {
      state('loading');
      const [voice, accompaniment] = await Promise.all(
        STEMS.map(async (stem) => own[stem]?.audio ?? (await loadDemoStem(context, stem))),
      );
      const example = await client.use(voice, accompaniment, SEED);
      forget();
      showExample(example, 0);
    });

  const start = h('button', { type: 'button', class: 'button primary', id: 'train-start', 'data-needs': 'sounds' });
  scope.listen(start, 'click', () => void toggle());
  const needing = (button: HTMLButtonElement, what: 'sounds' | 'steps') => {
    button.dataset.needs = what;
    return button;
  };
  const reset = needing(
    textButton(scope, texts, 'train-reset', 'train.reset', () => void begin()),
    'sounds',
  );
  const title = () => texts.t('train.name', { steps: report?.step ?? 0 });
  const use = textButton(
    scope,
    texts,
    'train-use',
    'train.use',
    () =>
      void act(async () => {
        const files = [...(await client.ask.files(title()))].map(([name, bytes]) => ({
          name,
          file: new Blob([bytes]),
        }));
        const entry = await context.client.addModel({ files, options: {} }, ['paper']);
        said = () => texts.t('train.added', { title: modelTitle(entry, context.i18n.language) });
        setText(outcome, said());
      }),
  );
  const save = textButton(
    scope,
    texts,
    'train-save',
    'train.save',
    () =>
      void act(async () => {
        handOver(scope, new Blob([await client.ask.zip(title())], { type: 'application/zip' }), 'trained-here.zip');
      }),
  );
  const chooser = h('input', { type: 'file', accept: '.zip', id: 'train-file', hidden: true });
  scope.listen(chooser, 'change', () => {
    const file = chooser.files?.[0];
    chooser.value = '';
    if (!file) return;
    void act(async () => {
      showExample(await client.ask.load(new Uint8Array(await file.arrayBuffer())), report?.step ?? 0);
      said = () => texts.t('train.loaded', { name: file.name });
      setText(outcome, said());
    });
  });
  const load = needing(
    textButton(scope, texts, 'train-load', 'train.load', () => chooser.click()),
    'sounds',
  );
  const outcome = h('p', { class: 'learn-reading', role: 'status' });
  let said = () => '';

  const rate = slider(scope, texts, {
    id: 'train-rate',
    label: 'train.rate',
    min: -4,
    max: -2,
    step: 0.1,
    value: Math.log10(settings.learningRate),
    text: (value) => (10 ** value).toPrecision(2),
    onInput: (value) => set({ learningRate: 10 ** value }),
  });
  const batch = choice(scope, texts, {
    name: 'train-batch',
    label: 'train.batch',
    values: BATCHES,
    text: (value) => `train.batch.${value}`,
    value: '4',
    onChoose: (value) => set({ batch: Number(value) }),
  });
  const batchName = h('span');
  const set = (change: Partial<typeof settings>) => {
    settings = { ...settings, ...change };
    void client.set(settings);
  };

  texts.bind(scope, () => {
    setText(batchName, texts.t('train.batch'));
    setText(outcome, said());
    say();
  });
  scope.observeResize(curve.canvas, () => curve.draw());
  context.onRecolour(scope, () => curve.draw());
  panel.append(
    h(
      'div',
      { class: 'train-sounds' },
      ...STEMS.map((stem) => soundChooser(scope, context, stem, own, () => void begin())),
    ),
    h(
      'div',
      { class: 'learn-tools' },
      start,
      reset,
      rate.element,
      h('div', { class: 'learn-field' }, batchName, batch.element),
    ),
    status,
    now,
    curve.canvas,
    subheading(scope, texts, 'train.example'),
    pictures.element,
    h('div', { class: 'learn-tools' }, needing(use, 'steps'), needing(save, 'steps'), load, chooser),
    outcome,
  );
  const asked = new URLSearchParams(location.search).get('backend');
  void (async () => {
    state('loading');
    try {
      backend = await client.open(asked ? [asked] : BACKENDS);
    } catch (error) {
      if (scope.disposed) return;
      fault = error instanceof Error ? error.message : String(error);
      state('failed');
      return;
    }
    await begin();
  })();
  return h(
    'div',
    { class: 'learn-body' },
    paragraphs(scope, texts, 'train.p1', 'train.p2', 'train.p3'),
    sourceList(scope, texts, 'post', 'jansson', 'chainer'),
    panel,
  );
}

/** The demo's stem, or a file of the person's own. */
function soundChooser(
  scope: Scope,
  { texts, decode, notices }: LearningContext,
  stem: DemoStem,
  own: Partial<Record<DemoStem, { readonly name: string; readonly audio: AudioData }>>,
  onChange: () => void,
): HTMLElement {
  const name = h('span', { class: 'train-sound-name' });
  const input = h('input', { type: 'file', accept: 'audio/*,video/mp4,video/webm', id: `train-${stem}`, hidden: true });
  const show = () => setText(name, texts.t(`train.sound.${stem}`, { name: own[stem]?.name ?? texts.t('train.demo') }));
  scope.listen(input, 'change', async () => {
    const file = input.files?.[0];
    input.value = '';
    if (!file) return;
    try {
      own[stem] = { name: baseName(file.name), audio: await decode(await file.arrayBuffer(), file.name) };
      show();
      onChange();
    } catch (error) {
      notices.thrown(error);
    }
  });
  texts.bind(scope, show);
  return h(
    'p',
    {},
    name,
    textButton(scope, texts, `train-choose-${stem}`, 'train.choose', () => input.click()),
    input,
  );
}
