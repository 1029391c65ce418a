import './sound.css';
import { clock, signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import { magma } from '../../ui/spectrogram/colour-maps.ts';
import { type AxisKind, frequencyAxis, noteName } from '../../ui/spectrogram/frequency-axis.ts';
import type { LearningContext } from '../context.ts';
import { excerptAt, excerptStart, monoExcerpt } from '../excerpt.ts';
import { sourceList } from '../sources.ts';
import { choice, paragraphs, slider, subheading, textButton } from '../widgets/fields.ts';
import { SpectrogramCanvas } from '../widgets/spectrogram-canvas.ts';
import { SpectrogramLink, type SpectrogramPoint } from '../widgets/spectrogram-link.ts';
import { FramePlots } from './frame-plots.ts';
import { PhaseClient } from './phase-client.ts';
import type { SpectrogramResult } from './spectrogram.ts';
import { FLOOR_DB } from './spectrogram.ts';
import { WaveStrip } from './wave-strip.ts';

/** Long enough to hear, short enough that all is computed while a slider moves. */
const PIECE_SECONDS = 6;
const WINDOWS = [256, 512, 1024, 2048, 4096, 8192] as const;
/** Parts of the window from frame to frame. The paper's is three quarters. */
const HOPS = [
  { part: 1 / 8, text: '1/8' },
  { part: 1 / 4, text: '1/4' },
  { part: 1 / 2, text: '1/2' },
  { part: 3 / 4, text: '3/4' },
] as const;
const AXES = ['linear', 'log', 'mel'] as const;
const STEP_MS = 2600;

/** Sound is an image: curve, frames, spectrum, spectrogram; and what is lost with the phase. */
export function mount(scope: Scope, context: LearningContext): HTMLElement {
  const { texts, song, lab, notices } = context;
  const { store, player } = song;
  const { sampleRate } = store.original;
  let piece = excerptAt(store.totalSamples, sampleRate, excerptStart(player), PIECE_SECONDS);
  let samples = monoExcerpt(store.original, piece);
  let windowLength: number = WINDOWS[3];
  let hop = windowLength / 4;
  let axis: AxisKind = 'mel';
  let result: (SpectrogramResult & { readonly hop: number; readonly windowLength: number }) | undefined;
  let turn = 0;

  const link = new SpectrogramLink(samples.length / sampleRate);
  const wave = new WaveStrip(scope, link);
  const picture = new SpectrogramCanvas(scope, link);
  const plots = new FramePlots(scope, texts);
  const reading = h('p', { class: 'learn-reading', id: 'sound-reading', 'aria-live': 'polite' });
  const shown = h('p', { class: 'learn-reading' });
  const phases = new PhaseClient(scope, context, (seconds) => picture.playhead(seconds));

  const show = () => {
    if (!result) return;
    const { frames, bins, levels } = result;
    const binHz = sampleRate / result.windowLength;
    const cells = { frames, bins, values: levels, firstBinHz: 0, binHz, frameSeconds: result.hop / sampleRate };
    picture.show(cells, magma, frequencyAxis(axis, sampleRate / 2));
    picture.canvas.dataset.frames = String(frames);
    picture.canvas.dataset.bins = String(bins);
    step(1);
  };
  const transform = async () => {
    const mine = ++turn;
    const order = { samples, windowLength, hop };
    try {
      const made = await lab.ask.spectrogram(order);
      if (mine !== turn || scope.disposed) return;
      result = { ...made, hop: order.hop, windowLength: order.windowLength };
      show();
    } catch (error) {
      if (!scope.disposed) notices.thrown(error);
    }
  };

  /** What was pointed at last: it stays when the pointer goes to a button. */
  let pointed: SpectrogramPoint | undefined;
  /** Its cell; the middle of the picture where nothing was. */
  const cell = () => {
    const at = pointed ?? { seconds: link.view.start + link.view.span / 2, hz: 440 };
    return picture.cellAt(at.seconds, at.hz);
  };
  /** Draws the step of the frame under the pointer, as far as `progress`. */
  const step = (progress: number) => {
    const place = cell();
    if (!result || !place) return;
    const { bins, levels } = result;
    const length = result.windowLength;
    const middle = place.frame * result.hop;
    const around = new Float32Array(2 * length);
    for (let n = 0; n < around.length; n++) around[n] = samples[middle - length + n] ?? 0;
    const spectrum = levels.subarray(place.frame * bins, (place.frame + 1) * bins);
    plots.show({ around, window: hann(length), spectrum, progress });
    wave.mark((middle - length / 2) / sampleRate, (middle + length / 2) / sampleRate);
    read(place.frame, place.bin, spectrum);
  };
  const read = (frame: number, bin: number, spectrum: Uint8Array) => {
    if (!result) return;
    const hz = (bin * sampleRate) / result.windowLength;
    const level = FLOOR_DB * (1 - spectrum[bin] / 255);
    const values = {
      frame: frame + 1,
      frames: result.frames,
      time: clock((piece.start + frame * result.hop) / sampleRate, 2),
      hz: Math.round(hz),
      note: noteName(hz),
      level: spectrum[bin] === 0 ? `≤ ${signed(FLOOR_DB, 0)}` : signed(level, 1),
    };
    setText(reading, texts.t('sound.reading', values));
    reading.dataset.level = String(level);
    reading.dataset.frame = String(frame);
    reading.dataset.bin = String(bin);
  };

  let running: (() => void) | undefined;
  let animated = -1;
  const animate = () => {
    running?.();
    running = undefined;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return step(1);
    animated = cell()?.frame ?? -1;
    const begun = performance.now();
    const next = () => {
      const progress = Math.min(1, (performance.now() - begun) / STEP_MS);
      step(progress);
      running = progress < 1 ? scope.frame(next) : undefined;
    };
    next();
  };

  const windowText = (value: number) => {
    const length = WINDOWS[value];
    return texts.t('sound.windowText', {
      samples: length,
      ms: ((1000 * length) / sampleRate).toFixed(0),
      hz: (sampleRate / length).toFixed(1),
    });
  };
  const hopText = (value: number) => {
    const samplesApart = windowLength * HOPS[value].part;
    const ms = ((1000 * samplesApart) / sampleRate).toFixed(1);
    return texts.t('sound.hopText', { part: HOPS[value].text, samples: samplesApart, ms });
  };
  const resize = () => {
    windowLength = WINDOWS[windows.value];
    hop = windowLength * HOPS[hops.value].part;
    hops.refresh();
    void transform();
    phases.awaits();
    cancelLater?.();
    // The picture follows at once; what is heard takes seconds, and waits until the slider rests.
    cancelLater = scope.timeout(() => void phases.use(piece, { windowLength, hop }, true), 300);
  };
  let cancelLater: (() => void) | undefined;
  const hops = slider(scope, texts, {
    id: 'sound-hop',
    label: 'sound.hop',
    min: 0,
    max: HOPS.length - 1,
    value: 1,
    text: hopText,
    onInput: resize,
  });
  const windows = slider(scope, texts, {
    id: 'sound-window',
    label: 'sound.window',
    min: 0,
    max: WINDOWS.length - 1,
    value: 3,
    text: windowText,
    onInput: resize,
  });
  const axes = choice(scope, texts, {
    name: 'sound-axis',
    label: 'sound.axis',
    values: AXES,
    text: (kind) => `sound.axis.${kind}` as const,
    value: axis,
    onChoose: (kind) => {
      axis = kind;
      show();
    },
  });
  const take = () => {
    piece = excerptAt(store.totalSamples, sampleRate, excerptStart(player), PIECE_SECONDS);
    samples = monoExcerpt(store.original, piece);
    pointed = undefined;
    link.reset(samples.length / sampleRate, piece.start / sampleRate);
    wave.show(samples, sampleRate);
    say();
    void transform();
    void phases.use(piece, { windowLength, hop }, false);
  };
  const say = () => {
    const range = { from: clock(piece.start / sampleRate, 1), to: clock(piece.end / sampleRate, 1) };
    setText(shown, texts.t('learn.pieceShown', range));
    picture.describe(texts.t('sound.spectrogram'), texts.t('sound.picture'));
    wave.describe(texts.t('sound.wave'));
    step(1);
  };
  scope.add(
    link.on('cursor', () => {
      pointed = link.cursor ?? pointed;
      // A hand that trembles does not stop the step.
      if (running && cell()?.frame === animated) return;
      running?.();
      running = undefined;
      step(1);
    }),
  );
  context.onRecolour(scope, () => {
    plots.draw();
    wave.recolour();
  });
  scope.listen(picture.canvas, 'click', animate);
  scope.listen(picture.canvas, 'keydown', (event) => {
    if (event.key === 'Enter') animate();
  });
  texts.bind(scope, say);
  take();
  // The vocals of this piece may still be on their way.
  let complete = store.isDone(piece.start, piece.end);
  context.watchSong(scope, () => {
    if (complete || !store.isDone(piece.start, piece.end)) return;
    complete = true;
    void phases.use(piece, { windowLength, hop }, true);
  });

  return h(
    'div',
    { class: 'learn-body' },
    paragraphs(scope, texts, 'sound.p1', 'sound.p2'),
    h(
      'section',
      { class: 'card learn-panel' },
      h('div', { class: 'learn-tools' }, windows.element, hops.element, axes.element),
      h('div', { class: 'learn-tools' }, textButton(scope, texts, 'sound-piece', 'learn.pieceHere', take), shown),
      h('div', { class: 'stack' }, wave.element, picture.element),
      reading,
      h(
        'div',
        { class: 'learn-tools' },
        subheading(scope, texts, 'sound.stepTitle'),
        textButton(scope, texts, 'sound-step', 'sound.step', animate),
      ),
      plots.element,
    ),
    phases.element,
    sourceList(scope, texts, 'jansson', 'griffinLim', 'post', 'chainer'),
  );
}

/** The Hann window, as the transform uses it: periodic. */
function hann(length: number): Float32Array {
  return Float32Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / length));
}
