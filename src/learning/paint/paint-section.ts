import './paint.css';
import { clock, shortHz } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { PRESETS } from '../../player/mix-state.ts';
import { RenderMaskedClient } from '../../separation/render-masked-client.ts';
import type { MaskEdit } from '../../songs/painting/mask-edit.ts';
import { Repainter } from '../../songs/painting/repainter.ts';
import { h, setAvailable, setText } from '../../ui/shell/dom.ts';
import { noteName } from '../../ui/spectrogram/frequency-axis.ts';
import type { LearningContext } from '../context.ts';
import { sourceList } from '../sources.ts';
import { paragraphs } from '../widgets/fields.ts';
import { BrushInput } from './brush.ts';
import { MaskCanvas, type MaskCanvasPlace } from './mask-canvas.ts';
import { maskFiles } from './mask-files.ts';
import { choiceField, PaintTools, sliderField, textButton } from './paint-tools.ts';

/** Seconds from edge to edge of the board, least and most. */
const NEAREST = 1.5;
const FARTHEST = 60;

/** Section 3: the mask is a picture, and whoever paints on it changes what is heard. */
export function mount(scope: Scope, context: LearningContext): HTMLElement {
  const { texts, song } = context;
  const text = paragraphs(scope, texts, 'paint.p1', 'paint.p2', 'paint.p3');
  const place = h('div', { class: 'learn-body' });
  const waiting = h('p', { role: 'status' });
  texts.bind(scope, () => setText(waiting, texts.t(song.store.whole ? 'paint.waiting' : 'paint.tooLong')));
  place.append(waiting);
  let there = false;
  context.watchSong(scope, () => {
    const { edit } = song.store;
    if (there || !edit) return;
    there = true;
    place.replaceChildren(easel(scope, context, edit));
  });
  return h('div', { class: 'learn-body' }, text, sourceList(scope, texts, 'jansson', 'post'), place);
}

function easel(scope: Scope, context: LearningContext, edit: MaskEdit): HTMLElement {
  const { texts, song, manifest, notices } = context;
  const { store, player } = song;
  const client = new RenderMaskedClient((error) => notices.thrown(error));
  const heard = h('p', { class: 'learn-reading paint-heard', role: 'status' });
  let paintedAt = 0;
  let sayHeard = () => texts.t('paint.notPainted');
  const showHeard = () => setText(heard, sayHeard());

  const repainter = new Repainter({
    store,
    facts: manifest,
    renderMasked: (whole, piece) => client.renderMasked(whole, piece),
    playhead: () => player.position,
    onSamples: () => {
      if (paintedAt === 0) return;
      const milliseconds = Math.max(1, Math.round(performance.now() - paintedAt));
      paintedAt = 0;
      sayHeard = () => texts.t('paint.heard', { milliseconds });
      showHeard();
    },
    onBusy: (busy) => song.painted(busy),
    onError: (error) => notices.thrown(error),
  });
  scope.add(() => {
    repainter.dispose();
    // What is painted must be in the song when the section is left.
    void repainter.idle().then(() => client.dispose());
  });

  const tools = new PaintTools(scope, texts);
  const board = new MaskCanvas(scope, texts, edit);
  const reading = h('p', { class: 'learn-reading', 'aria-live': 'off' });
  const pen = h('p', { class: 'visually-hidden', role: 'status' });
  const hint = h('p', { class: 'paint-note' });
  // What was read last stays: a line that goes would move what is under it, from under a click on its way there.
  const read = (at: MaskCanvasPlace | undefined) => at && setText(reading, readingAt(context, edit, at));
  texts.bind(scope, () => {
    setText(hint, texts.t('paint.hint'));
    showHeard();
  });
  new BrushInput(scope, edit, board, {
    settings: () => tools.settings,
    onPen: (down) => setText(pen, texts.t(down ? 'paint.penDown' : 'paint.penUp')),
    onPlace: read,
    onEdge: (side) => show({ from: board.view.from + (side * board.view.seconds) / 2 }),
  });

  const undo = textButton(scope, texts, 'paint-undo', 'paint.undo', () => edit.undo());
  const redo = textButton(scope, texts, 'paint-redo', 'paint.redo', () => edit.redo());
  const network = textButton(scope, texts, 'paint-network', 'paint.network', () => edit.restore());
  const showSteps = () => {
    setAvailable(undo, edit.canUndo);
    setAvailable(redo, edit.canRedo);
    setAvailable(network, edit.touched);
  };
  scope.add(
    edit.on('changed', () => {
      if (paintedAt === 0) paintedAt = performance.now();
      showSteps();
    }),
  );
  scope.listen(board.surface, 'pointerup', () => showSteps());
  scope.listen(board.surface, 'keydown', () => showSteps());
  showSteps();

  const seconds = store.totalSamples / store.original.sampleRate;
  const position = sliderField(
    scope,
    texts,
    { id: 'paint-position', key: 'paint.position', min: 0, max: Math.ceil(seconds), step: 0.5, value: 0 },
    (value) => clock(value),
    (value) => show({ from: value }),
  );
  const show = (change: Partial<typeof board.view>) => {
    const view = { ...board.view, ...change };
    const span = Math.min(Math.max(NEAREST, view.seconds), FARTHEST, Math.max(NEAREST, seconds));
    const from = Math.min(Math.max(0, view.from), Math.max(0, seconds - span));
    board.view = { ...view, from, seconds: span };
    position.set(from);
    board.playhead(player.position);
  };
  const zoom = (factor: number) => {
    const { from, seconds: span } = board.view;
    show({ seconds: span / factor, from: from + (span - span / factor) / 2 });
  };
  scope.listen(
    board.surface,
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 300));
    },
    { passive: false },
  );
  show({ from: Math.max(0, player.position - 2) });
  context.watchSong(scope, () => board.touchAll());
  followPlayhead(scope, context, board, show);

  const element = h(
    'div',
    { class: 'card learn-panel paint' },
    tools.element,
    h(
      'div',
      { class: 'learn-tools' },
      h(
        'div',
        { class: 'paint-buttons' },
        undo,
        redo,
        network,
        textButton(scope, texts, 'paint-all', 'paint.all', () => edit.fill(1)),
        textButton(scope, texts, 'paint-none', 'paint.none', () => edit.fill(0)),
      ),
      choiceField(
        scope,
        texts,
        {
          name: 'paint-look',
          label: 'paint.look',
          options: { both: 'paint.look.both', mask: 'paint.look.mask' },
          value: board.view.look,
        },
        (look) => show({ look }),
      ),
      choiceField(
        scope,
        texts,
        {
          name: 'paint-axis',
          label: 'paint.axis',
          options: { linear: 'paint.axis.linear', mel: 'paint.axis.mel', log: 'paint.axis.log' },
          value: board.view.axis,
        },
        (axis) => show({ axis }),
      ),
    ),
    board.element,
    hint,
    reading,
    pen,
    h(
      'div',
      { class: 'learn-tools' },
      position.element,
      h(
        'div',
        { class: 'paint-buttons' },
        textButton(scope, texts, 'paint-nearer', 'paint.nearer', () => zoom(1.6)),
        textButton(scope, texts, 'paint-farther', 'paint.farther', () => zoom(1 / 1.6)),
        textButton(scope, texts, 'paint-here', 'paint.here', () =>
          show({ from: player.position - board.view.seconds / 3 }),
        ),
        textButton(scope, texts, 'paint-play-here', 'paint.playHere', () => player.seek(board.view.from)),
      ),
      listenChoice(scope, context),
    ),
    heard,
    maskFiles(scope, context, edit, client),
  );
  scope.listen(element, 'keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
    event.preventDefault();
    if (event.shiftKey) edit.redo();
    else edit.undo();
    showSteps();
  });
  return element;
}

