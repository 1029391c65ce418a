import type { Scope } from '../../core/scope.ts';
import type { LearningContext } from '../context.ts';
import { LineChart } from '../widgets/line-chart.ts';
import { roundEnd } from '../widgets/ticks.ts';
import type { TrainState } from './train-state.ts';

/** Steps that the axis shows at least. */
const MIN_STEPS = 50;
/** Loss that the axis shows at least. */
const MIN_LOSS = 0.01;
/** Most labels of the loss. */
const MAX_LABELS = 6;

/** The loss of each step as a thin line, its running mean as a thick one, that of the held-out example as dots. */
export function lossChart(scope: Scope, { texts, onRecolour }: LearningContext, state: TrainState): HTMLElement {
  const chart = new LineChart(scope, 'train-loss');
  const show = () => {
    const { losses, smoothed, heldOut } = state.history;
    const steps = Math.max(MIN_STEPS, losses.length, ...heldOut.map(({ step }) => step));
    const most = losses.concat(heldOut.map(({ loss }) => loss)).reduce((a, b) => Math.max(a, b), MIN_LOSS);
    const points = (values: readonly number[]) => values.map((loss, n) => [n + 1, loss] as const);
    chart.show(
      [
        { name: texts.t('train.line.step'), ink: '--accompaniment', marks: 'thin-line', points: points(losses) },
        { name: texts.t('train.line.mean'), ink: '--brand', marks: 'line', points: points(smoothed) },
        {
          name: texts.t('train.line.heldOut'),
          ink: '--vocals',
          marks: 'dots',
          points: heldOut.map(({ step, loss }) => [step, loss] as const),
        },
      ],
      {
        x: [0, steps],
        y: [0, roundEnd(most, MAX_LABELS)],
        xText: String,
        yText: String,
        title: texts.t('train.lossAxis'),
        xTitle: texts.t('train.stepAxis'),
      },
      texts.t('train.curveAlt', { steps: state.steps }),
    );
  };
  onRecolour(scope, () => chart.draw());
  scope.add(state.on('losses', show));
  texts.bind(scope, show);
  return chart.element;
}
