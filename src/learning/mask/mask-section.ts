import './mask.css';
import { clock, signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import { frequencyText, significant } from '../number-texts.ts';
import { sectionBody, sectionPart } from '../section-layout.ts';
import { wholeStorage } from '../whole-storage.ts';
import { bindState } from '../widgets/bind-state.ts';
import { textButton } from '../widgets/buttons.ts';
import { axisChoice, choice, partChoice } from '../widgets/choice.ts';
import { ClipPlayer } from '../widgets/clip-player.ts';
import { listenBar } from '../widgets/listen-bar.ts';
import { slider } from '../widgets/slider.ts';
import { zoomButtons } from '../widgets/zoom-buttons.ts';
import { MaskSpectrograms } from './mask-spectrograms.ts';
import { MASK_CLIPS, MaskState } from './mask-state.ts';

/** Mask × mixture: three spectrograms, their numbers, and how they sound. */
export function mount(scope: Scope, context: LearningContext): HTMLElement {
  const { texts, song, learningClient, manifest, notices } = context;
  const state = new MaskState(scope, {
    store: wholeStorage(song.store),
    player: song.player,
    engine: learningClient.ask,
    manifest,
    onError: (error) => notices.thrown(error),
  });
  const spectrograms = new MaskSpectrograms(scope, texts, state);
  const player = new ClipPlayer(scope, song.store.sampleRate, () => song.player.pause());
  const excerpt = h('p', { class: 'learn-reading', role: 'status' });
  const listen = listenBar(scope, context, {
    id: 'mask-listen',
    clips: MASK_CLIPS,
    text: (name) => (name === 'mixture' ? 'learn.mixture' : (`mask.hear.${name}` as const)),
    player,
    onPosition: (seconds) => spectrograms.playhead(seconds),
  });
  scope.add(player.on('state', () => !player.playing && spectrograms.playhead(undefined)));
  const axis = axisChoice(scope, texts, 'mask-axis', {
    value: state.axis,
    onChoose: (kind) => {
      state.axis = kind;
    },
  });
  const here = textButton(scope, texts, {
    id: 'mask-excerpt',
    label: 'learn.excerptHere',
    onClick: () => state.takeExcerpt(),
  });
  const panel = h(
    'div',
    { class: 'card learn-panel' },
    h('div', { class: 'learn-tools' }, ...shapeControls(scope, context, state)),
    spectrograms.element,
    cellReading(scope, context, state),
    h('div', { class: 'learn-tools' }, listen, axis, zoomButtons(scope, texts, state.link)),
    h('div', { class: 'learn-tools' }, here, excerpt),
  );
  bindState(scope, texts, state, () => {
    const { view, offset } = state.link;
    const range = { from: clock(offset, 1), to: clock(offset + view.duration, 1) };
    panel.dataset.state = state.status;
    setText(excerpt, state.status === 'waiting' ? texts.t('learn.waitsForVocals') : texts.t('learn.excerpt', range));
    player.update(state.clips);
  });
  context.watchSong(scope, () => state.songGrew());
  const part = sectionPart(scope, texts, { text: ['mask.p1', 'mask.p2'], widget: panel });
  return sectionBody(scope, texts, [part], ['jansson', 'post', 'chainer']);
}

/** Which part is cut out, and how the network's mask is used for it. */
function shapeControls(scope: Scope, { texts }: LearningContext, state: MaskState): readonly HTMLElement[] {
  const part = partChoice(scope, texts, 'mask-part', (value) => state.reshape({ part: value }));
  const kind = choice(scope, texts, {
    name: 'mask-kind',
    label: 'mask.kind',
    values: ['soft', 'hard'],
    text: (value) => (value === 'soft' ? 'mask.soft' : 'mask.hard'),
    value: state.shape.kind,
    onChoose: (value) => state.reshape({ kind: value }),
  });
  const threshold = slider(scope, texts, {
    id: 'mask-threshold',
    label: 'mask.threshold',
    min: 0.05,
    max: 0.95,
    step: 0.05,
    value: state.shape.threshold,
    text: (value) => value.toFixed(2),
    onInput: (value) => state.reshape({ threshold: value }),
  });
  const strength = slider(scope, texts, {
    id: 'mask-strength',
    label: 'mask.strength',
    min: -2,
    max: 2,
    step: 0.25,
    value: Math.log2(state.shape.strength),
    text: (value) => texts.t('mask.strengthText', { exponent: Number((2 ** value).toFixed(2)) }),
    onInput: (value) => state.reshape({ strength: 2 ** value }),
  });
  bindState(scope, texts, state, () => {
    threshold.element.hidden = state.shape.kind !== 'hard';
    strength.element.hidden = state.shape.kind !== 'soft';
  });
  return [part, kind.element, threshold.element, strength.element];
}

/** The numbers of the cell under the cursor. */
function cellReading(scope: Scope, { texts }: LearningContext, state: MaskState): HTMLElement {
  const text = h('p', { class: 'learn-reading', id: 'mask-reading', 'aria-live': 'polite' });
  const decibels = (value: number) => (value > 0 ? signed(20 * Math.log10(value), 1) : '−∞');
  const show = () => {
    const { reading } = state;
    if (!reading) {
      setText(text, texts.t('mask.point'));
      for (const name of ['mixture', 'mask', 'product']) delete text.dataset[name];
      return;
    }
    const { seconds, hz, frame, bin, mixture, mask, product } = reading;
    setText(
      text,
      texts.t('mask.reading', {
        time: clock(seconds, 2),
        frequency: frequencyText(hz),
        mixture: significant(mixture, 3),
        mixtureDb: decibels(mixture),
        mask: mask.toFixed(3),
        product: significant(product, 3),
        productDb: decibels(product),
      }),
    );
    Object.assign(text.dataset, { mixture, mask, product, frame, bin });
  };
  scope.add(state.link.on('cursor', show));
  scope.add(state.on('cells', show));
  texts.bind(scope, show);
  return text;
}
