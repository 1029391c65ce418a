import './inside.css';
import { clock, signed } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { buildGraph } from '../../model/graph/build-graph.ts';
import { type LayerSummary, networkLayers } from '../../model/graph/summary.ts';
import { mainNetwork } from '../../model/manifest.ts';
import { NetworkDiagram } from '../../ui/models/network-diagram.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import { viridis } from '../../ui/spectrogram/colour-maps.ts';
import { frequencyAxis } from '../../ui/spectrogram/frequency-axis.ts';
import type { LearningContext } from '../context.ts';
import { trueVocals } from '../demo-stems.ts';
import { excerptAt, excerptStart } from '../excerpt.ts';
import { sourceList } from '../sources.ts';
import { ClipPlayer } from '../widgets/clip-player.ts';
import { paragraphs, subheading, textButton } from '../widgets/fields.ts';
import { listenBar } from '../widgets/listen-bar.ts';
import { type Cells, SpectrogramCanvas } from '../widgets/spectrogram-canvas.ts';
import { SpectrogramLink } from '../widgets/spectrogram-link.ts';
import type { FieldOfView, InsidePatch } from './inside.ts';
import { InsideClient } from './inside-client.ts';
import { inspectedManifest } from './inspected.ts';
import { MapGrid } from './map-grid.ts';
import { fieldBytes, levelBytes, receptiveFieldMap } from './receptive-field-picture.ts';

const CLIPS = ['whole', 'cut'] as const;

