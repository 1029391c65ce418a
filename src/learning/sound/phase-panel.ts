import { signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setAttributes, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import { sectionPart } from '../section-layout.ts';
import type { LearningTexts } from '../texts.ts';
import { bindState } from '../widgets/bind-state.ts';
import { ClipPlayer } from '../widgets/clip-player.ts';
import { listenBar } from '../widgets/listen-bar.ts';
import { slider } from '../widgets/slider.ts';
import { PHASE_CLIPS, type PhaseState } from './phase-state.ts';
import { PHASE_SOURCES } from './reconstruct-phase.ts';

const TEXTS = {
  song: 'sound.hearMixture',
  own: 'sound.hearOwn',
  mixture: 'sound.hearBorrowed',
  zero: 'sound.hearZero',
  griffinLim: 'sound.hearGriffinLim',
} as const;

const MAX_ITERATIONS = 100;
/** Beyond this, decibels say no more than “right” or “wrong”. */
const MAX_SHOWN_DB = 100;

/**
 * Four phases to listen to, with their errors.
 *
 * @param onPosition receives the position that is heard, seconds
 */
export function phasePanel(
  scope: Scope,
  context: LearningContext,
  state: PhaseState,
  onPosition: (seconds: number | undefined) => void,
): HTMLElement {
  const { texts, song } = context;
  const player = new ClipPlayer(scope, song.store.sampleRate, () => song.player.pause());
  const text = (name: (typeof PHASE_CLIPS)[number]) => TEXTS[name];
  const listen = listenBar(scope, context, { id: 'sound-listen', clips: PHASE_CLIPS, text, player, onPosition });
  const iterations = slider(scope, texts, {
    id: 'sound-rounds',
    label: 'sound.rounds',
    min: 0,
    max: MAX_ITERATIONS,
    value: state.iterations,
    text: String,
    onInput: (value) => {
      state.iterations = value;
    },
  });
  const table = resultTable(scope, texts, state);
  const status = h('p', { class: 'learn-reading', role: 'status' });
  const panel = h(
    'div',
    { class: 'card learn-panel' },
    h('div', { class: 'learn-tools' }, listen, iterations.element),
    table,
    status,
  );
  const statusKey = () => {
    if (state.status === 'waiting') return 'learn.waitsForVocals';
    // Whether the figures are the truth's is not known before they are there.
    if (state.status !== 'ready') return state.status === 'failed' ? undefined : 'sound.computing';
    return state.isTruth ? 'sound.againstTruth' : 'sound.againstSeparated';
  };
  bindState(scope, texts, state, () => {
    panel.dataset.state = state.status;
    player.update(state.clips);
    const key = statusKey();
    setText(status, key ? texts.t(key) : '');
  });
  return sectionPart(scope, texts, {
    title: 'sound.phaseTitle',
    text: ['sound.phase1', 'sound.phase2'],
    widget: panel,
  });
}

function resultTable(scope: Scope, texts: LearningTexts, state: PhaseState): HTMLElement {
  const head = h('tr');
  for (const key of ['sound.phaseColumn', 'sound.sdr', 'sound.spectralError'] as const) {
    const cell = h('th', { scope: 'col' });
    texts.bind(scope, () => setText(cell, texts.t(key)));
    head.append(cell);
  }
  const body = h('tbody');
  for (const source of PHASE_SOURCES) {
    const name = h('th', { scope: 'row' });
    const cells = [h('td'), h('td')];
    bindState(scope, texts, state, () => {
      setText(name, texts.t(TEXTS[source]));
      const result = state.results.get(source);
      const values = [result?.sdr, result?.spectralError];
      values.forEach((decibels, n) => {
        setText(cells[n], decibels === undefined ? '…' : decibelText(decibels));
        setAttributes(cells[n], { 'data-value': decibels });
      });
    });
    body.append(h('tr', { 'data-phase': source }, name, ...cells));
  }
  return h('div', { class: 'learn-table' }, h('table', {}, h('thead', {}, head), body));
}

function decibelText(decibels: number): string {
  // A silent excerpt has no ratio.
  if (Number.isNaN(decibels)) return '–';
  if (Math.abs(decibels) <= MAX_SHOWN_DB) return signed(decibels, 1);
  return decibels > 0 ? `> ${MAX_SHOWN_DB}` : `< −${MAX_SHOWN_DB}`;
}
