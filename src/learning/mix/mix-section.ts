import './mix.css';
import { clock, signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import { LearningClient } from '../learning-client.ts';
import { sourceList } from '../sources.ts';
import { ClipPlayer } from '../widgets/clip-player.ts';
import { choice, paragraphs, slider, subheading, textButton } from '../widgets/fields.ts';
import { listenBar } from '../widgets/listen-bar.ts';
import { LevelCurve } from './level-curve.ts';
import { LineChart } from './line-chart.ts';
import { LossSpectrogram } from './loss-spectrogram.ts';
import type { KnownSong, Pair } from './mix-pair.ts';
import { ScoreTable } from './score-table.ts';
import { type Estimate, METHODS, type MethodName, type Score } from './scoring.ts';
import { separateWhole } from './separate-known.ts';
import { sourcePicker } from './source-picker.ts';

/** What is longer is cut: measuring takes as long as separating, and several sounds are in memory at once. */
const MAX_SECONDS = 30;
const CLIPS = ['mixture', 'truth', 'separated', 'idealRatio', 'idealBinary'] as const;
const LINES = {
  separated: { ink: '--vocals', dashed: false },
  mixture: { ink: '--muted', dashed: true },
  idealRatio: { ink: '--band', dashed: false },
  idealBinary: { ink: '--brand', dashed: true },
} as const;

type Part = 'vocals' | 'accompaniment';

/** Mix your own: a song whose truth is known, separated and judged. */
export function mount(scope: Scope, context: LearningContext): HTMLElement {
  const { texts, song: open, notices } = context;
  // A worker of its own: measuring holds it for seconds, and cancelling ends it.
  let lab = new LearningClient();
  scope.add(() => lab.dispose());
  let part: Part = 'vocals';
  let level = 0;
  let job: AbortController | undefined;
  scope.add(() => job?.abort());
  let pair: Promise<Pair> | undefined;
  let known: KnownSong | undefined;
  const estimates = new Map<MethodName, Estimate>();
  const seconds = new Map<MethodName, Readonly<Record<Part, Score>>>();

  /** Of the sounds of one run. */
  let clipScope = scope.child();
  let clips = new ClipPlayer(clipScope, 44100, () => open.player.pause());
  const listenPlace = h('div');
  const table = new ScoreTable(scope, texts);
  const chart = new LineChart(scope, 'mix-seconds');
  const loss = new LossSpectrogram(scope, context);
  const bar = h('progress', { max: 1, value: 0, hidden: true });
  const status = h('p', { class: 'learn-reading', role: 'status', id: 'mix-status' });
  const panel = h('section', { class: 'card learn-panel', 'data-state': 'idle' });
  const results = h('div', { class: 'learn-body', hidden: true });

  const reset = () => {
    if (job) stop();
    pair = undefined;
    curve.clear();
  };
  const voice = sourcePicker(scope, context, 'vocals', reset);
  const band = sourcePicker(scope, context, 'accompaniment', reset);
  const pairOf = (): Promise<Pair> => {
    pair ??= Promise.all([voice.sound(), band.sound()])
      .then(([a, b]) => curveLab.ask.fitPair({ voice: a, accompaniment: b, seconds: MAX_SECONDS }))
      .catch((error: unknown) => {
        pair = undefined;
        throw error;
      });
    return pair;
  };
  const curveLab = new LearningClient();
  scope.add(() => curveLab.dispose());
  const curve = new LevelCurve(scope, context, curveLab, pairOf);

  const run = async () => {
    const mine = new AbortController();
    job = mine;
    const { signal } = mine;
    panel.dataset.state = 'running';
    busy(true);
    table.clear();
    estimates.clear();
    seconds.clear();
    try {
      say('mix.mixing');
      const song = await lab.ask.mixPair(await pairOf(), level);
      signal.throwIfAborted();
      known = song;
      results.hidden = false;
      newClips(song.sampleRate);
      const audio = { sampleRate: song.sampleRate, channels: song.mixture };
      say('mix.separating');
      const whole = await separateWhole(context.client, audio, signal, (done) => {
        bar.value = done / 2;
      });
      await judge('separated', whole.estimate, song, signal);
      for (const method of METHODS) {
        if (method === 'separated') continue;
        await judge(method, await lab.ask.estimateOf(method, song), song, signal);
      }
      signal.throwIfAborted();
      await loss.show(song, whole, lab);
      panel.dataset.state = 'measured';
      for (const [index, method] of METHODS.entries()) {
        say('mix.measuring', { count: index + 1, total: METHODS.length });
        bar.value = 0.5 + (index + 0.5) / (2 * METHODS.length);
        const scores = await lab.ask.bssScoreOf(song, estimates.get(method) as Estimate);
        signal.throwIfAborted();
        table.bss(method, scores);
      }
      panel.dataset.state = 'done';
      say('mix.done', { length: clock(song.mixture[0].length / song.sampleRate, 1) });
    } catch (error) {
      if (job !== mine || signal.aborted || scope.disposed) return;
      panel.dataset.state = 'stopped';
      setText(status, '');
      notices.thrown(error);
    } finally {
      if (job === mine && !scope.disposed) {
        job = undefined;
        busy(false);
      }
    }
  };

  const judge = async (method: MethodName, estimate: Estimate, song: KnownSong, signal: AbortSignal) => {
    const score = await lab.ask.scoreOf(song, estimate);
    signal.throwIfAborted();
    estimates.set(method, estimate);
    seconds.set(method, score);
    table.score(method, score);
    drawSeconds();
    putClips();
  };

  const stop = () => {
    job?.abort();
    job = undefined;
    // Measuring does not look up: the worker ends with it, and what was asked of it is never answered.
    lab.dispose();
    lab = new LearningClient();
    pair = undefined;
    panel.dataset.state = 'stopped';
    busy(false);
    say('mix.stopped');
  };

  const newClips = (sampleRate: number) => {
    clipScope.dispose();
    clipScope = scope.child();
    clips = new ClipPlayer(clipScope, sampleRate, () => open.player.pause());
    const bar = listenBar(clipScope, context, {
      id: 'mix-listen',
      label: 'sound.listen',
      clips: CLIPS,
      text: (name) => (name === 'truth' ? 'mix.truth' : `mix.by.${name}`),
      player: clips,
    });
    listenPlace.replaceChildren(bar.element);
    putClips();
  };
  const putClips = () => {
    if (!known) return;
    clips.put('mixture', known.mixture);
    clips.put('truth', known[part]);
    for (const [method, estimate] of estimates) if (method !== 'mixture') clips.put(method, estimate[part]);
  };

  const drawSeconds = () => {
    const length = known ? known.mixture[0].length / known.sampleRate : MAX_SECONDS;
    const present = METHODS.filter((method) => seconds.has(method));
    const values = (method: MethodName) => [...(seconds.get(method)?.[part].seconds ?? [])];
    chart.show(
      present.map((method) => ({
        name: texts.t(`mix.by.${method}`),
        ...LINES[method],
        points: values(method).map((value, second) => [second + 0.5, value] as const),
      })),
      {
        x: [0, Math.max(1, length)],
        y: [-20, 30],
        xStep: length > 12 ? 5 : 1,
        yStep: 10,
        xText: (value) => clock(value),
        title: texts.t('mix.overTime', { part: texts.t(`mask.${part}`) }),
        xTitle: texts.t('mix.timeAxis'),
      },
      texts.t('mix.overTimeAlt', {
        told: present
          .map((method) => `${texts.t(`mix.by.${method}`)}: ${signed(seconds.get(method)?.[part].sdr ?? 0, 1)} dB`)
          .join(', '),
      }),
    );
  };

  const busy = (on: boolean) => {
    start.hidden = on;
    cancel.hidden = !on;
    bar.hidden = !on;
    bar.value = 0;
  };
  type StatusKey = 'mix.mixing' | 'mix.separating' | 'mix.measuring' | 'mix.done' | 'mix.stopped';
  let said = () => '';
  const say = (key: StatusKey, values: Readonly<Record<string, string | number>> = {}) => {
    said = () => texts.t(key, values);
    setText(status, said());
  };

  const levels = slider(scope, texts, {
    id: 'mix-level',
    label: 'mix.level',
    min: -20,
    max: 20,
    value: 0,
    text: (value) => `${value > 0 ? '+' : ''}${signed(value, 0)} dB`,
    onInput: (value) => {
      level = value;
    },
  });
  const start = textButton(scope, texts, 'mix-start', 'mix.start', () => void run());
  start.classList.add('primary');
  const cancel = textButton(scope, texts, 'mix-cancel', 'mix.stop', stop);
  cancel.hidden = true;
  const parts = choice(scope, texts, {
    name: 'mix-part',
    label: 'mix.part',
    values: ['vocals', 'accompaniment'],
    text: (value) => `mask.${value}` as const,
    value: part,
    onChoose: (value) => {
      part = value;
      putClips();
      drawSeconds();
    },
  });
  context.onRecolour(scope, () => chart.draw());
  texts.bind(scope, () => {
    bar.setAttribute('aria-label', texts.t('mix.start'));
    setText(status, said());
    drawSeconds();
  });

  panel.append(
    h('div', { class: 'learn-row' }, voice.element, band.element),
    h('div', { class: 'learn-tools' }, levels.element, start, cancel, bar, status),
    results,
  );
  results.append(
    table.element,
    h('div', { class: 'learn-tools' }, parts.element, listenPlace),
    chart.element,
    subheading(scope, texts, 'mix.lossTitle'),
    paragraphs(scope, texts, 'mix.lossText'),
    loss.element,
  );
  return h(
    'div',
    { class: 'learn-body' },
    paragraphs(scope, texts, 'mix.p1', 'mix.p2'),
    panel,
    curve.element,
    sourceList(scope, texts, 'vincent', 'wang', 'jansson', 'post'),
  );
}