function readingAt({ texts }: LearningContext, edit: MaskEdit, { frame, bin }: MaskCanvasPlace): string {
  const { frameSeconds, firstBinHz, binHz, frames, bins } = edit.kept.scale;
  const [column, row] = [Math.round(frame), Math.round(bin)];
  const hz = firstBinHz + row * binHz;
  const inside = column >= 0 && column < frames && row >= 0 && row < bins && edit.kept.has(column);
  const where = { time: clock(frame * frameSeconds, 2), hz: shortHz(hz), note: noteName(hz) };
  if (!inside) return texts.t('paint.place', where);
  const mask = (cell: number) => (cell / 65535).toFixed(2);
  return texts.t('paint.cell', {
    ...where,
    level: Math.round(-100 * (1 - edit.kept.levels(column)[row] / 255)),
    mask: mask(edit.row(column)[row]),
    network: mask(edit.kept.row(column)[row]),
  });
}

/** Moves the playhead over the board, and turns the page when it leaves it. */
function followPlayhead(
  scope: Scope,
  { song: { player } }: LearningContext,
  board: MaskCanvas,
  show: (change: { from: number }) => void,
): void {
  let asked = false;
  const tick = () => {
    asked = false;
    const { position } = player;
    const { from, seconds } = board.view;
    if (player.playing && position >= from + seconds && position < from + 2 * seconds)
      show({ from: position - 0.02 * seconds });
    board.playhead(position);
    if (player.playing) wake();
  };
  const wake = () => {
    if (asked || scope.disposed) return;
    asked = true;
    scope.frame(tick);
  };
  scope.add(player.on('state', wake));
  scope.add(
    player.on('seek', (seconds) => {
      const { view } = board;
      if (seconds < view.from || seconds > view.from + view.seconds) show({ from: seconds - view.seconds / 3 });
      wake();
    }),
  );
  wake();
}

/** What is heard: from here on the vocals, as long as the section is open. */
function listenChoice(scope: Scope, { texts, song: { player } }: LearningContext): HTMLElement {
  const hear = (mode: keyof typeof PRESETS) => player.setMix(PRESETS[mode].vocals, PRESETS[mode].accompaniment);
  const { mix } = player;
  scope.add(() => player.setMix(mix.vocals, mix.accompaniment));
  hear('vocals');
  return choiceField<keyof typeof PRESETS>(
    scope,
    texts,
    {
      name: 'paint-hear',
      label: 'paint.hear',
      options: {
        vocals: 'paint.hear.vocals',
        accompaniment: 'paint.hear.accompaniment',
        original: 'paint.hear.original',
      },
      value: 'vocals',
    },
    hear,
  );
}
