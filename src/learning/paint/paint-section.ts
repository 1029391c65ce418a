import './paint.css';
import { clock, signed } from '../../core/format.ts';
import { oncePerFrame, type Scope } from '../../core/scope.ts';
import { PRESETS } from '../../player/mix-state.ts';
import { RenderMaskedClient } from '../../separation/render-masked-client.ts';
import type { MaskEdit } from '../../songs/painting/mask-edit.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import { frequencyText } from '../number-texts.ts';
import { sectionBody, sectionPart } from '../section-layout.ts';
import type { LearningTexts } from '../texts.ts';
import { bindState } from '../widgets/bind-state.ts';
import { axisChoice, choice } from '../widgets/choice.ts';
import { playButton } from '../widgets/play-button.ts';
import { listenToBrush } from './brush-input.ts';
import { editButtons } from './edit-buttons.ts';
import { MaskCanvas } from './mask-canvas.ts';
import { maskFilesPanel } from './mask-files-panel.ts';
import { type PaintReading, PaintState } from './paint-state.ts';
import { paintTools } from './paint-tools.ts';
import { viewControls } from './view-controls.ts';

/** Paint the mask: a person changes the mask by hand, and hears the result at once. */
export function mount(scope: Scope, context: LearningContext): HTMLElement {
  const { texts, song } = context;
  const waiting = h('p', { role: 'status' });
  texts.bind(scope, () => setText(waiting, texts.t('paint.waiting')));
  const place = h('div', { class: 'learn-body' }, waiting);
  let shown = false;
  context.watchSong(scope, () => {
    const { edit } = song.store;
    if (shown || !edit) return;
    shown = true;
    place.replaceChildren(paintPanel(scope, context, edit));
  });
  const part = sectionPart(scope, texts, { text: ['paint.p1', 'paint.p2', 'paint.p3'], widget: place });
  return sectionBody(scope, texts, [part], ['jansson', 'post']);
}

function paintPanel(scope: Scope, context: LearningContext, edit: MaskEdit): HTMLElement {
  const { texts, song, manifest, notices } = context;
  const { store, player } = song;
  const client = new RenderMaskedClient((error) => notices.thrown(error));
  const state = new PaintState(scope, {
    store,
    player,
    facts: manifest,
    renderMasked: (whole, piece) => client.renderMasked(whole, piece),
    onBusy: (busy) => song.painted(busy),
    onError: (error) => notices.thrown(error),
    onDone: () => client.dispose(),
  });
  const canvas = new MaskCanvas(scope, texts, state);
  context.watchSong(scope, () => {
    void state.load();
    void state.showSinging();
    canvas.refresh();
  });
  followPlayhead(scope, context, state, canvas);
  const hint = h('p', { class: 'paint-note' });
  texts.bind(scope, () => setText(hint, texts.t('paint.hint')));
  const panel = h(
    'div',
    { class: 'card learn-panel paint' },
    paintTools(scope, texts, state),
    h('div', { class: 'learn-tools' }, paintListenBar(scope, context, state), editButtons(scope, texts, state)),
    canvas.element,
    hint,
    ...brushReadings(scope, texts, state, canvas),
    h('div', { class: 'learn-tools' }, ...viewControls(scope, context, state, canvas)),
    h('div', { class: 'learn-tools' }, ...appearance(scope, texts, state)),
    delayText(scope, texts, state),
    // A long song’s stems are saved on its own page, where they need no memory.
    ...(state.isWhole ? [maskFilesPanel(scope, context, edit, client)] : []),
  );
  scope.listen(panel, 'keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
    event.preventDefault();
    if (event.shiftKey) edit.redo();
    else edit.undo();
  });
  return panel;
}

/** How the mask is shown, and on which axis. */
function appearance(scope: Scope, texts: LearningTexts, state: PaintState): readonly HTMLElement[] {
  const { mode, axis } = state.view;
  const modes = choice(scope, texts, {
    name: 'paint-show',
    label: 'paint.show',
    values: ['both', 'mask'],
    text: (value) => `paint.show.${value}` as const,
    value: mode,
    onChoose: (value) => state.change({ mode: value }),
  });
  const onChoose = (value: typeof axis) => state.change({ axis: value });
  return [modes.element, axisChoice(scope, texts, 'paint-axis', { value: axis, onChoose })];
}

