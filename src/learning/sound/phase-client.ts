import type { AudioData } from '../../audio/audio-data.ts';
import { signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import { trueVocals } from '../demo-stems.ts';
import { type Excerpt, monoExcerpt } from '../excerpt.ts';
import { ClipPlayer } from '../widgets/clip-player.ts';
import { paragraphs, slider, subheading } from '../widgets/fields.ts';
import { listenBar } from '../widgets/listen-bar.ts';
import { type Rebuilt, START_PHASES, type StartPhase } from './reconstruct-phase.ts';

/** What is heard and measured: the four ways to a phase, and the mixture beside them. */
const CLIPS = ['mixture-itself', ...START_PHASES] as const;
const CLIP_KEYS = {
  'mixture-itself': 'sound.hearMixture',
  own: 'sound.hearOwn',
  mixture: 'sound.hearBorrowed',
  zero: 'sound.hearZero',
  griffinLim: 'sound.hearGriffinLim',
} as const;

const ITERATIONS = { most: 100, first: 32 };

/** How the picture is made now. */
export interface Transform {
  readonly windowLength: number;
  readonly hop: number;
}

/** Magnitude is kept, phase is borrowed: the singer's magnitude with four phases, to be heard and measured. */
export class PhaseClient {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #context: LearningContext;
  readonly #player: ClipPlayer;
  readonly #cells = new Map<StartPhase, readonly [HTMLElement, HTMLElement]>();
  /** What is still to be computed: an order that is overtaken leaves its rest to the next one. */
  readonly #due = new Set<StartPhase>();
  readonly #status = h('p', { class: 'learn-reading', role: 'status' });
  readonly #truth: Promise<AudioData | undefined>;
  #isTruth = false;
  #iterations = ITERATIONS.first;
  #turn = 0;
  #wish: { readonly piece: Excerpt; readonly transform: Transform } | undefined;

  constructor(scope: Scope, context: LearningContext, onPosition: (seconds: number | undefined) => void) {
    const { texts, song, notices } = context;
    this.#scope = scope;
    this.#context = context;
    this.#player = new ClipPlayer(scope, song.store.original.sampleRate, () => song.player.pause());
    const bar = listenBar(scope, context, {
      id: 'sound-listen',
      label: 'sound.listen',
      clips: CLIPS,
      text: (name) => CLIP_KEYS[name],
      player: this.#player,
      onPosition,
    });
    const rounds = slider(scope, texts, {
      id: 'sound-rounds',
      label: 'sound.rounds',
      min: 0,
      max: ITERATIONS.most,
      value: this.#iterations,
      text: (value) => String(value),
      onInput: (value) => {
        this.#iterations = value;
        void this.#rebuild(['griffinLim']);
      },
    });
    this.#truth = trueVocals(context).catch((error: unknown) => {
      notices.thrown(error);
      return undefined;
    });
    texts.bind(scope, () => this.#say());
    this.element = h(
      'section',
      { class: 'card learn-panel' },
      subheading(scope, texts, 'sound.phaseTitle'),
      paragraphs(scope, texts, 'sound.phase1', 'sound.phase2'),
      h('div', { class: 'learn-tools' }, bar.element, rounds.element),
      this.#table(),
      this.#status,
    );
  }

  /** Says that what is there is about to be computed anew. */
  awaits(): void {
    this.element.dataset.state = 'computing';
  }

  /** Computes all for a piece of the song. What was computed before stays to be heard until it is there. */
  async use(piece: Excerpt, transform: Transform, samePiece: boolean): Promise<void> {
    this.#wish = { piece, transform };
    if (!samePiece) this.#player.clear();
    await this.#rebuild(START_PHASES);
  }

  async #rebuild(phases: readonly StartPhase[]): Promise<void> {
    for (const phase of phases) this.#due.add(phase);
    const wish = this.#wish;
    if (!wish) return;
    const turn = ++this.#turn;
    const stale = () => turn !== this.#turn || this.#scope.disposed;
    const { song, lab, notices } = this.#context;
    const { store } = song;
    const { piece, transform } = wish;
    const mixture = monoExcerpt(store.original, piece);
    this.#player.put('mixture-itself', [mixture]);
    try {
      const truth = await this.#truth;
      if (stale()) return;
      this.#isTruth = truth !== undefined;
      if (!truth && !store.isDone(piece.start, piece.end)) return this.#say();
      const sound = monoExcerpt(truth ?? store.vocals, piece);
      this.element.dataset.state = 'computing';
      const order = { sound, mixture, ...transform, iterations: this.#iterations };
      for (const phase of START_PHASES) {
        if (!this.#due.has(phase)) continue;
        const rebuilt = await lab.ask.rebuild(phase, order);
        if (stale() || !rebuilt) return;
        this.#due.delete(phase);
        this.#player.put(phase, [rebuilt.samples]);
        this.#write(phase, rebuilt);
      }
      this.element.dataset.state = 'ready';
      this.#say();
    } catch (error) {
      if (!stale()) notices.thrown(error);
    }
  }

  #table(): HTMLElement {
    const { texts } = this.#context;
    const heads = ['sound.phaseColumn', 'sound.sdr', 'sound.spectralError'] as const;
    const head = h('tr');
    for (const key of heads) {
      const cell = h('th', { scope: 'col' });
      texts.bind(this.#scope, () => setText(cell, texts.t(key)));
      head.append(cell);
    }
    const body = h('tbody');
    for (const phase of START_PHASES) {
      const name = h('th', { scope: 'row' });
      texts.bind(this.#scope, () => setText(name, texts.t(CLIP_KEYS[phase])));
      const cells = [h('td'), h('td')] as const;
      this.#cells.set(phase, cells);
      body.append(h('tr', { 'data-phase': phase }, name, ...cells));
    }
    return h('div', { class: 'learn-table' }, h('table', {}, h('thead', {}, head), body));
  }

  #write(phase: StartPhase, { sdr, spectralError }: Rebuilt): void {
    const [first, second] = this.#cells.get(phase) as readonly [HTMLElement, HTMLElement];
    const text = (decibels: number) =>
      // Nothing can be said of silence.
      Number.isNaN(decibels)
        ? '–'
        : Math.abs(decibels) > 100
          ? decibels > 0
            ? '> 100'
            : '< −100'
          : signed(decibels, 1);
    setText(first, text(sdr));
    setText(second, text(spectralError));
    first.dataset.value = String(sdr);
    second.dataset.value = String(spectralError);
  }

  #say(): void {
    const { texts, song } = this.#context;
    const waits = !this.#isTruth && this.#wish && !song.store.isDone(this.#wish.piece.start, this.#wish.piece.end);
    setText(
      this.#status,
      texts.t(waits ? 'learn.waitsForVocals' : this.#isTruth ? 'sound.againstTruth' : 'sound.againstSeparated'),
    );
  }
}
