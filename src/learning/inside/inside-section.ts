import './inside.css';
import { clock } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import { mainNetwork } from '../../model/manifest.ts';
import { NetworkDiagram } from '../../ui/models/network-diagram.ts';
import { h, setText } from '../../ui/shell/dom.ts';
import type { LearningContext } from '../context.ts';
import { trueVocals } from '../demo-stems.ts';
import { sectionBody, sectionPart } from '../section-layout.ts';
import { wholeStorage } from '../whole-storage.ts';
import { bindState } from '../widgets/bind-state.ts';
import { textButton } from '../widgets/buttons.ts';
import { fieldPanel } from './field-panel.ts';
import { InsideClient } from './inside-client.ts';
import { InsideState } from './inside-state.ts';
import { MapGrid } from './map-grid.ts';
import { skipPanel } from './skip-panel.ts';

/** Inside the U-Net: its layers, their feature maps, its skip connections, and the receptive field of a cell. */
export function mount(scope: Scope, context: LearningContext): HTMLElement {
  const { texts, song, notices } = context;
  const client = new InsideClient();
  scope.add(() => client.dispose());
  const state = new InsideState(scope, {
    wholeManifest: context.wholeManifest,
    store: wholeStorage(song.store),
    player: song.player,
    engine: client,
    engineOptions: {
      model: song.model,
      modelsUrl: new URL('./models/', document.baseURI).href,
      backend: new URLSearchParams(location.search).get('backend') ?? undefined,
    },
    truth: () => trueVocals(context),
    onError: (error) => notices.thrown(error),
  });
  const isSpleeter = mainNetwork(state.manifest)[1].family === 'spleeter';
  const aboutNetwork = isSpleeter ? (['inside.spleeter', 'inside.spleeterHere'] as const) : (['inside.p3'] as const);
  const itsSource = isSpleeter ? (['hennequin'] as const) : [];
  const network = networkPanel(scope, context, state);
  const body = sectionBody(
    scope,
    texts,
    [
      sectionPart(scope, texts, { text: ['inside.p1', 'inside.p2', ...aboutNetwork], widget: network }),
      mapsPanel(scope, context, state),
      skipPanel(scope, context, state),
      fieldPanel(scope, texts, state),
    ],
    ['jansson', ...itsSource, 'ronneberger', 'luo'],
  );
  void state.open();
  return body;
}

function networkPanel(scope: Scope, { texts, i18n }: LearningContext, state: InsideState): HTMLElement {
  const diagram = new NetworkDiagram(scope, i18n, (layer) => void state.chooseLayer(layer));
  diagram.show(state.manifest);
  const excerpt = h('p', { class: 'learn-reading' });
  const status = h('p', { class: 'learn-reading', role: 'status' });
  const here = textButton(scope, texts, {
    id: 'inside-here',
    label: 'learn.excerptHere',
    onClick: () => void state.takeExcerpt(),
  });
  bindState(scope, texts, state, () => {
    const { patchStart: start } = state;
    setText(status, state.status === 'ready' ? '' : texts.t(`inside.${state.status}`));
    if (start === undefined) return;
    setText(excerpt, texts.t('learn.excerpt', { from: clock(start), to: clock(start + state.seconds) }));
  });
  const tools = h('div', { class: 'learn-tools' }, here, excerpt, status);
  return h('div', { class: 'card learn-panel' }, tools, diagram.element);
}

function mapsPanel(scope: Scope, { texts }: LearningContext, state: InsideState): HTMLElement {
  const grid = new MapGrid(scope, texts);
  scope.add(
    state.on('maps', () => {
      if (!state.maps) return;
      const { layer, maps } = state.maps;
      grid.show(layer, maps);
      grid.element.dataset.layer = layer;
    }),
  );
  const panel = h('div', { class: 'card learn-panel' }, grid.element);
  return sectionPart(scope, texts, { title: 'inside.mapsTitle', text: ['inside.mapsText'], widget: panel });
}
