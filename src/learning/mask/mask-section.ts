import './mask.css';
import { clock, signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { type MaskedSong, renderMaskedSpan } from '../../separation/render-masked.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import { type AxisKind, noteName } from '../../ui/spectrogram/frequency-axis.ts';
import type { LearningContext } from '../context.ts';
import { excerptStart } from '../excerpt.ts';
import { sourceList } from '../sources.ts';
import { ClipPlayer } from '../widgets/clip-player.ts';
import { choice, paragraphs, slider, textButton } from '../widgets/fields.ts';
import { listenBar } from '../widgets/listen-bar.ts';
import { SpectrogramLink } from '../widgets/spectrogram-link.ts';
import { zoomButtons } from '../widgets/zoom-buttons.ts';
import { type MaskShape, vocalsMask } from './mask-shape.ts';
import { MaskSpectrograms } from './mask-spectrograms.ts';
import { readMask } from './read-mask.ts';

/** About what the network of the paper sees at once, 128 frames. */
const PIECE_SECONDS = 12;
/** The sound follows a slider that rests this long. */
const REST_MS = 120;
const CLIPS = ['mixture', 'mask', 'product'] as const;
const AXES = ['linear', 'log', 'mel'] as const;

/** Mask × mixture: three pictures, their numbers, and how they sound. */
export function mount(scope: Scope, context: LearningContext): HTMLElement {
  const { texts, song, lab, manifest, notices } = context;
  const { store, player } = song;
  const { original } = store;
  const { sampleRate } = original;
  let shape: MaskShape = { kind: 'soft', threshold: 0.5, strength: 1, part: 'vocals' };
  let axis: AxisKind = 'mel';
  /** First frame and number of frames; undefined until the mask is there. */
  let frames: { readonly first: number; readonly count: number } | undefined;
  let turn = 0;
  let begin = excerptStart(player);

  const link = new SpectrogramLink(PIECE_SECONDS);
  const pictures = new MaskSpectrograms(scope, link);
  const clips = new ClipPlayer(scope, sampleRate, () => player.pause());
  const reading = h('p', { class: 'learn-reading', id: 'mask-reading', 'aria-live': 'polite' });
  const state = h('p', { class: 'learn-reading', role: 'status' });
  const panel = h('section', { class: 'card learn-panel' });

  /** Takes the piece at `begin`, once the network's mask of it is there. */
  const take = async () => {
    const { mask } = store;
    const mine = ++turn;
    frames = undefined;
    clips.clear();
    panel.dataset.state = 'waiting';
    say();
    if (!mask) return;
    const { scale } = mask;
    const count = Math.min(scale.frames, Math.ceil(PIECE_SECONDS / scale.frameSeconds));
    const first = Math.min(Math.max(0, Math.floor(begin / scale.frameSeconds)), scale.frames - count);
    const given = readMask(mask, first, first + count);
    if (!given) return;
    try {
      const magnitudes = await lab.ask.mixtureFrames({ song: original, manifest, firstFrame: first, frames: count });
      if (mine !== turn || scope.disposed) return;
      frames = { first, count };
      pictures.use(scale, magnitudes as Float32Array<ArrayBuffer>, given, 0);
      link.reset(count * scale.frameSeconds, first * scale.frameSeconds);
      show();
      await sound();
    } catch (error) {
      if (!scope.disposed) notices.thrown(error);
    }
  };

  const show = () => {
    pictures.show(shape, axis);
    say();
    read();
  };

  let soundTurn = 0;
  /** Makes the sound of the settings: the same filter as separation, with this mask. */
  const sound = async () => {
    const { mask } = store;
    const mine = ++soundTurn;
    if (!mask || !frames) return;
    panel.dataset.state = 'computing';
    const { scale } = mask;
    const facts: MaskedSong = { sampleRate, samples: store.totalSamples, facts: manifest, scale };
    const span = renderMaskedSpan(facts, frames.first, frames.first + frames.count);
    const given = readMask(mask, span.maskFrom, span.maskTo);
    if (!given) return;
    const channels = original.channels.map((channel) => channel.slice(span.readFrom, span.readTo));
    const piece = { span, channels, mask: vocalsMask(given, shape) };
    try {
      const made = await lab.ask.maskedSound({ song: facts, piece, part: shape.part });
      if (mine !== soundTurn || scope.disposed) return;
      // What is heard begins and ends with what is seen.
      const from = Math.round(frames.first * scale.frameSeconds * sampleRate) - span.start;
      const to = Math.min(span.end - span.start, from + Math.round(link.view.duration * sampleRate));
      const cut = (sounds: readonly Float32Array[]) => sounds.map((channel) => channel.subarray(from, to));
      clips.put('mixture', cut(channels.map((channel) => channel.subarray(span.start - span.readFrom))));
      clips.put('mask', cut(made.mask));
      clips.put('product', cut(made.product));
      panel.dataset.state = 'ready';
    } catch (error) {
      if (!scope.disposed) notices.thrown(error);
    }
  };

  let cancelLater: (() => void) | undefined;
  const change = (changes: Partial<MaskShape>) => {
    shape = { ...shape, ...changes };
    threshold.element.hidden = shape.kind !== 'hard';
    strength.element.hidden = shape.kind !== 'soft';
    if (frames) {
      panel.dataset.state = 'computing';
      show();
    }
    cancelLater?.();
    cancelLater = scope.timeout(() => void sound(), REST_MS);
  };

  const read = () => {
    const cell = pictures.read;
    const { mask } = store;
    if (!cell || !mask || !frames) {
      setText(reading, texts.t('mask.point'));
      for (const name of ['mixture', 'mask', 'product']) delete reading.dataset[name];
      return;
    }
    const { scale } = mask;
    const hz = scale.firstBinHz + cell.bin * scale.binHz;
    const decibels = (value: number) => (value > 0 ? signed(20 * Math.log10(value), 1) : '−∞');
    setText(
      reading,
      texts.t('mask.reading', {
        time: clock((frames.first + cell.frame) * scale.frameSeconds, 2),
        hz: Math.round(hz),
        note: noteName(hz),
        mixture: cell.mixture.toPrecision(3),
        mixtureDb: decibels(cell.mixture),
        mask: cell.mask.toFixed(3),
        product: cell.product.toPrecision(3),
        productDb: decibels(cell.product),
      }),
    );
    Object.assign(reading.dataset, {
      mixture: String(cell.mixture),
      mask: String(cell.mask),
      product: String(cell.product),
      frame: String(frames.first + cell.frame),
      bin: String(cell.bin),
    });
  };

  const say = () => {
    const vocals = shape.part === 'vocals';
    pictures.mixture.describe(texts.t('mask.mixture'), texts.t('mask.mixtureAlt'));
    pictures.mask.describe(
      `× ${texts.t(vocals ? 'mask.maskVocals' : 'mask.maskAccompaniment')}`,
      texts.t(vocals ? 'mask.maskVocalsAlt' : 'mask.maskAccompanimentAlt'),
    );
    pictures.product.describe(
      `= ${texts.t(vocals ? 'mask.vocals' : 'mask.accompaniment')}`,
      texts.t(vocals ? 'mask.vocalsAlt' : 'mask.accompanimentAlt'),
    );
    const { view, offset } = link;
    const range = { from: clock(offset, 1), to: clock(offset + view.duration, 1) };
    setText(state, frames ? texts.t('learn.pieceShown', range) : texts.t('learn.waitsForVocals'));
  };

  const part = choice(scope, texts, {
    name: 'mask-part',
    label: 'mask.part',
    values: ['vocals', 'accompaniment'],
    text: (value) => (value === 'vocals' ? 'mask.vocals' : 'mask.accompaniment'),
    value: shape.part,
    onChoose: (value) => change({ part: value }),
  });
  const kind = choice(scope, texts, {
    name: 'mask-kind',
    label: 'mask.kind',
    values: ['soft', 'hard'],
    text: (value) => (value === 'soft' ? 'mask.soft' : 'mask.hard'),
    value: shape.kind,
    onChoose: (value) => change({ kind: value }),
  });
  const threshold = slider(scope, texts, {
    id: 'mask-threshold',
    label: 'mask.threshold',
    min: 0.05,
    max: 0.95,
    step: 0.05,
    value: shape.threshold,
    text: (value) => value.toFixed(2),
    onInput: (value) => change({ threshold: value }),
  });
  threshold.element.hidden = true;
  const strength = slider(scope, texts, {
    id: 'mask-strength',
    label: 'mask.strength',
    min: -2,
    max: 2,
    step: 0.25,
    value: 0,
    text: (value) => texts.t('mask.strengthText', { exponent: Number((2 ** value).toFixed(2)) }),
    onInput: (value) => change({ strength: 2 ** value }),
  });
  const axes = choice(scope, texts, {
    name: 'mask-axis',
    label: 'sound.axis',
    values: AXES,
    text: (value) => `sound.axis.${value}` as const,
    value: axis,
    onChoose: (value) => {
      axis = value;
      if (frames) show();
    },
  });
  const listen = listenBar(scope, context, {
    id: 'mask-listen',
    label: 'sound.listen',
    clips: CLIPS,
    text: (name) => `mask.hear.${name}` as const,
    player: clips,
    onPosition: (seconds) => {
      for (const picture of pictures.all) picture.playhead(seconds);
    },
  });
  const again = textButton(scope, texts, 'mask-piece', 'learn.pieceHere', () => {
    begin = excerptStart(player);
    void take();
  });

  scope.add(link.on('cursor', read));
  scope.add(clips.on('state', () => !clips.playing && pictures.all.map((picture) => picture.playhead(undefined))));
  texts.bind(scope, () => {
    say();
    read();
  });
  context.watchSong(scope, () => {
    if (!frames) void take();
  });

  panel.append(
    h('div', { class: 'learn-tools' }, part.element, kind.element, threshold.element, strength.element),
    pictures.element,
    reading,
    h('div', { class: 'learn-tools' }, listen.element, axes.element, zoomButtons(scope, texts, link)),
    h('div', { class: 'learn-tools' }, again, state),
  );
  return h(
    'div',
    { class: 'learn-body' },
    paragraphs(scope, texts, 'mask.p1', 'mask.p2'),
    panel,
    sourceList(scope, texts, 'jansson', 'post', 'chainer'),
  );
}