/** The brush on the canvas, and two texts: the cell under it, and whether the pen is down. */
function brushReadings(
  scope: Scope,
  texts: LearningTexts,
  state: PaintState,
  canvas: MaskCanvas,
): readonly HTMLElement[] {
  const reading = h('p', { class: 'learn-reading', 'aria-live': 'off' });
  const pen = h('p', { class: 'visually-hidden', role: 'status' });
  const brush = state.createBrush(() => canvas.geometry);
  scope.add(
    brush.on('pen', (down, holder) => {
      if (holder === 'keyboard') setText(pen, texts.t(down ? 'paint.penDown' : 'paint.penUp'));
    }),
  );
  listenToBrush(scope, brush, {
    canvas,
    settings: () => state.settings,
    // The last reading stays: an empty line would move what lies below it.
    onPlace: (place) => place && setText(reading, readingText(texts, state.read(place))),
  });
  return [reading, pen];
}

function readingText(texts: LearningTexts, { seconds, hz, cell }: PaintReading): string {
  const place = { time: clock(seconds, 2), frequency: frequencyText(hz) };
  if (!cell) return texts.t('paint.place', place);
  const { levelDb, mask, network } = cell;
  return texts.t('paint.cell', {
    ...place,
    level: signed(levelDb, 0),
    mask: mask.toFixed(2),
    network: network.toFixed(2),
  });
}

function delayText(scope: Scope, texts: LearningTexts, state: PaintState): HTMLElement {
  const text = h('p', { class: 'learn-reading paint-delay', role: 'status' });
  bindState(scope, texts, state, () => {
    const { delay } = state;
    const heard = delay === undefined ? undefined : texts.t('paint.heard', { milliseconds: delay });
    setText(text, heard ?? texts.t('paint.notPainted'));
  });
  return text;
}

/** Moves the playhead over the canvas, and the view with it. */
function followPlayhead(
  scope: Scope,
  { song: { player } }: LearningContext,
  state: PaintState,
  canvas: MaskCanvas,
): void {
  const show = oncePerFrame(scope, () => {
    if (player.playing) state.followPlaying();
    canvas.playhead(player.position);
    if (player.playing) show();
  });
  scope.add(player.on('state', show));
  scope.add(
    player.on('seek', (seconds) => {
      state.followSeek(seconds);
      show();
    }),
  );
  scope.add(state.on('view', () => canvas.playhead(player.position)));
  show();
}

/** Plays the song, from the view on where the playhead is outside it; and which stem is heard. */
function paintListenBar(scope: Scope, context: LearningContext, state: PaintState): HTMLElement {
  const { i18n, texts, notices } = context;
  const { player } = context.song;
  const play = playButton(i18n, 'paint-play');
  const show = () => play.show(player.playing);
  scope.listen(play.element, 'click', () => {
    if (player.playing) return player.pause();
    const from = state.playFrom;
    if (from !== undefined) player.seek(from);
    player.play().catch((error: unknown) => notices.thrown(error));
  });
  scope.add(player.on('state', show));
  texts.bind(scope, show);
  return h('div', { class: 'learn-listen' }, play.element, stemChoice(scope, context));
}

/** Which stem is heard: at first the vocals; when the section is left, the mix that was heard before. */
function stemChoice(scope: Scope, { texts, song: { player } }: LearningContext): HTMLElement {
  const { mix } = player;
  scope.add(() => player.setMix(mix.vocals, mix.accompaniment));
  const hear = (stem: keyof typeof PRESETS) => player.setMix(PRESETS[stem].vocals, PRESETS[stem].accompaniment);
  hear('vocals');
  return choice<keyof typeof PRESETS>(scope, texts, {
    name: 'paint-hear',
    label: 'learn.listen',
    values: ['vocals', 'accompaniment', 'original'],
    text: (stem) => (stem === 'original' ? 'paint.hear.original' : (`learn.${stem}` as const)),
    value: 'vocals',
    onChoose: hear,
  }).element;
}
