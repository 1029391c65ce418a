import './mix.css';
import { clock, signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import { loadDemoStem } from '../demo-stems.ts';
import { LearningClient } from '../learning-client.ts';
import { manifestOf } from '../manifest-of.ts';
import { sectionBody, sectionPart } from '../section-layout.ts';
import { StemSource } from '../stem-source.ts';
import { bindState } from '../widgets/bind-state.ts';
import { textButton } from '../widgets/buttons.ts';
import { partChoice } from '../widgets/choice.ts';
import { ClipPlayer } from '../widgets/clip-player.ts';
import { listenBar } from '../widgets/listen-bar.ts';
import { slider } from '../widgets/slider.ts';
import { sourcePicker } from '../widgets/source-picker.ts';
import { levelCurvePanel } from './level-curve-panel.ts';
import { lossSpectrogram } from './loss-spectrogram.ts';
import { MIX_CLIPS, MixState } from './mix-state.ts';
import { measureLegend, scoreTable } from './score-table.ts';
import { METHODS } from './scoring.ts';
import { secondsChart } from './seconds-chart.ts';
import { separateWhole } from './separate-whole.ts';

/** Mix your own: a song whose truth is known, separated and scored. */
export function mount(scope: Scope, context: LearningContext): HTMLElement {
  const { texts, separationClient, decode, notices } = context;
  const loadDemo = (stem: 'vocals' | 'accompaniment') => loadDemoStem(context, stem);
  const sources = {
    vocals: new StemSource({ stem: 'vocals', loadDemo, decode }),
    accompaniment: new StemSource({ stem: 'accompaniment', loadDemo, decode }),
  };
  const state = new MixState(scope, {
    sources,
    startEngine: () => new LearningClient(),
    separate: (song, signal, onProgress) => separateWhole(separationClient, song, signal, onProgress),
    manifest: async () => (await manifestOf(separationClient, separationClient.model)).manifest,
    onError: (error) => !scope.disposed && notices.thrown(error),
  });
  const results = h(
    'div',
    { class: 'learn-body', hidden: true },
    scoreTable(scope, texts, state),
    measureLegend(scope, texts),
    h('div', { class: 'learn-tools' }, ...listenControls(scope, context, state)),
    secondsChart(scope, context, state),
  );
  const panel = h(
    'div',
    { class: 'card learn-panel' },
    h(
      'div',
      { class: 'learn-row' },
      ...Object.values(sources).map((source) => sourcePicker(scope, context, source, 'mix')),
    ),
    h('div', { class: 'learn-tools' }, ...runControls(scope, context, state)),
    results,
  );
  const loss = sectionPart(scope, texts, {
    title: 'mix.lossTitle',
    text: ['mix.lossText'],
    widget: h('div', { class: 'card learn-panel' }, lossSpectrogram(scope, texts, state)),
  });
  bindState(scope, texts, state, () => {
    panel.dataset.state = state.status.kind;
    results.hidden = !state.song;
  });
  const showLoss = () => {
    loss.hidden = !state.loss;
  };
  scope.add(state.on('results', showLoss));
  showLoss();
  return sectionBody(
    scope,
    texts,
    [
      sectionPart(scope, texts, { text: ['mix.p1', 'mix.p2'], widget: panel }),
      loss,
      levelCurvePanel(scope, context, state.curve),
    ],
    ['vincent', 'wang', 'jansson', 'post'],
  );
}

/** The level of the voice, start and stop, and how far the run is. */
function runControls(scope: Scope, context: LearningContext, state: MixState): readonly HTMLElement[] {
  const { texts } = context;
  const level = slider(scope, texts, {
    id: 'mix-level',
    label: 'mix.level',
    min: -20,
    max: 20,
    value: state.level,
    text: (value) => `${value > 0 ? '+' : ''}${signed(value, 0)} dB`,
    onInput: (value) => {
      state.level = value;
    },
  });
  const onStart = () => void state.run();
  const start = textButton(scope, texts, { id: 'mix-start', label: 'mix.start', class: 'primary', onClick: onStart });
  const stop = textButton(scope, texts, { id: 'mix-cancel', label: 'mix.stop', onClick: () => state.stop() });
  const bar = h('progress', { max: 1 });
  const text = h('p', { class: 'learn-reading', role: 'status', id: 'mix-status' });
  bindState(scope, texts, state, () => {
    start.hidden = state.running;
    stop.hidden = !state.running;
    bar.hidden = !state.running;
    bar.value = state.progress;
    bar.setAttribute('aria-label', texts.t('mix.start'));
    setText(text, statusText(context, state));
  });
  return [level.element, start, stop, bar, text];
}

function statusText({ texts }: LearningContext, { status }: MixState): string {
  switch (status.kind) {
    case 'idle':
    case 'failed':
      return '';
    case 'measuring':
      return texts.t('mix.measuring', { count: status.count, total: METHODS.length });
    case 'done':
      return texts.t('mix.done', { length: clock(status.seconds, 1) });
    default:
      return texts.t(`mix.${status.kind}`);
  }
}

/** Which part, and which method's sound. */
function listenControls(scope: Scope, context: LearningContext, state: MixState): readonly HTMLElement[] {
  const part = partChoice(scope, context.texts, 'mix-part', (value) => {
    state.part = value;
  });
  const place = h('div');
  let runScope: Scope | undefined;
  let player: ClipPlayer | undefined;
  scope.add(
    state.on('song', () => {
      // Another mix may have another sampling rate.
      runScope?.dispose();
      runScope = scope.child();
      player = new ClipPlayer(runScope, state.song?.sampleRate ?? 44100, () => context.song.player.pause());
      const text = (name: (typeof MIX_CLIPS)[number]) => (name === 'truth' ? 'mix.truth' : (`mix.by.${name}` as const));
      place.replaceChildren(listenBar(runScope, context, { id: 'mix-listen', clips: MIX_CLIPS, text, player }));
      player.update(state.clips);
    }),
  );
  scope.add(state.on('results', () => player?.update(state.clips)));
  return [part, place];
}