/** Section 4: the layers, what each makes of the patch at the playhead, the skip connections, and what a cell looks at. */
export function mount(scope: Scope, context: LearningContext): HTMLElement {
  const { texts, i18n, song, notices } = context;
  const manifest = inspectedManifest(context.wholeManifest);
  const [, network] = mainNetwork(manifest);
  const { original, whole, totalSamples } = song.store;
  const isSpleeter = network.family === 'spleeter';
  const own = isSpleeter ? (['inside.spleeter', 'inside.spleeterHere'] as const) : (['inside.p3'] as const);
  const intro = paragraphs(scope, texts, 'inside.p1', 'inside.p2', ...own);
  const sources = sourceList(
    scope,
    texts,
    'jansson',
    ...(isSpleeter ? (['hennequin'] as const) : []),
    'ronneberger',
    'luo',
  );
  if (!whole) return h('div', { class: 'learn-body' }, intro, sources, paragraphs(scope, texts, 'inside.tooLong'));

  const client = new InsideClient();
  scope.add(() => client.dispose());
  const layers = networkLayers(buildGraph(network), manifest.patch);
  const { frames, bins, firstBin } = manifest.patch;
  const frameSeconds = manifest.stft.hop / manifest.sampleRate;
  const binHz = manifest.sampleRate / manifest.stft.fftSize;
  const { sampleRate } = original;
  const seconds = frames * frameSeconds;
  let layer = 0;
  let patch: InsidePatch | undefined;
  let field: FieldOfView | undefined;
  let cell = { frame: frames >> 1, bin: bins >> 2 };
  const cut = new Set<number>();

  const status = h('p', { class: 'learn-reading inside-status', role: 'status' });
  let sentence = () => texts.t('inside.loading');
  const say = (next: () => string) => {
    sentence = next;
    setText(status, sentence());
  };
  const shown = h('p', { class: 'learn-reading' });
  const panel = h('div', { class: 'learn-body', 'data-state': 'waiting' });

  const picture = new NetworkDiagram(scope, i18n, (index) => {
    layer = index;
    void showMaps();
  });
  const grid = new MapGrid(scope, texts);
  const link = new SpectrogramLink(seconds);
  const maskPicture = new SpectrogramCanvas(scope, link);
  const inputPicture = new SpectrogramCanvas(scope, link);
  const clips = new ClipPlayer(scope, sampleRate, () => song.player.pause());
  const effect = h('p', { class: 'learn-reading', id: 'inside-effect', role: 'status' });
  let effectSentence = () => texts.t('inside.noEffect');
  const fieldText = h('p', { class: 'learn-reading', id: 'inside-field', role: 'status' });

  /** One question after the other: the worker has one network. */
  let queue: Promise<unknown> = Promise.resolve();
  const ask = (what: () => Promise<void>): Promise<void> => {
    const next = queue.then(async () => {
      if (scope.disposed) return;
      panel.dataset.state = 'computing';
      say(() => texts.t('inside.computing'));
      try {
        await what();
        say(() => '');
      } catch (error) {
        if (!scope.disposed) notices.thrown(error);
        say(() => '');
      }
      panel.dataset.state = 'ready';
    });
    queue = next;
    return next;
  };

  let begin = excerptStart(song.player);
  const take = () =>
    ask(async () => {
      const piece = excerptAt(totalSamples, sampleRate, begin, seconds);
      begin = piece.start / sampleRate;
      const slice = (channels: readonly Float32Array[]) => ({
        sampleRate,
        channels: channels.map((channel) => channel.slice(piece.start, piece.end)),
      });
      const truth = await trueVocals(context);
      patch = await client.take(slice(original.channels), truth && slice(truth.channels));
      field = undefined;
      clips.clear();
      link.reset(seconds, begin);
      panel.dataset.taken = String(begin);
      showPictures(patch.mask);
      sayPiece();
    }).then(async () => {
      await showMaps();
      if (cut.size > 0) await hear();
    });

  const showMaps = () =>
    ask(async () => {
      const maps = await client.ask.featureMaps(layers[layer].name, [...cut]);
      if (!scope.disposed) grid.show(maps);
      grid.element.dataset.layer = layers[layer].name;
    });

  const hear = () =>
    ask(async () => {
      const result = await client.ask.cut([...cut]);
      clips.put('whole', result.whole);
      clips.put('cut', result.vocals);
      showPictures(result.mask);
      const { maskChange, sdr } = result;
      effect.dataset.maskChange = String(maskChange);
      effectSentence = () => {
        const change = texts.t('inside.effect', { cut: cut.size, change: maskChange.toFixed(3) });
        if (!sdr) return change;
        const decibels = { whole: signed(sdr.whole, 1), cut: signed(sdr.cut, 1) };
        return `${change} ${texts.t('inside.effectSdr', decibels)}`;
      };
      setText(effect, effectSentence());
    });

  const look = () =>
    ask(async () => {
      const mine = { ...cell };
      field = await client.ask.field(mine.frame, mine.bin, [...cut]);
      showField();
    });

  const cells = (values: Uint8Array): Cells => ({
    frames,
    bins,
    values,
    firstBinHz: firstBin * binHz,
    binHz,
    frameSeconds,
  });
  const axis = frequencyAxis('mel', (firstBin + bins) * binHz);
  let levels = new Uint8Array(frames * bins);
  const showPictures = (mask: Float32Array) => {
    if (!patch) return;
    levels = Uint8Array.from(levelBytes(patch.magnitudes));
    maskPicture.show(cells(Uint8Array.from(mask, (value) => Math.round(255 * value))), viridis, axis);
    showField();
  };
  const showField = () => {
    inputPicture.show(
      cells(field ? fieldBytes(levels, field) : levels.map((level) => level >> 1)),
      receptiveFieldMap,
      axis,
    );
    fieldText.dataset.frames = String(field?.strong.frames ?? '');
    sayField();
  };
  const place = () => ({
    time: clock(begin + cell.frame * frameSeconds, 2),
    hz: Math.round((firstBin + cell.bin) * binHz),
  });
  const sayField = () => {
    if (!field) return setText(fieldText, texts.t('inside.choose'));
    const { strong, any } = field;
    setText(
      fieldText,
      texts.t('inside.field', {
        ...place(),
        frames: strong.frames,
        seconds: (strong.frames * frameSeconds).toFixed(1),
        bins: strong.bins,
        anyFrames: any.frames,
        anyBins: any.bins,
      }),
    );
  };
  const sayPiece = () =>
    setText(shown, patch ? texts.t('learn.pieceShown', { from: clock(begin), to: clock(begin + seconds) }) : '');

  const choose = () => {
    const { cursor } = link;
    const chosen = cursor && maskPicture.cellAt(cursor.seconds, cursor.hz);
    if (!chosen) return;
    cell = chosen;
    void look();
  };
  scope.listen(maskPicture.canvas, 'click', choose);
  scope.listen(maskPicture.canvas, 'keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    choose();
  });

  const listen = listenBar(scope, context, {
    id: 'inside-hear',
    label: 'inside.hear',
    clips: CLIPS,
    text: (name) => `inside.hear.${name}`,
    player: clips,
  });
  const here = textButton(scope, texts, 'inside-here', 'learn.pieceHere', () => {
    begin = song.player.position;
    void take();
  });
  const middle = textButton(scope, texts, 'inside-look', 'inside.look', () => void look());

  texts.bind(scope, () => {
    setText(status, sentence());
    setText(effect, effectSentence());
    sayField();
    sayPiece();
    maskPicture.describe(texts.t('inside.maskCaption'), texts.t('inside.maskAlt'));
    inputPicture.describe(texts.t('inside.inputCaption'), texts.t('inside.inputAlt'));
  });
  picture.show(manifest);
  panel.append(
    h(
      'section',
      { class: 'card learn-panel' },
      h('div', { class: 'learn-tools' }, here, shown),
      status,
      picture.element,
    ),
    h(
      'section',
      { class: 'card learn-panel' },
      subheading(scope, texts, 'inside.mapsTitle'),
      paragraphs(scope, texts, 'inside.mapsText'),
      grid.element,
    ),
    h(
      'section',
      { class: 'card learn-panel' },
      subheading(scope, texts, 'inside.skipsTitle'),
      paragraphs(scope, texts, 'inside.skipsText'),
      skipSwitches(scope, texts, layers, cut, () => void hear().then(showMaps)),
      listen.element,
      effect,
    ),
    h(
      'section',
      { class: 'card learn-panel' },
      subheading(scope, texts, 'inside.fieldTitle'),
      paragraphs(scope, texts, 'inside.fieldText'),
      h('div', { class: 'learn-row' }, maskPicture.element, inputPicture.element),
      middle,
      fieldText,
    ),
  );

  const backend = new URLSearchParams(location.search).get('backend') ?? undefined;
  const modelsUrl = new URL('./models/', document.baseURI).href;
  void ask(async () => {
    say(() => texts.t('inside.loading'));
    await client.open({ model: song.model, modelsUrl, backend });
  }).then(take);
  return h('div', { class: 'learn-body' }, intro, sources, panel);
}

/** A switch for each skip connection, the widest picture first. */
function skipSwitches(
  scope: Scope,
  texts: LearningContext['texts'],
  layers: readonly LayerSummary[],
  cut: Set<number>,
  onChange: () => void,
): HTMLElement {
  const group = h('fieldset', { class: 'learn-choices inside-skips' });
  const legend = h('legend', { class: 'visually-hidden' });
  group.append(legend);
  const encoder = layers.filter(({ part }) => part === 'encoder');
  // The deepest has none: it goes down the U and up again.
  for (const { index, output } of encoder.slice(0, -1)) {
    const input = h('input', { type: 'checkbox', id: `inside-skip-${index}`, checked: true });
    const text = h('span');
    group.append(h('label', {}, input, text));
    scope.listen(input, 'change', () => {
      if (input.checked) cut.delete(index);
      else cut.add(index);
      onChange();
    });
    texts.bind(scope, () =>
      setText(text, texts.t('inside.skip', { n: index + 1, bins: output.bins, frames: output.frames })),
    );
  }
  texts.bind(scope, () => setText(legend, texts.t('inside.skipsTitle')));
  return group;
}
