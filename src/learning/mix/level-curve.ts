import { signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { SeparationClient } from '../../separation/separation-client.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import type { LearningClient } from '../learning-client.ts';
import type { LearningTexts } from '../texts.ts';
import { paragraphs, subheading, textButton } from '../widgets/fields.ts';
import { LineChart } from './line-chart.ts';
import type { Pair } from './mix-pair.ts';
import { separateWhole } from './separate-known.ts';

/** Level of the voice over that of the accompaniment's file, decibels. */
const LEVELS = [-15, -10, -5, 0, 5, 10, 15] as const;

/** What is known at a level, decibels. */
export interface LevelPoint {
  readonly level: number;
  readonly separated: number;
  readonly mixture: number;
}

/** SDR against mixing level: the pair is mixed and separated again at each level, in the background. */
export class LevelCurve {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #texts: LearningTexts;
  readonly #client: SeparationClient;
  readonly #lab: LearningClient;
  readonly #context: LearningContext;
  readonly #chart: LineChart;
  readonly #bar = h('progress', { max: LEVELS.length, value: 0, hidden: true });
  readonly #status = h('p', { class: 'learn-reading', role: 'status' });
  readonly #start: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  #points: LevelPoint[] = [];
  #job: AbortController | undefined;

  /** @param pair what is to be mixed; asked for when it begins */
  constructor(scope: Scope, context: LearningContext, lab: LearningClient, pair: () => Promise<Pair>) {
    const { texts, client } = context;
    this.#scope = scope;
    this.#texts = texts;
    this.#client = client;
    this.#lab = lab;
    this.#context = context;
    this.#chart = new LineChart(scope, 'mix-curve');
    this.#start = textButton(scope, texts, 'mix-curve-start', 'mix.curveStart', () => void this.#run(pair));
    this.#stop = textButton(scope, texts, 'mix-curve-stop', 'mix.stop', () => this.stop());
    this.#stop.hidden = true;
    scope.add(() => this.#job?.abort());
    context.onRecolour(scope, () => this.#chart.draw());
    this.element = h(
      'section',
      { class: 'card learn-panel', 'data-curve': 'idle' },
      subheading(scope, texts, 'mix.curveTitle'),
      paragraphs(scope, texts, 'mix.curveText'),
      h('div', { class: 'learn-tools' }, this.#start, this.#stop, this.#bar, this.#status),
      this.#chart.element,
    );
    this.#chart.element.hidden = true;
    texts.bind(scope, () => this.#show());
  }

  /** Ends what is going on; the points that are there stay. */
  stop(): void {
    this.#job?.abort();
  }

  /** Other sounds: the points are no longer true. */
  clear(): void {
    this.stop();
    this.#points = [];
    this.element.dataset.curve = 'idle';
    this.#show();
  }

  async #run(pairOf: () => Promise<Pair>): Promise<void> {
    this.stop();
    const job = new AbortController();
    this.#job = job;
    this.#points = [];
    this.element.dataset.curve = 'running';
    this.#busy(true);
    try {
      const pair = await pairOf();
      for (const level of LEVELS) {
        job.signal.throwIfAborted();
        setText(this.#status, this.#texts.t('mix.curveNow', { level: signed(level, 0) }));
        const song = await this.#lab.ask.mixPair(pair, level);
        const audio = { sampleRate: song.sampleRate, channels: song.mixture };
        const { estimate } = await separateWhole(this.#client, audio, job.signal, (part) => {
          this.#bar.value = this.#points.length + part;
        });
        const doingNothing = { vocals: song.mixture, accompaniment: song.mixture };
        const separated = (await this.#lab.ask.scoreOf(song, estimate)).vocals.sdr;
        const mixture = (await this.#lab.ask.scoreOf(song, doingNothing)).vocals.sdr;
        job.signal.throwIfAborted();
        this.#points.push({ level, separated, mixture });
        this.#show();
      }
      this.element.dataset.curve = 'done';
    } catch (error) {
      if (this.#job !== job) return;
      this.element.dataset.curve = 'stopped';
      if (!job.signal.aborted) this.#context.notices.thrown(error);
    } finally {
      if (this.#job === job && !this.#scope.disposed) {
        this.#job = undefined;
        this.#busy(false);
      }
    }
  }

  #busy(on: boolean): void {
    this.#start.hidden = on;
    this.#stop.hidden = !on;
    this.#bar.hidden = !on;
    this.#bar.value = 0;
    if (!on) setText(this.#status, '');
  }

  #show(): void {
    const texts = this.#texts;
    const points = this.#points;
    this.#bar.setAttribute('aria-label', texts.t('mix.curveTitle'));
    this.#chart.element.hidden = points.length === 0;
    this.element.dataset.points = JSON.stringify(points);
    const told = points.map(({ level, separated, mixture }) =>
      texts.t('mix.curvePoint', {
        level: signed(level, 0),
        separated: signed(separated, 1),
        mixture: signed(mixture, 1),
      }),
    );
    this.#chart.show(
      [
        { name: texts.t('mix.by.separated'), ink: '--vocals', points: points.map((p) => [p.level, p.separated]) },
        {
          name: texts.t('mix.by.mixture'),
          ink: '--muted',
          dashed: true,
          points: points.map((p) => [p.level, p.mixture]),
        },
      ],
      {
        x: [LEVELS[0], LEVELS[LEVELS.length - 1]],
        y: [-20, 25],
        xStep: 5,
        yStep: 10,
        xText: (value) => signed(value, 0),
        title: texts.t('mix.curveAxis'),
        xTitle: texts.t('mix.levelAxis'),
      },
      told.join(' '),
    );
  }
}
