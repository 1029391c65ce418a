import { clock, signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { LearningContext } from '../context.ts';
import { LineChart } from '../widgets/line-chart.ts';
import { MAX_SECONDS, type MixState } from './mix-state.ts';
import { METHODS } from './scoring.ts';

const LINES = {
  separated: { ink: '--vocals', dashed: false },
  mixture: { ink: '--muted', dashed: true },
  idealRatio: { ink: '--accompaniment', dashed: false },
  idealBinary: { ink: '--brand', dashed: true },
} as const;

/** SDR of each second, one line for each method. */
export function secondsChart(scope: Scope, context: LearningContext, state: MixState): HTMLElement {
  const { texts } = context;
  const chart = new LineChart(scope, 'mix-seconds');
  const show = () => {
    const { song, part } = state;
    const length = song ? song.mixture[0].length / song.sampleRate : MAX_SECONDS;
    const lines = METHODS.flatMap((method) => {
      const score = state.scores.get(method)?.[part];
      return score ? [{ name: texts.t(`mix.by.${method}`), score, ...LINES[method] }] : [];
    });
    chart.show(
      lines.map(({ score, ...line }) => ({
        ...line,
        points: Array.from(score.seconds, (value, second) => [second + 0.5, value] as const),
      })),
      {
        x: [0, Math.max(1, length)],
        y: [-20, 30],
        xText: (value) => (Number.isInteger(value) ? clock(value) : ''),
        yText: (value) => signed(value, 0),
        title: texts.t('mix.overTime', { part: texts.t(`learn.${part}`) }),
        xTitle: texts.t('mix.timeAxis'),
      },
      texts.t('mix.overTimeAlt', {
        values: lines.map(({ name, score }) => `${name}: ${signed(score.sdr, 1)} dB`).join(', '),
      }),
    );
  };
  context.onRecolour(scope, () => chart.draw());
  scope.add(state.on('results', show));
  texts.bind(scope, show);
  return chart.element;
}
