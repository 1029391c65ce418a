import { hertz } from '../../core/format.ts';
import { oncePerFrame, type Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { buildGraph } from '../../model/graph/build-graph.ts';
import { type LayerSummary, networkLayers, networkTotals } from '../../model/graph/summary.ts';
import type { ModelManifest } from '../../model/manifest.ts';
import { mainNetwork } from '../../model/manifest-facts.ts';
import { h, setText, svg } from '../shell/dom.ts';
import { type Block, type NetworkLayout, networkLayout } from './network-layout.ts';
import { networkTable } from './network-table.ts';
import { countText, layerName, layerSteps, shapeText } from './network-texts.ts';

/** What the diagram needs of a manifest. */
export type DiagrammedModel = Pick<ModelManifest, 'networks' | 'patch' | 'stft' | 'sampleRate' | 'channels'>;

/** Maximum width of the drawing, pixels: beyond it, only the lines would grow. */
const MAX_WIDTH = 640;

/**
 * A diagram of a model's U-Net, drawn from its manifest: the size of each layer's output, its cost, and the same as a
 * table. A layer is chosen by pointer or arrow keys, and described under the drawing.
 *
 * @example
 * const diagram = new NetworkDiagram(scope, i18n);
 * diagram.show(manifest);
 */
export class NetworkDiagram {
  readonly element: HTMLElement;
  readonly #i18n: I18n;
  readonly #onChoose: ((index: number) => void) | undefined;
  readonly #stage = h('div', { class: 'network-stage' });
  readonly #totals = h('p', { class: 'network-totals' });
  readonly #sound = h('p', { class: 'network-sound' });
  readonly #reading = h('div', { class: 'network-reading', 'aria-live': 'polite' });
  readonly #table = h('div', { class: 'table' });
  readonly #tableTitle = h('summary');
  readonly #legend = h('ul', { class: 'network-legend', 'aria-hidden': 'true' });
  readonly #none = h('p', { class: 'network-none' });
  readonly #whole: HTMLElement;
  #model: DiagrammedModel | undefined;
  #layers: readonly LayerSummary[] = [];
  #chosen = 0;
  #width = 0;

  /** @param onChoose Called with the index of the layer that a person chose. */
  constructor(scope: Scope, i18n: I18n, onChoose?: (index: number) => void) {
    this.#i18n = i18n;
    this.#onChoose = onChoose;
    this.#whole = h(
      'div',
      { class: 'network-whole' },
      this.#totals,
      this.#sound,
      this.#stage,
      this.#legend,
      this.#reading,
      h('details', { class: 'network-table' }, this.#tableTitle, this.#table),
    );
    this.element = h('div', { class: 'network' }, this.#none, this.#whole);
    const redraw = oncePerFrame(scope, () => this.#draw());
    scope.observeResize(this.#stage, ({ contentRect }) => {
      const width = Math.min(MAX_WIDTH, Math.floor(contentRect.width));
      if (width === this.#width) return;
      this.#width = width;
      redraw();
    });
    scope.listen(this.#stage, 'click', (event) => this.#point(event));
    scope.listen(this.#stage, 'keydown', (event) => this.#key(event));
    i18n.bind(scope, () => this.#say());
  }

  /** Draws a model; undefined: there is none. */
  show(model: DiagrammedModel | undefined): void {
    this.#model = model;
    this.#layers = model ? networkLayers(buildGraph(mainNetwork(model)[1]), model.patch) : [];
    this.#chosen = 0;
    this.#say();
  }

  #say(): void {
    const { t, language } = { t: this.#i18n.t.bind(this.#i18n), language: this.#i18n.language };
    const model = this.#model;
    this.#none.hidden = model !== undefined;
    this.#whole.hidden = model === undefined;
    setText(this.#none, t('network.none'));
    if (!model) return;
    const { parameters, multiplyAdds } = networkTotals(this.#layers);
    const { stft, patch, sampleRate, channels } = model;
    const hz = (bin: number) => hertz((bin * sampleRate) / stft.fftSize);
    setText(
      this.#totals,
      t('network.totals', {
        parameters: countText(parameters, language),
        multiplyAdds: countText(multiplyAdds, language),
        seconds: ((patch.frames * stft.hop) / sampleRate).toFixed(1),
      }),
    );
    setText(
      this.#sound,
      t('network.input.sound', {
        channels: t(channels === 1 ? 'song.mono' : 'song.stereo'),
        rate: sampleRate / 1000,
        window: stft.windowLength,
        hop: stft.hop,
        frames: patch.frames,
        bins: patch.bins,
        low: hz(patch.firstBin),
        high: hz(patch.firstBin + patch.bins - 1),
      }),
    );
    setText(this.#tableTitle, t('network.table'));
    this.#table.replaceChildren(networkTable(this.#i18n, this.#layers));
    this.#legend.replaceChildren(
      h('li', { class: 'down' }, t('network.legendDown')),
      h('li', { class: 'up' }, t('network.legendUp')),
      ...(this.#layers.at(-1)?.part === 'output' ? [h('li', { class: 'same' }, t('network.legendSame'))] : []),
      h('li', { class: 'across' }, t('network.legendSkip')),
      h('li', { class: 'shape' }, t('network.legendShape')),
    );
    this.#draw();
  }

  #draw(): void {
    const model = this.#model;
    if (!model || this.#width < 40) return;
    const focused = this.#stage.contains(document.activeElement);
    const layout = networkLayout(this.#layers, this.#width);
    const { width, height } = layout;
    const depth = this.#layers.filter(({ part }) => part === 'encoder').length;
    const drawing = svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, class: 'network-svg' });
    drawing.setAttribute('role', 'group');
    drawing.setAttribute(
      'aria-label',
      [
        this.#i18n.t('network.alt', { depth, skips: depth - 1 }),
        ...(this.#layers.at(-1)?.part === 'output' ? [this.#i18n.t('network.altOutput')] : []),
        this.#i18n.t('network.altTable'),
      ].join(' '),
    );
    drawing.append(arrowHeads(), ...lines(layout), this.#group(layout.blocks, model));
    this.#stage.replaceChildren(drawing);
    this.#choose(this.#chosen, focused);
  }

  /** The blocks of the input and of each layer; one layer is chosen. */
  #group(blocks: readonly Block[], model: DiagrammedModel): SVGGElement {
    const t = this.#i18n.t.bind(this.#i18n);
    const [target, network] = mainNetwork(model);
    const stem = target === 'vocals' ? 'vocals' : 'accompaniment';
    const output = network.output === 'magnitude' ? 'magnitude' : 'mask';
    const group = svg('g', { role: 'radiogroup', 'aria-label': t('network.layers') });
    for (const { box, joined, label, cell, layer, shape } of blocks) {
      const last = layer && layer === this.#layers.at(-1);
      const kind = layer ? (last ? `output ${stem}` : layer.part) : 'input';
      const item = svg('g', { class: `block ${kind}` });
      if (layer) {
        item.dataset.layer = String(this.#layers.indexOf(layer));
        item.setAttribute('role', 'radio');
        item.setAttribute('aria-label', `${layerName(this.#i18n, layer)}: ${shapeText(layer.output)}`);
        item.append(svg('rect', { class: 'cell', ...cell, rx: 10 }));
      }
      item.append(svg('rect', { class: 'body', ...box, rx: 2.5 }));
      if (joined) item.append(svg('rect', { class: 'joined', ...joined, rx: 2.5 }));
      const text = svg('text', { ...label, 'text-anchor': 'middle' });
      text.textContent = shapeText(shape);
      item.append(text);
      const title = layer ? (last ? t(`network.output.${output}.${stem}`) : '') : t('network.input');
      if (title) {
        const above = svg('text', { class: 'title', x: label.x, y: box.y - 7, 'text-anchor': 'middle' });
        above.textContent = title;
        item.append(above);
      }
      group.append(item);
    }
    return group;
  }

  #choose(index: number, focus: boolean): void {
    this.#chosen = index;
    for (const item of this.#stage.querySelectorAll<SVGGElement>('[data-layer]')) {
      const chosen = item.dataset.layer === String(index);
      item.setAttribute('aria-checked', String(chosen));
      item.setAttribute('tabindex', chosen ? '0' : '-1');
      if (chosen && focus) item.focus();
    }
    this.#read(this.#layers[index]);
  }

  #read(layer: LayerSummary): void {
    const model = this.#model;
    if (!model) return;
    const t = this.#i18n.t.bind(this.#i18n);
    const { language } = this.#i18n;
    const totals = networkTotals(this.#layers);
    const share = (part: number, whole: number) => ((100 * part) / whole).toFixed(1);
    const lines = [
      `${shapeText(layer.input)} → ${shapeText(layer.output)}`,
      layerSteps(this.#i18n, layer),
      t('network.cost', {
        parameters: layer.parameters.toLocaleString(language),
        parameterShare: share(layer.parameters, totals.parameters),
        multiplyAdds: countText(layer.multiplyAdds, language),
        addShare: share(layer.multiplyAdds, totals.multiplyAdds),
      }),
    ];
    if (layer.skip) {
      const { from, channels } = layer.skip;
      lines.push(t('network.skip', { inner: layer.input.channels - channels, skipped: channels, n: from + 1 }));
    }
    this.#reading.replaceChildren(h('h4', {}, layerName(this.#i18n, layer)), ...lines.map((line) => h('p', {}, line)));
  }

  #point(event: MouseEvent): void {
    const item = (event.target as Element).closest<SVGGElement>('[data-layer]');
    if (!item) return;
    this.#choose(Number(item.dataset.layer), true);
    this.#onChoose?.(this.#chosen);
  }

  #key(event: KeyboardEvent): void {
    const last = this.#layers.length - 1;
    const to: Readonly<Record<string, number>> = {
      ArrowDown: this.#chosen + 1,
      ArrowRight: this.#chosen + 1,
      ArrowUp: this.#chosen - 1,
      ArrowLeft: this.#chosen - 1,
      Home: 0,
      End: last,
      ' ': this.#chosen,
    };
    const index = to[event.key];
    if (index === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    // Otherwise the page's own keys would move the song.
    event.preventDefault();
    this.#choose(Math.min(last, Math.max(0, index)), true);
    this.#onChoose?.(this.#chosen);
  }
}

function arrowHeads(): SVGDefsElement {
  const defs = svg('defs');
  for (const kind of ['down', 'up', 'same', 'skip']) {
    const marker = svg('marker', {
      id: `arrow-${kind}`,
      class: `head ${kind}`,
      viewBox: '0 0 8 8',
      refX: 6,
      refY: 4,
      markerWidth: 6,
      markerHeight: 6,
      orient: 'auto',
    });
    marker.append(svg('path', { d: 'M0 0.5 L7 4 L0 7.5 z' }));
    defs.append(marker);
  }
  return defs;
}

function lines({ edges }: NetworkLayout): readonly SVGPathElement[] {
  return edges.map(({ kind, from: [x1, y1], to: [x2, y2] }) => {
    // The line bends where the U turns.
    const bend = kind === 'down' ? `Q${x1} ${y2} ` : kind === 'up' ? `Q${x2} ${y1} ` : 'L';
    const path = x1 === x2 || kind === 'skip' ? `M${x1} ${y1} L${x2} ${y2}` : `M${x1} ${y1} ${bend}${x2} ${y2}`;
    return svg('path', { class: `edge ${kind}`, d: path, 'marker-end': `url(#arrow-${kind})` });
  });
}
