import { signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import { sectionPart } from '../section-layout.ts';
import { bindState } from '../widgets/bind-state.ts';
import { textButton } from '../widgets/buttons.ts';
import { LineChart } from '../widgets/line-chart.ts';
import { LEVELS, type LevelCurveState, type LevelPoint } from './level-curve-state.ts';

/** SDR against mixing level, point by point. */
export function levelCurvePanel(scope: Scope, context: LearningContext, state: LevelCurveState): HTMLElement {
  const { texts } = context;
  const chart = new LineChart(scope, 'mix-curve');
  const bar = h('progress', { max: LEVELS.length });
  const status = h('p', { class: 'learn-reading', role: 'status' });
  const start = textButton(scope, texts, {
    id: 'mix-curve-start',
    label: 'mix.curveStart',
    onClick: () => void state.run(),
  });
  const stop = textButton(scope, texts, { id: 'mix-curve-stop', label: 'mix.stop', onClick: () => state.stop() });
  const panel = h(
    'div',
    { class: 'card learn-panel' },
    h('div', { class: 'learn-tools' }, start, stop, bar, status),
    chart.element,
  );
  context.onRecolour(scope, () => chart.draw());
  let shown: readonly LevelPoint[] | undefined;
  let language = '';
  bindState(scope, texts, state, () => {
    const { points, level } = state;
    const running = state.status === 'running';
    panel.dataset.curve = state.status;
    start.hidden = running;
    stop.hidden = !running;
    bar.hidden = !running;
    bar.value = state.progress;
    bar.setAttribute('aria-label', texts.t('mix.curveTitle'));
    setText(status, level === undefined ? '' : texts.t('mix.curveNow', { level: signed(level, 0) }));
    if (points === shown && language === texts.language) return;
    shown = points;
    language = texts.language;
    panel.dataset.points = JSON.stringify(points);
    chart.element.hidden = points.length === 0;
    showPoints(context, chart, points);
  });
  return sectionPart(scope, texts, { title: 'mix.curveTitle', text: ['mix.curveText'], widget: panel });
}

function showPoints({ texts }: LearningContext, chart: LineChart, points: readonly LevelPoint[]): void {
  const line = (value: (point: LevelPoint) => number) => points.map((point) => [point.level, value(point)] as const);
  const alternative = points.map(({ level, separated, mixture }) => {
    const values = { level: signed(level, 0), separated: signed(separated, 1), mixture: signed(mixture, 1) };
    return texts.t('mix.curvePoint', values);
  });
  chart.show(
    [
      { name: texts.t('mix.by.separated'), ink: '--vocals', points: line(({ separated }) => separated) },
      { name: texts.t('mix.by.mixture'), ink: '--muted', dashed: true, points: line(({ mixture }) => mixture) },
    ],
    {
      x: [LEVELS[0], LEVELS[LEVELS.length - 1]],
      y: [-20, 25],
      xText: (value) => signed(value, 0),
      yText: (value) => signed(value, 0),
      title: texts.t('mix.curveAxis'),
      xTitle: texts.t('mix.levelAxis'),
    },
    alternative.join(' '),
  );
}
