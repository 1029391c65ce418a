import './sound.css';
import { clock, signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import { magma } from '../../ui/spectrogram/colour-maps.ts';
import { frequencyAxis } from '../../ui/spectrogram/frequency-axis.ts';
import type { LearningContext } from '../context.ts';
import { trueVocals } from '../demo-stems.ts';
import { frequencyText } from '../number-texts.ts';
import { sectionBody, sectionPart } from '../section-layout.ts';
import { wholeStorage } from '../whole-storage.ts';
import { textButton } from '../widgets/buttons.ts';
import { axisChoice } from '../widgets/choice.ts';
import { subheading } from '../widgets/prose.ts';
import { slider } from '../widgets/slider.ts';
import { SpectrogramCanvas } from '../widgets/spectrogram-canvas.ts';
import { FramePlots } from './frame-plots.ts';
import { phasePanel } from './phase-panel.ts';
import { HOPS, SoundState, WINDOW_LENGTHS } from './sound-state.ts';
import { FLOOR_DB } from './spectrogram.ts';
import { WaveStrip } from './wave-strip.ts';

/** Milliseconds that the steps of a frame are shown for. */
const STEPS_MS = 2600;

/** Sound is an image: waveform, frames, spectrum, spectrogram, and what is lost with the phase. */
export function mount(scope: Scope, context: LearningContext): HTMLElement {
  const { texts, song, learningClient, notices } = context;
  const state = new SoundState(scope, {
    store: wholeStorage(song.store),
    player: song.player,
    engine: learningClient.ask,
    truth: () => trueVocals(context),
    onError: (error) => notices.thrown(error),
  });
  const wave = new WaveStrip(scope, state.link);
  const spectrogram = new SpectrogramCanvas(scope, state.link);
  const phases = phasePanel(scope, context, state.phases, (seconds) => spectrogram.playhead(seconds));
  const steps = frameSteps(scope, context, state, wave);
  const excerpt = h('p', { class: 'learn-reading' });

  const showExcerpt = () => {
    const { sampleRate } = state;
    const { start, end } = state.excerpt;
    setText(excerpt, texts.t('learn.excerpt', { from: clock(start / sampleRate, 1), to: clock(end / sampleRate, 1) }));
    spectrogram.describe(texts.t('sound.spectrogram'), texts.t('sound.spectrogramAlt'));
    wave.describe(texts.t('sound.wave'));
    steps.show();
  };
  scope.add(
    state.on('excerpt', () => {
      wave.show(state.samples, state.sampleRate);
      showExcerpt();
    }),
  );
  scope.add(
    state.on('spectrogram', () => {
      if (!state.spectrogram) return;
      spectrogram.show(state.spectrogram, magma, frequencyAxis(state.axis, state.sampleRate / 2));
      spectrogram.canvas.dataset.frames = String(state.spectrogram.frames);
      spectrogram.canvas.dataset.bins = String(state.spectrogram.bins);
      steps.show();
    }),
  );
  context.onRecolour(scope, () => wave.recolour());
  scope.listen(spectrogram.canvas, 'click', steps.animate);
  scope.listen(spectrogram.canvas, 'keydown', (event) => {
    if (event.key === 'Enter') steps.animate();
  });
  const axis = axisChoice(scope, texts, 'sound-axis', {
    value: state.axis,
    onChoose: (kind) => {
      state.axis = kind;
    },
  });
  const here = textButton(scope, texts, {
    id: 'sound-excerpt',
    label: 'learn.excerptHere',
    onClick: () => state.takeExcerpt(),
  });
  texts.bind(scope, showExcerpt);
  state.takeExcerpt();
  context.watchSong(scope, () => state.phases.songGrew());

  const panel = h(
    'div',
    { class: 'card learn-panel' },
    h('div', { class: 'learn-tools' }, ...transformSliders(scope, context, state)),
    h('div', { class: 'learn-tools' }, here, excerpt, axis),
    h('div', { class: 'stack' }, wave.element, spectrogram.element),
    ...steps.elements,
  );
  return sectionBody(
    scope,
    texts,
    [sectionPart(scope, texts, { text: ['sound.p1', 'sound.p2'], widget: panel }), phases],
    ['jansson', 'griffinLim', 'post', 'chainer'],
  );
}

function transformSliders(scope: Scope, { texts }: LearningContext, state: SoundState): readonly HTMLElement[] {
  const { sampleRate } = state;
  const change = () => {
    state.chooseTransform(windows.value, hops.value);
    hops.refresh();
  };
  const hops = slider(scope, texts, {
    id: 'sound-hop',
    label: 'sound.hop',
    min: 0,
    max: HOPS.length - 1,
    value: HOPS.findIndex(({ share }) => share * state.transform.windowLength === state.transform.hop),
    text: (place) => {
      const samples = state.transform.windowLength * HOPS[place].share;
      const ms = ((1000 * samples) / sampleRate).toFixed(1);
      return texts.t('sound.hopText', { part: HOPS[place].text, samples, ms });
    },
    onInput: change,
  });
  const windows = slider(scope, texts, {
    id: 'sound-window',
    label: 'sound.window',
    min: 0,
    max: WINDOW_LENGTHS.length - 1,
    value: WINDOW_LENGTHS.indexOf(state.transform.windowLength),
    text: (place) => {
      const samples = WINDOW_LENGTHS[place];
      const ms = ((1000 * samples) / sampleRate).toFixed(0);
      return texts.t('sound.windowText', { samples, ms, hz: (sampleRate / samples).toFixed(1) });
    },
    onInput: change,
  });
  return [windows.element, hops.element];
}

/** The reading of the cell under the pointer, and the steps from the waveform to its frame's spectrum. */
function frameSteps(scope: Scope, context: LearningContext, state: SoundState, wave: WaveStrip) {
  const { texts } = context;
  const plots = new FramePlots(scope, texts);
  const text = h('p', { class: 'learn-reading', id: 'sound-reading', 'aria-live': 'polite' });
  const show = (progress = 1) => {
    const { reading } = state;
    if (!reading) return;
    const { frame, bin, seconds, hz, level, windowLength } = reading;
    plots.show({ ...reading, progress });
    const centre = seconds - state.excerpt.start / state.sampleRate;
    const half = windowLength / 2 / state.sampleRate;
    wave.mark(centre - half, centre + half);
    const values = {
      frame: frame + 1,
      frames: state.spectrogram?.frames ?? 0,
      time: clock(seconds, 2),
      frequency: frequencyText(hz),
      level: level === undefined ? `≤ ${signed(FLOOR_DB, 0)}` : signed(level, 1),
    };
    setText(text, texts.t('sound.reading', values));
    Object.assign(text.dataset, { level: level ?? FLOOR_DB, frame, bin });
  };

  let cancel: (() => void) | undefined;
  let animatedFrame: number | undefined;
  const stop = () => {
    cancel?.();
    cancel = undefined;
  };
  const animate = () => {
    stop();
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return show();
    animatedFrame = state.cell?.frame;
    const begun = performance.now();
    const next = () => {
      const progress = Math.min(1, (performance.now() - begun) / STEPS_MS);
      show(progress);
      cancel = progress < 1 ? scope.frame(next) : undefined;
    };
    next();
  };
  scope.add(
    state.link.on('cursor', () => {
      // A hand that trembles does not stop the animation.
      if (cancel && state.cell?.frame === animatedFrame) return;
      stop();
      show();
    }),
  );
  context.onRecolour(scope, () => plots.draw());
  const tools = h(
    'div',
    { class: 'learn-tools' },
    subheading(scope, texts, 'sound.stepTitle'),
    textButton(scope, texts, { id: 'sound-step', label: 'sound.step', onClick: animate }),
  );
  return { elements: [text, tools, plots.element], show: () => show(), animate };
}
